"""Has a reader try: ``python -m tests.unit.uptake.attacking --sequences 10000``.

Each sequence is a small city, released some times with late data in between, of which he asks for
any sheets of any release in any order. Exit code 1: something could be told.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from nyefamilier.uptake.earlier import Remembered
from tests.unit.uptake.reader import Reader, Sum, small_changes
from tests.unit.uptake.worlds import Place, World, grown, released

ROOTS = ("uptake", "funnel", "visits", "needs")
"""What is split further; a table that is not has no more to tell than a part of these."""


@dataclass(frozen=True)
class Told:
    """What a reader could tell: hidden counts and sums, and changes of one to four."""

    hidden: list[Sum]
    changes: list[Sum]

    def __bool__(self) -> bool:
        return bool(self.hidden or self.changes)


def attack(seed: int, root: str | None = None) -> Told:
    """One sequence of requests, and what could be told by it."""
    world = grown(root or ROOTS[seed % len(ROOTS)], seed)
    readers = [Reader(_asked(world, sheets)) for sheets in _releases(world)]
    return Told([told for reader in readers for told in reader.tells()], small_changes(readers))


def _releases(world: World) -> list[dict[Place, Remembered]]:
    found: list[dict[Place, Remembered]] = []
    for week in range(world.chance.randint(1, 4)):
        if found:
            world.live_on()
        found.append(released(world, found[-1] if found else {}, week))
    return found


def _asked(world: World, sheets: dict[Place, Remembered]) -> dict[Place, Remembered]:
    """The sheets of a release that are asked for: all of them, or some."""
    if world.chance.random() < 0.5:
        return sheets
    places = world.chance.sample(list(sheets), world.chance.randint(1, len(sheets)))
    return {place: sheets[place] for place in sheets if place in places}


def main() -> None:
    """Try so many sequences, and say what could be told."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sequences", type=int, default=10_000)
    asked.add_argument("--first", type=int, default=0)
    given = asked.parse_args()
    told = {}
    for seed in range(given.first, given.first + given.sequences):
        if found := attack(seed):
            told[seed] = found
            sys.stdout.write(f"{seed}: {found}\n")
    sys.stdout.write(
        f"{given.sequences} sequences from {given.first}: {len(told)} told something\n"
    )
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
