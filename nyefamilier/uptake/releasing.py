"""Releases figures: counts every tabulation, cuts it, and writes what has become different.

One release is one transaction, and two never run at once: a tabulation and what splits it further
are counted at one instant, and cut from one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy.orm import Session

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import Basis
from nyefamilier.uptake import archive
from nyefamilier.uptake.archive import Key
from nyefamilier.uptake.counting import counted
from nyefamilier.uptake.cutting import Cell, summed
from nyefamilier.uptake.earlier import Remembered, hidden_now, remember
from nyefamilier.uptake.patience import take_time
from nyefamilier.uptake.sheets import Behind, Sheet, Shown
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, By, Tabulation

FIRST_YEAR: Final = 2013
"""The programme's first year, in Stovner. Source: Oslo kommune, Prosjektbanken 282167."""

_FIXED: Final[Mapping[By, Sequence[str]]] = {
    By.TERTIAL: ("t1", "t2", "t3"),
    By.BASIS: tuple(Basis),
}


def release(session: Session, facts: Session, today: date, behind: Sequence[Behind]) -> int:
    """Release all figures, and say how many sheets are not what they were.

    The same facts give the same sheets, so a second release of one day finds nothing to do.

    Args:
        session: Where sheets are written.
        facts: Where facts are counted; it must see them as they are at one instant.
        today: The day of the release.
        behind: How complete the facts are, bydel by bydel, and last the city.

    Raises:
        ValueError: the counts of two tabulations, or of one, do not add up.
    """
    take_time(facts)
    found = _Release(session, facts, today)
    for tabulation in TABULATIONS:
        found.of(tabulation)
    archive.write_day(session, today, behind, [one.id for one in TABULATIONS])
    return found.written


def empty(  # noqa: PLR0913, PLR0917 - a sheet has so many members
    session: Session,
    tabulation: Tabulation,
    year: int,
    area: BydelNumber | None,
    day: date,
    behind: Sequence[Behind],
) -> Sheet:
    """The sheet of a year of which nothing has been counted, as of the day of a release."""
    lines = _zeros(tabulation.id, tuple(lines_of(session, tabulation, year)))
    return Sheet(tabulation.id, year, area, day, 0, lines, behind)


@lru_cache(maxsize=256)
def _zeros(tabulation: str, own: Sequence[str]) -> Mapping[str, Mapping[str, Shown]]:
    lines: dict[str, dict[str, Shown]] = defaultdict(dict)
    for cell, count in summed(BY_ID[tabulation], {}, own).items():
        lines[cell.line][cell.column] = Shown(count)
    return lines


def lines_of(
    session: Session, tabulation: Tabulation, year: int, counted: Iterable[str] = ()
) -> list[str]:
    """The lines of a year's sheet, the area's own aside: all that there are, empty ones too."""
    if tabulation.by is By.BYDEL:
        ends = date(year, 1, 1), date(year, 12, 31)
        return sorted({one.number for day in ends for one in bydeler(session, day)})
    return sorted({*_FIXED.get(tabulation.by, ()), *counted})


@dataclass(slots=True)
class _Release:
    """A release under way.

    Args:
        session: Where sheets are read and written.
        facts: Where facts are counted; all at one instant.
        today: Its day.
        sheets: What has been counted and cut so far.
        changed: Those that are not what they were.
    """

    session: Session
    facts: Session
    today: date
    sheets: dict[tuple[str, Key], Remembered] = field(default_factory=dict)
    changed: set[tuple[str, Key]] = field(default_factory=set)
    written: int = 0

    def of(self, tabulation: Tabulation) -> None:
        """Release all years and areas of a tabulation."""
        known = archive.remembered(self.session, tabulation.id)
        leaves = self._counted(tabulation)
        lines = {line for cells in leaves.values() for line, _ in cells}
        kept: dict[Key, Remembered] = {}
        released: dict[Key, tuple[int, Remembered]] = {}
        for key in sorted({*known, *leaves}, key=str):
            number, before = known.get(key, (0, Remembered()))
            own = lines_of(self.session, tabulation, key[0], lines)
            counts = summed(tabulation, leaves.get(key, {}), own)
            found = self._cut(tabulation, key, counts, before)
            self.sheets[tabulation.id, key] = found
            if found is before:
                continue
            self.changed.add((tabulation.id, key))
            kept[key] = found
            if found.shown != before.shown:
                released[key] = number + 1, found
        archive.write_sheets(self.session, tabulation.id, released)
        archive.write_ledger(self.session, tabulation.id, kept)
        self.written += len(released)

    def _counted(self, tabulation: Tabulation) -> dict[Key, dict[Cell, int]]:
        found: dict[Key, dict[Cell, int]] = defaultdict(dict)
        for one in counted(self.facts, tabulation, FIRST_YEAR, self.today.year, self.today):
            found[one.year, one.area][Cell(one.line, one.column)] = one.value
        return found

    def _cut(
        self, tabulation: Tabulation, key: Key, counts: Mapping[Cell, int], before: Remembered
    ) -> Remembered:
        """The sheet anew; *before* itself where neither it nor what it splits has changed."""
        above = self._above(tabulation, key)
        if counts == before.counts and above not in self.changed:
            return before
        whole = Remembered() if above is None else self.sheets[above]
        hidden = hidden_now(tabulation, key[1], counts, whole, before)
        return remember(tabulation, counts, hidden, before, self.today)

    def _above(self, tabulation: Tabulation, key: Key) -> tuple[str, Key] | None:
        """The sheet that a sheet of *tabulation* splits further."""
        if tabulation.parent is None:
            return None
        return tabulation.parent.tabulation, (key[0], None)
