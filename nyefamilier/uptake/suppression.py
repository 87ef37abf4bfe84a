"""Which counts of a table must stay hidden, so that no small one can be worked out from the rest.

A table whose counts add up is a network in which every count is a flow: what enters a sum leaves it
as its parts. Whoever reads the table knows the flows that are shown, that every sum holds, and that
a hidden count is at least one (a zero is never hidden). A hidden count can then be told exactly
if no ring of hidden flows runs through it along which one family could be moved; if there is such
a ring, at least two values are possible. So: hide the small counts, and close a ring around each.

Where zeros may be hidden too (a flow's floor is 0) a ring may also raise a zero, and lower a one.

Sources: D. Gusfield, SIAM J. Comput. 17 (1988) 552-571; J. P. Kelly, B. L. Golden, A. A. Assad,
    Networks 22 (1992) 397-417 (rings by shortest paths). Proof: docs/adr/0008.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeAlias, TypeVar

SMALLEST_SHOWN = 5
"""A count of one to four families is hidden."""

CellT = TypeVar("CellT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Flow(Generic[CellT]):
    """One count: it enters the sum at ``head`` and leaves the sum at ``tail``.

    Args:
        cost: What it costs the reader when this count is hidden for another one's sake.
        delicate: Whether it must be hidden when it is small.
        floor: What a reader knows a hidden count to be at least: 1 where zeros are always shown.
        hidden: Whether it is hidden whatever its value.
    """

    cell: CellT
    tail: Hashable
    head: Hashable
    value: int
    cost: int
    delicate: bool = True
    floor: int = 1
    hidden: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether it is hidden for its own sake."""
        return self.hidden or (self.delicate and is_small(self.value))


def is_small(value: int) -> bool:
    """Whether a count says too much about too few families."""
    return 0 < value < SMALLEST_SHOWN


def hidden_cells(
    flows: Sequence[Flow[CellT]], secret_sums: Iterable[tuple[CellT, ...]] = ()
) -> frozenset[CellT]:
    """The counts that must be hidden: the small ones, and what closes a ring around each.

    The same table always gives the same answer: a reader who asks twice learns nothing.

    Args:
        flows: The whole table. At each node, what flows in must be what flows out.
        secret_sums: Counts that leave the same node and whose sum, though not in the table, must
            not be worked out either.

    Raises:
        ValueError: the counts do not add up.
    """
    network = _Network(flows)
    hidden = {flow.cell for flow in flows if flow.is_secret}
    secrets = list(secret_sums)
    # A zero that is hidden for others' sake is no secret of its own.
    secrets += [(flow.cell,) for flow in flows if flow.is_secret and flow.value > 0]
    covered: set[CellT] = set()
    for secret in secrets:
        if covered.isdisjoint(secret) or len(secret) > 1:
            # What is hidden for its sake lies on the same ring, and so cannot be told either.
            ring = network.cheapest_ring(secret, hidden)
            hidden.update(ring)
            covered.update(ring)
    return frozenset(hidden)


def can_be_told(flows: Sequence[Flow[CellT]], secret: tuple[CellT, ...]) -> bool:
    """Whether only one value of a sum fits what is shown.

    Args:
        flows: What is hidden of the table; all else is known.
        secret: Counts that leave the same node; those that are not in *flows* are shown.
    """
    hidden = {flow.cell for flow in flows}
    return not _Network(flows).rings(tuple(one for one in secret if one in hidden), hidden)


_Way: TypeAlias = "tuple[CellT, _Way[CellT]] | None"
"""The cell that one came by, and the way before it."""


class _Network(Generic[CellT]):
    """The flows of a table, by where one family more or less could go."""

    def __init__(self, flows: Sequence[Flow[CellT]]) -> None:
        self._flows = {flow.cell: flow for flow in flows}
        self._steps: dict[Hashable, list[tuple[Hashable, Flow[CellT]]]] = defaultdict(list)
        for flow in flows:
            if flow.value >= flow.floor:  # one more; a zero that is shown must stay what it is
                self._steps[flow.tail].append((flow.head, flow))
            if flow.value > flow.floor:  # one fewer, and still not what the reader knows it is not
                self._steps[flow.head].append((flow.tail, flow))

    def cheapest_ring(self, secret: tuple[CellT, ...], hidden: Container[CellT]) -> list[CellT]:
        """The cells of the ring through one of *secret*, and no other of it, that hides least."""
        rings = self.rings(secret, hidden)
        if not rings:
            raise ValueError("the counts of this table do not add up")
        return min(rings, key=lambda ring: ring[0])[1]

    def rings(
        self, secret: tuple[CellT, ...], hidden: Container[CellT]
    ) -> list[tuple[int, list[CellT]]]:
        """The cheapest ring through each of *secret* and no other of it, and what it costs."""
        return [
            (cost, [cell, *path])
            for cell in secret
            for start, end in self._ways_round(self._flows[cell])
            for cost, path in self._path(start, end, frozenset(secret), hidden)
        ]

    def _ways_round(self, flow: Flow[CellT]) -> list[tuple[Hashable, Hashable]]:
        ways = []
        if flow.value >= flow.floor:
            ways.append((flow.head, flow.tail))
        if flow.value > flow.floor:
            ways.append((flow.tail, flow.head))
        return ways

    def _path(
        self,
        start: Hashable,
        end: Hashable,
        closed: frozenset[CellT],
        hidden: Container[CellT],
    ) -> list[tuple[int, list[CellT]]]:
        """The cheapest way (Dijkstra's) from *start* to *end* around *closed*, if there is one."""
        tie = count()
        queue: list[tuple[int, int, Hashable, _Way[CellT]]] = [(0, next(tie), start, None)]
        seen: set[Hashable] = set()
        while queue:
            cost, _, node, way = heappop(queue)
            if node == end:
                return [(cost, _cells(way))]
            if node in seen:
                continue
            seen.add(node)
            for following, flow in self._steps[node]:
                if following not in seen and flow.cell not in closed:
                    step = 0 if flow.cell in hidden else flow.cost
                    heappush(queue, (cost + step, next(tie), following, (flow.cell, way)))
        return []


def _cells(way: _Way[CellT]) -> list[CellT]:
    cells = []
    while way is not None:
        cell, way = way
        cells.append(cell)
    return cells
