"""Tables of uptake by bydel and year as they would be published, from a few numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import release
from nyefamilier.uptake.cutting import Cell, Counts, cut, summed
from nyefamilier.uptake.indicators import BydelUptake
from nyefamilier.uptake.sheets import CITY_ONLY, Sheet, Shown
from nyefamilier.uptake.tabulations import BY_ID

UPTAKE = BY_ID["uptake"]


@dataclass(frozen=True)
class Tally:
    """What was counted in a year in a bydel, or of protected families."""

    year: int
    bydel: BydelNumber | None
    leaves: dict[str, int]


def tally(
    bydel: str | None,
    answers: tuple[int, int, int, int],
    not_offered: int = 0,
    reached: int | None = None,
    year: int = 2016,
) -> Tally:
    """A line; *answers* are ja, nei, senere, ubesvart; all are reached unless it is said."""
    eligible = sum(answers) + not_offered
    seen = eligible if reached is None else reached
    values = (not_offered, *answers, seen, eligible - seen)
    leaves = dict(zip(UPTAKE.leaves, values, strict=True))
    return Tally(year, None if bydel is None else BydelNumber(bydel), leaves)


def counts_of(tallies: Iterable[Tally]) -> Counts:
    """All counts of a year's sheet."""
    leaves = {
        Cell(one.bydel or CITY_ONLY, code): value
        for one in tallies
        for code, value in one.leaves.items()
    }
    return summed(UPTAKE, leaves, [])


def hidden_of(counts: Counts) -> frozenset[Cell]:
    """What is hidden of a sheet."""
    return cut(UPTAKE, counts)


def sheet_of(year: int, tallies: list[Tally]) -> Sheet:
    """The sheet of a year."""
    counts = counts_of(tallies)
    hidden = hidden_of(counts)
    lines: dict[str, dict[str, Shown]] = {}
    for cell, count in counts.items():
        lines.setdefault(cell.line, {})[cell.column] = Shown(None if cell in hidden else count)
    return Sheet("uptake", year, None, date(2026, 11, 23), 1, lines)


def published(tallies: list[Tally], bydeler: Iterable[BydelNumber]) -> list[BydelUptake]:
    """The lines that are published of some years."""
    years = sorted({one.year for one in tallies}) or [2016]
    sheets = [sheet_of(year, [one for one in tallies if one.year == year]) for year in years]
    return release.published(sheets, bydeler)
