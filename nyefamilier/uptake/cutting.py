"""Cuts a tabulation: which counts of one year and area must not be shown. Pure.

The counts are a network (`suppression`): a leaf runs from its split to its column, a column that is
split from the split that it is a part of to its own; the root closes the ring, and in the line of
the area everything runs the other way. A root that is not split goes out by its lines and comes
back by the area's. A tabulation that splits another one is cut as if its reader knew each count of
the other, the hidden ones too. Proof: docs/adr/0012.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.sheets import AREA, CITY_ONLY
from nyefamilier.uptake.suppression import Flow, can_be_told, hidden_cells, is_small
from nyefamilier.uptake.tabulations import Column, Tabulation

_AREA_WORTH: Final = 1000
_VALUE_SCALE: Final = 1000
_ZERO_WORTH: Final = 4
"""A zero is hidden for another's sake only where so many counts would be that are none."""


class Cell(NamedTuple):
    """One count of a sheet."""

    line: str
    column: str


Counts: TypeAlias = Mapping[Cell, int]


def summed(
    tabulation: Tabulation, leaves: Mapping[Cell, int], lines: Iterable[str]
) -> dict[Cell, int]:
    """Every count of a sheet, from those that are not split; what was not counted is zero.

    Args:
        tabulation: What is counted.
        leaves: The counts of columns that are not split, by line.
        lines: All lines that the sheet has, the area's own aside.

    Raises:
        ValueError: two splits of one count do not add up to the same.
    """
    counted: dict[str, dict[str, int]] = {}
    for line in dict.fromkeys([*lines, *(cell.line for cell in leaves)]):
        own = {code: leaves.get(Cell(line, code), 0) for code in tabulation.leaves}
        counted[line] = _with_sums(tabulation, own)
    area = {
        column.code: sum(line[column.code] for line in counted.values())
        for column in tabulation.columns
    }
    return {
        Cell(line, code): value
        for line, values in {AREA: area, **counted}.items()
        for code, value in values.items()
    }


def _with_sums(tabulation: Tabulation, leaves: Mapping[str, int]) -> dict[str, int]:
    found = dict(leaves)
    for column in reversed(tabulation.columns):
        splits = tabulation.parts(column.code).values()
        sums = {sum(found[part] for part in parts) for parts in splits}
        if len(sums) > 1:
            raise ValueError("the splits of a count do not add up to the same")
        if sums:
            found[column.code] = sums.pop()
    return {column.code: found[column.code] for column in tabulation.columns}


def under_hidden(
    tabulation: Tabulation,
    area: BydelNumber | None,
    counts: Counts,
    whole: Counts,
    hidden: Collection[Cell],
) -> frozenset[Cell]:
    """The counts that split what is hidden in the tabulation above; zeros are among them.

    Args:
        tabulation: What is to be cut.
        area: The bydel that the sheet is about; None for the city.
        counts: All counts of the sheet.
        whole: All counts of the sheet that it splits.
        hidden: Those of them that are hidden.

    Raises:
        ValueError: the sheets do not fit each other.
    """
    above = {cell: _above(tabulation, area, cell) for cell in counts}
    if any(cell is not None and whole.get(cell, 0) != counts[own] for own, cell in above.items()):
        raise ValueError(f"{tabulation.id} does not add up to what it splits")
    same = {own for own, cell in above.items() if cell in hidden}
    new = [own for own, cell in above.items() if cell is None]
    if not _splits_an_area(tabulation):
        lines = {cell.line for cell in same}
        return frozenset(same).union(cell for cell in new if cell.line in lines)
    columns = {cell.column for cell in same}
    is_whole = tabulation.root in columns
    return frozenset(same).union(cell for cell in new if is_whole or cell.column in columns)


def sums_of(tabulation: Tabulation, counts: Counts) -> dict[Cell, tuple[Cell, ...]]:
    """The counts of each sum that is not printed, by a name that no column has."""
    lines = dict.fromkeys(cell.line for cell in counts)
    return {
        Cell(line, "+".join(codes)): tuple(Cell(line, code) for code in codes)
        for line in lines
        for codes in tabulation.unprinted_sums
    }


def sums_told(tabulation: Tabulation, counts: Counts, hidden: Collection[Cell]) -> dict[Cell, int]:
    """The sums that are not printed and can be told where so much is hidden, as they are.

    From their own line, or from all the others: what is left of the area's.
    """
    network = _Network(tabulation, counts, frozenset(), frozenset(hidden))
    flows = [flow for flow in network.flows() if flow.hidden]
    return {
        name: sum(counts[cell] for cell in cells)
        for name, cells in sums_of(tabulation, counts).items()
        if can_be_told(flows, cells)
    }


def cut(
    tabulation: Tabulation,
    counts: Counts,
    under: Collection[Cell] = frozenset(),
    held: Collection[Cell] = frozenset(),
) -> frozenset[Cell]:
    """The counts that must not be shown.

    The same counts always give the same answer: a reader who asks twice learns nothing.

    Args:
        tabulation: What is counted.
        counts: All counts of the sheet.
        under: Those that split what is hidden in the tabulation above (`under_hidden`).
        held: Others that must not be shown, and sums (`sums_of`) that must not be told.

    Raises:
        ValueError: the counts do not add up.
    """
    network = _Network(tabulation, counts, frozenset(under), frozenset(held))
    if network.is_alone:
        return frozenset(flow.cell for flow in network.flows()) | network.under
    return hidden_cells(network.flows(), network.secret_sums()) | network.under


@dataclass(frozen=True, slots=True)
class _Network:
    """The counts as flows, but for those that the tabulation above says."""

    tabulation: Tabulation
    counts: Counts
    under: frozenset[Cell]
    held: frozenset[Cell]

    @property
    def is_alone(self) -> bool:
        """Whether there is one line only, so that it says what the area's line says."""
        return (
            _splits_an_area(self.tabulation)
            and len({cell.line for cell in self.counts} - {AREA}) < 2
        )

    def flows(self) -> list[Flow[Cell]]:
        """Every count that the reader is not taken to know."""
        ends = _ends(self.tabulation)
        columns = {column.code: column for column in self.tabulation.columns}
        return [
            self._flow(cell, columns[cell.column], *ends[cell.column])
            for cell in self.counts
            if not self._is_given(cell)
        ]

    def secret_sums(self) -> list[tuple[Cell, ...]]:
        """The sums that are not printed and must not be told."""
        return [
            cells
            for one, cells in sums_of(self.tabulation, self.counts).items()
            if not self._is_given(cells[0])
            and (one in self.held or is_small(sum(self.counts[cell] for cell in cells)))
        ]

    def _is_given(self, cell: Cell) -> bool:
        return _above(self.tabulation, None, cell) is not None

    def _flow(self, cell: Cell, column: Column, tail: Node, head: Node) -> Flow[Cell]:
        """The count as a flow. In the area's line everything runs the other way: it is the sum."""
        # Where lines are added up is no line's own.
        start, end = ((cell.line if node[1] else "", node) for node in (tail, head))
        if cell.line == AREA:
            start, end = end, start
        return Flow(
            cell,
            start,
            end,
            self.counts[cell],
            self._cost(cell, column),
            delicate=column.is_delicate,
            floor=1 if self.tabulation.parent is None else 0,
            hidden=cell in self.held or cell in self.under,
        )

    def _cost(self, cell: Cell, column: Column) -> int:
        """What a reader loses; nothing where the line is not printed anyway."""
        if cell.line == CITY_ONLY:
            return 0
        value = self.counts[cell]
        worth = column.worth * (_AREA_WORTH if cell.line == AREA else 1)
        return worth * _VALUE_SCALE * (1 if value else _ZERO_WORTH) + min(value, _VALUE_SCALE - 1)


Node: TypeAlias = tuple[str, str]
"""A column and which of its splits; or a column and "", where its lines are added up.

No column at all is where a root ends that is not split.
"""


def _splits_an_area(tabulation: Tabulation) -> bool:
    """Whether the line of the area is, as a whole, a line of the tabulation above."""
    return tabulation.parent is not None and tabulation.parent.column is None


def _above(tabulation: Tabulation, area: BydelNumber | None, cell: Cell) -> Cell | None:
    """The count of the tabulation above that this one is; None where it says something new."""
    if tabulation.parent is None:
        return None
    if tabulation.parent.column is None:
        return Cell(area or AREA, cell.column) if cell.line == AREA else None
    same = {tabulation.root: tabulation.parent.column, **dict(tabulation.parent.same)}
    return Cell(cell.line, same[cell.column]) if cell.column in same else None


@cache
def _ends(tabulation: Tabulation) -> dict[str, tuple[Node, Node]]:
    """From where to where each count runs, in every line but the area's.

    Where everybody is split twice, the second split is run through from its parts to the root.
    """
    root = tabulation.root
    if root in tabulation.leaves:
        return {root: ((root, ""), ("", ""))}
    first, *second = tabulation.parts(root)
    ends = {root: ((root, second[0] if second else ""), (root, first))}
    backwards = set()
    for column in tabulation.columns[1:]:
        is_second = column.of == root and column.split in second
        if is_second or column.of in backwards:
            backwards.add(column.code)
        whole = (str(column.of), column.split)
        own = (column.code, next(iter(tabulation.parts(column.code)), ""))
        ends[column.code] = (own, whole) if column.code in backwards else (whole, own)
    return ends
