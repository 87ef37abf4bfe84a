"""Small cities of counted families that change from one release to the next."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import earlier
from nyefamilier.uptake.cutting import Cell, summed
from nyefamilier.uptake.earlier import Remembered, remember
from nyefamilier.uptake.sheets import CITY_ONLY
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, By, Tabulation

MONDAY: Final = date(2026, 1, 5)
GROUPS: Final = {
    By.TERTIAL: ("t1", "t2", "t3"),
    By.BASIS: ("first", "together", "need"),
    By.LANGUAGE: ("nb", "other"),
    By.THEME: ("calm", "economy", "sleep"),
}
Place = tuple[str, BydelNumber | None]
"""A tabulation and the area that it is about."""


@dataclass(frozen=True)
class Person:
    """A counted thing: its bydel, and for each tabulation the leaves and the line it is in."""

    bydel: str
    leaves: tuple[tuple[str, tuple[str, ...]], ...]
    groups: tuple[tuple[By, str], ...]


@dataclass
class World:
    """One root tabulation of one year with all that splits it, release after release."""

    root: Tabulation
    chance: random.Random
    lines: tuple[str, ...]
    people: list[Person] = field(default_factory=list)

    @property
    def family(self) -> list[Tabulation]:
        """The root, and every tabulation that splits it, each after what it splits."""
        found = [self.root.id]
        for one in TABULATIONS:
            if one.parent is not None and one.parent.tabulation in found:
                found.append(one.id)
        return [BY_ID[one] for one in found]

    def live_on(self) -> None:
        """What is told between two releases: often nothing or little, sometimes much."""
        telling: Callable[[], None] = self.chance.choice(
            [lambda: None, self._some, self._some, self._correct, self._correct, self._many]
        )
        telling()

    def counts(self) -> dict[Place, dict[Cell, int]]:
        """Every sheet as it would be counted now."""
        found: dict[Place, Counter[Cell]] = {}
        for tabulation in self.family:
            for area in self._areas(tabulation):
                found[tabulation.id, area] = Counter(self._cells(tabulation, area))
        return {
            place: summed(BY_ID[place[0]], leaves, self._lines(BY_ID[place[0]]))
            for place, leaves in found.items()
        }

    def begin(self) -> None:
        """The first families, more in some bydeler than in others."""
        for line in self.lines:
            for _ in range(self.chance.choice([0, 2, 6, 15, 40])):
                self.people.append(self._person(line))

    def _some(self) -> None:
        for _ in range(self.chance.randint(1, 5)):
            self.people.append(self._person(self.chance.choice(self.lines)))

    def _many(self) -> None:
        line = self.chance.choice(self.lines)
        self.people += [self._person(line) for _ in range(self.chance.randint(6, 30))]

    def _correct(self) -> None:
        for _ in range(min(len(self.people), self.chance.randint(1, 4))):
            gone = self.people.pop(self.chance.randrange(len(self.people)))
            if self.chance.random() < 0.7:
                self.people.append(self._person(gone.bydel))

    def _person(self, bydel: str) -> Person:
        leaves: dict[str, tuple[str, ...]] = {}
        for tabulation in self.family:
            parent = tabulation.parent
            if parent is not None and parent.column is None:
                leaves[tabulation.id] = leaves.get(parent.tabulation, ())
            elif parent is None:
                leaves[tabulation.id] = tuple(
                    self._pick(below(tabulation, tabulation.root, split))
                    for split in tabulation.parts(tabulation.root)
                ) or (tabulation.root,)
            elif parent.column in (above := self._path(leaves, parent.tabulation)):
                same = [own for own, other in parent.same if other in above]
                others = [
                    code
                    for code in below(tabulation, tabulation.root)
                    if code not in dict(parent.same)
                ]
                leaves[tabulation.id] = (same[0] if same else self._pick(tuple(others)),)
        groups = tuple((by, self._pick(codes)) for by, codes in GROUPS.items())
        return Person(bydel, tuple(leaves.items()), groups)

    def _pick(self, codes: tuple[str, ...]) -> str:
        """One of them, the first ones more often than the last."""
        return codes[min(int(self.chance.expovariate(0.8)), len(codes) - 1)]

    @staticmethod
    def _path(leaves: dict[str, tuple[str, ...]], tabulation_id: str) -> set[str]:
        """All columns of a tabulation that somebody with these leaves is in."""
        above = {column.code: column.of for column in BY_ID[tabulation_id].columns}
        found: set[str] = set()
        for leaf in leaves.get(tabulation_id, ()):
            code: str | None = leaf
            while code is not None:
                found.add(code)
                code = above[code]
        return found

    def _areas(self, tabulation: Tabulation) -> list[BydelNumber | None]:
        if tabulation.by is By.TERTIAL:
            return [BydelNumber(line) for line in self.lines if line != CITY_ONLY]
        return [None]

    def _lines(self, tabulation: Tabulation) -> tuple[str, ...]:
        return GROUPS.get(tabulation.by, self.lines)

    def _cells(self, tabulation: Tabulation, area: BydelNumber | None) -> Iterator[Cell]:
        for person in self.people:
            if area in {None, person.bydel}:
                line = dict(person.groups).get(tabulation.by, person.bydel)
                for leaf in dict(person.leaves).get(tabulation.id, ()):
                    yield Cell(line, leaf)


def below(tabulation: Tabulation, code: str, split: str | None = None) -> tuple[str, ...]:
    """The leaves under a column, of one of its splits or of all."""
    found: list[str] = []
    for name, parts in tabulation.parts(code).items():
        if split in {None, name}:
            for part in parts:
                found += below(tabulation, part) or (part,)
    return tuple(found)


def grown(root: str, seed: int) -> World:
    """A city with its first families."""
    chance = random.Random(seed)  # noqa: S311 - a city, not a key
    lines = chance.sample(["01", "02", "03", "11"], chance.randint(1, 4))
    if chance.random() < 0.5:
        lines.append(CITY_ONLY)
    world = World(BY_ID[root], chance, tuple(lines))
    world.begin()
    return world


def released(world: World, before: dict[Place, Remembered], week: int) -> dict[Place, Remembered]:
    """One release of a city as it is now."""
    found: dict[Place, Remembered] = {}
    for place, counts in world.counts().items():
        tabulation = BY_ID[place[0]]
        parent = tabulation.parent
        above = Remembered() if parent is None else found[parent.tabulation, None]
        old = before.get(place, Remembered())
        hidden = earlier.hidden_now(tabulation, place[1], counts, above, old)
        found[place] = remember(tabulation, counts, hidden, old, MONDAY + timedelta(weeks=week))
    return found
