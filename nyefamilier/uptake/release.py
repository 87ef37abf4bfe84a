"""What of the counted may be published: the table of a period with its small numbers hidden.

A year's table is made once, whole, and every answer is cut from it. A longer period is the sum of
its years and shows only what each of them shows, so no two answers can be subtracted into a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import BydelUptake, Column, Share, wilson
from nyefamilier.uptake.suppression import Flow, hidden_cells, is_small

SMALLEST_DENOMINATOR = 10
"""No share of fewer families than this: its interval would say next to nothing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the database counted: families identified in one year in one bydel.

    ``bydel`` is None for families whose address is protected: counted in the city only.
    """

    year: int
    bydel: BydelNumber | None
    eligible: int
    offered: int
    accepted: int
    declined: int
    later: int
    reached: int


class Line(NamedTuple):
    """A line of a year's table: a bydel, the protected families (never shown), or the city."""

    kind: str
    bydel: BydelNumber | None = None


class Cell(NamedTuple):
    """One count of a year's table."""

    line: Line
    column: Column


CITY = Line("city")
PROTECTED = Line("protected")

Counts: TypeAlias = dict[Cell, int]
Shown: TypeAlias = Mapping[Cell, int | None]

# What it costs a reader to miss a column. Uptake and reach are what the table is for.
_WORTH = {
    Column.ELIGIBLE: 40,
    Column.OFFERED: 30,
    Column.ACCEPTED: 20,
    Column.REACHED: 20,
    Column.DECLINED: 3,
    Column.NOT_OFFERED: 2,
    Column.NOT_REACHED: 2,
    Column.LATER: 1,
    Column.UNANSWERED: 1,
}
_CITY_WORTH = 1000
_VALUE_SCALE = 1000

_ANSWERS = (Column.ACCEPTED, Column.DECLINED, Column.LATER, Column.UNANSWERED)
_SUMS = (
    (Column.ACCEPTED, Column.DECLINED, Column.LATER),  # answered
    (Column.DECLINED, Column.LATER, Column.UNANSWERED),  # offered and not accepted
)


def published(tallies: Sequence[Tally], bydeler: Iterable[BydelNumber]) -> list[BydelUptake]:
    """The lines of *bydeler*, and last the city's, over all years of *tallies*."""
    years = sorted({tally.year for tally in tallies})
    tables = [_shown([tally for tally in tallies if tally.year == year]) for year in years]
    lines = [Line("bydel", bydel) for bydel in bydeler] + [CITY]
    return [_uptake(line, _over_years(line, tables)) for line in lines]


def counts_of(tallies: Iterable[Tally]) -> Counts:
    """All counts of one year's table, the city's line included."""
    counts: Counts = {}
    for tally in tallies:
        line = PROTECTED if tally.bydel is None else Line("bydel", tally.bydel)
        for column, value in _columns(tally).items():
            counts[Cell(line, column)] = value
            city = Cell(CITY, column)
            counts[city] = counts.get(city, 0) + value
    return counts


def hidden_of(counts: Counts) -> frozenset[Cell]:
    """The cells of one year's table that must not be shown."""
    lines = dict.fromkeys(cell.line for cell in counts)
    flows = [_flow(cell, value) for cell, value in counts.items()]
    sums = [tuple(Cell(line, column) for column in part) for line in lines for part in _SUMS]
    return hidden_cells(flows, sums)


def _shown(tallies: Sequence[Tally]) -> Shown:
    counts = counts_of(tallies)
    hidden = hidden_of(counts)
    return {cell: None if cell in hidden else value for cell, value in counts.items()}


def _columns(tally: Tally) -> dict[Column, int]:
    answered = tally.accepted + tally.declined + tally.later
    return {
        Column.ELIGIBLE: tally.eligible,
        Column.NOT_OFFERED: tally.eligible - tally.offered,
        Column.OFFERED: tally.offered,
        Column.ACCEPTED: tally.accepted,
        Column.DECLINED: tally.declined,
        Column.LATER: tally.later,
        Column.UNANSWERED: tally.offered - answered,
        Column.REACHED: tally.reached,
        Column.NOT_REACHED: tally.eligible - tally.reached,
    }


def _flow(cell: Cell, value: int) -> Flow[Cell]:
    """The count as a flow. In the city's line everything runs the other way: it is the sum."""
    tail, head = _ends(cell)
    if cell.line == CITY:
        tail, head = head, tail
    return Flow(cell, tail, head, value, _cost(cell, value), delicate=_is_delicate(cell))


def _is_delicate(cell: Cell) -> bool:
    """Whether a small count must be hidden.

    Families not yet offered are a debt of ours: their number says nothing that they did or are.
    """
    return cell.column is not Column.NOT_OFFERED


def _ends(cell: Cell) -> tuple[object, object]:
    line, column = cell
    if column is Column.ELIGIBLE:
        return (line, "reach"), (line, "offer")
    if column is Column.OFFERED:
        return (line, "offer"), (line, "answer")
    if column in _ANSWERS:
        return (line, "answer"), column
    if column is Column.NOT_OFFERED:
        return (line, "offer"), column
    return column, (line, "reach")


def _cost(cell: Cell, value: int) -> int:
    if cell.line == PROTECTED:  # never shown, so nothing is lost
        return 0
    worth = _WORTH[cell.column] * (_CITY_WORTH if cell.line == CITY else 1)
    return worth * _VALUE_SCALE + min(value, _VALUE_SCALE - 1)


def _over_years(line: Line, tables: Sequence[Shown]) -> dict[Column, int | None]:
    sums: dict[Column, int | None] = {}
    for column in Column:
        parts = [table.get(Cell(line, column), 0) for table in tables]
        known = [part for part in parts if part is not None]
        sums[column] = sum(known) if len(known) == len(parts) else None
    return sums


def _uptake(line: Line, count: Mapping[Column, int | None]) -> BydelUptake:
    offered, unanswered = count[Column.OFFERED], count[Column.UNANSWERED]
    return BydelUptake(
        bydel=line.bydel,
        eligible=count[Column.ELIGIBLE],
        offered=offered,
        answered=None if offered is None or unanswered is None else offered - unanswered,
        accepted=count[Column.ACCEPTED],
        declined=count[Column.DECLINED],
        later=count[Column.LATER],
        unanswered=unanswered,
        reached=count[Column.REACHED],
        uptake=_share(count[Column.ACCEPTED], offered),
        reach=_share(count[Column.REACHED], count[Column.ELIGIBLE]),
    )


def _share(part: int | None, whole: int | None) -> Share | None:
    if part is None or whole is None or whole < SMALLEST_DENOMINATOR:
        return None
    if is_small(part) or is_small(whole - part):
        return None
    return wilson(part, whole)
