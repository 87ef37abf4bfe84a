"""The plan of 2013 to 2019 beside what happened: is the model any good?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.reading import packaged_plan, read_toml
from nyefamilier.rollout.simulating import Simulated, bands, simulate

BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure as it was, beside the band that nine in ten draws lie in."""

    first_year: int
    last_year: int
    figure: str
    actual: int
    low: float
    median: float
    high: float
    source: str

    @property
    def is_inside(self) -> bool:
        """Whether what happened lies inside the band."""
        return self.low <= self.actual <= self.high


def compared(count: int, seed: int) -> Iterator[Compared]:
    """The packaged plan of 2013 to 2019 beside every figure that is published."""
    found = simulate(read_toml(packaged_plan("history")), count, seed)
    text = (resources.files("nyefamilier.rollout") / "data" / "actual.csv").read_text("utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        first, last = int(row["first_year"]), int(row["last_year"])
        low, median, high = bands(_figure(found, row["figure"], first, last), BAND).tolist()
        actual = int(row["value"])
        yield Compared(first, last, row["figure"], actual, low, median, high, row["source"])


def _figure(found: Simulated, figure: str, first: int, last: int) -> Array:
    """Visits add up over years. Families are those with a visit, of several years those followed.

    Over several years nearly every family that is followed has a visit.
    """
    rows = [found.years.index(year) for year in range(first, last + 1)]
    if figure == "visits":
        visits: Array = found.yearly["visits"][rows].sum(axis=0)
        return visits
    if first == last:
        visited: Array = found.yearly["visited"][rows[0]]
        return visited
    families: Array = found.yearly["followed"][rows[0]].copy()
    families += found.yearly["admitted"][rows[1:]].sum(axis=0)
    return families
