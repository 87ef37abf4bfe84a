"""How many families each bydel comes to know each year, and when: births, rollout, a slow start.

Counts follow the estimates of first births and the years' births. A new bydel does not find
everybody at once. Within a year the families are spread evenly, so a figure is reached by
arithmetic and not by luck; the seed decides who they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from nyefamilier.bydeler.service import rollout
from nyefamilier.demo import reference
from nyefamilier.kernel.ids import BydelNumber

ESTIMATED_FOR = 8407
"""The city's births in the year that the estimates of first births are scaled to (2022)."""
FOUND = (0.88, 0.96)
"""The share of its families that a bydel comes to know in its first year and its second; after
them, all. An assumption."""
NFP_FAMILIES = 12
"""Families a year in each bydel of NFP: half a nurse's, who has at most 25. An assumption."""
UNADMINISTERED = {BydelNumber("16"): BydelNumber("04"), BydelNumber("17"): BydelNumber("08")}
"""Sentrum and Marka, and the bydel whose nurses serve them."""


OURS = "nye_familier"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The families that one bydel comes to know for one programme in one year."""

    year: int
    bydel: BydelNumber
    programme: str

    def __str__(self) -> str:
        return f"{self.bydel}/{self.programme}/{self.year}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A family becomes known: the ``number``-th of its cell, counted from 0."""

    cell: Cell
    number: int
    on: date


def cells(until: date) -> list[Cell]:
    """Every bydel's years in each programme, until the year of a day."""
    return [
        Cell(year, bydel, programme)
        for programme in (OURS, "nfp")
        for bydel, begun in sorted(starts(programme).items())
        for year in range(begun.year, until.year + 1)
    ]


@cache
def first_births() -> dict[BydelNumber, int]:
    """First births a year in each bydel, estimated."""
    return {row.bydel: row.first_births_per_year for row in reference.estimates()}


@cache
def starts(programme: str) -> dict[BydelNumber, date]:
    """The day on which each bydel got a programme; Sentrum and Marka with whom they belong to."""
    begun = {row.bydel: row.valid_from for row in rollout() if row.programme == programme}
    if programme == OURS:
        begun |= {area: begun[served_by] for area, served_by in UNADMINISTERED.items()}
    return begun


def arrivals(cell: Cell, until: date, rng: Random) -> Iterator[Arrival]:
    """The families that a bydel comes to know in a year, until and including a day."""
    begun = starts(cell.programme)[cell.bydel]
    first = max(begun, date(cell.year, 1, 1))
    days = (date(cell.year + 1, 1, 1) - first).days
    count = round(_a_year(cell, begun) * days / 365.25)
    for number in range(count):
        on = _weekday(first + timedelta(days=int((number + rng.random()) * days / count)))
        if on <= until:
            yield Arrival(cell, number, on)


def _weekday(day: date) -> date:
    """*day*, or a weekday beside it in the same month, so that months keep their counts."""
    late = day.weekday() - 4
    if late <= 0:
        return day
    before = day - timedelta(days=late)
    return before if before.month == day.month else day + timedelta(days=3 - late)


def _a_year(cell: Cell, begun: date) -> float:
    if cell.programme != OURS:
        return NFP_FAMILIES
    weight = first_births()[cell.bydel]
    years_in = cell.year - begun.year
    found = FOUND[years_in] if years_in < len(FOUND) else 1.0
    return weight * reference.births(cell.year) / ESTIMATED_FOR * found
