"""Which counts of a table must stay hidden, so that no small one can be worked out from the rest.

A table whose counts add up is a network in which every count is a flow: what enters a sum leaves it
as its parts. Whoever reads the table knows the flows that are shown, that every sum holds, and that
a hidden count is at least one (a zero is never hidden). A hidden count can then be told exactly
if no ring of hidden flows runs through it along which one family could be moved; if there is such
a ring, at least two values are possible. So: hide the small counts, and close a ring around each.

Sources: D. Gusfield, SIAM J. Comput. 17 (1988) 552-571; J. P. Kelly, B. L. Golden, A. A. Assad,
    Networks 22 (1992) 397-417 (rings by shortest paths). Proof: docs/adr/0008.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

SMALLEST_SHOWN = 5
"""A count of one to four families is hidden."""

CellT = TypeVar("CellT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Flow(Generic[CellT]):
    """One count: it enters the sum at ``head`` and leaves the sum at ``tail``.

    Args:
        cost: What it costs the reader when this count is hidden for another one's sake.
        delicate: Whether it must be hidden when it is small.
    """

    cell: CellT
    tail: Hashable
    head: Hashable
    value: int
    cost: int
    delicate: bool = True


def is_small(value: int) -> bool:
    """Whether a count says too much about too few families."""
    return 0 < value < SMALLEST_SHOWN


def hidden_cells(
    flows: Sequence[Flow[CellT]], unprinted_sums: Iterable[tuple[CellT, ...]] = ()
) -> frozenset[CellT]:
    """The counts that must be hidden: the small ones, and what closes a ring around each.

    The same table always gives the same answer: a reader who asks twice learns nothing.

    Args:
        flows: The whole table. At each node, what flows in must be what flows out.
        unprinted_sums: Counts that leave the same node and whose sum, though not in the table,
            must not be worked out either if it is small.

    Raises:
        ValueError: the counts do not add up.
    """
    network = _Network(flows)
    hidden = {flow.cell for flow in flows if flow.delicate and is_small(flow.value)}
    secrets = [cells for cells in unprinted_sums if is_small(network.total(cells))]
    secrets += [(flow.cell,) for flow in flows if flow.cell in hidden]
    for secret in secrets:
        # What is hidden for its sake lies on the same ring, and so cannot be told either.
        hidden.update(network.cheapest_ring(secret, hidden))
    return frozenset(hidden)


class _Network(Generic[CellT]):
    """The flows of a table, by where one family more or less could go."""

    def __init__(self, flows: Sequence[Flow[CellT]]) -> None:
        self._flows = {flow.cell: flow for flow in flows}
        self._steps: dict[Hashable, list[tuple[Hashable, Flow[CellT]]]] = defaultdict(list)
        for flow in flows:
            if flow.value >= 1:  # one more; a zero is shown and must stay what it is
                self._steps[flow.tail].append((flow.head, flow))
            if flow.value >= 2:  # one fewer, and still not zero
                self._steps[flow.head].append((flow.tail, flow))

    def total(self, cells: Iterable[CellT]) -> int:
        """The sum of these counts."""
        return sum(self._flows[cell].value for cell in cells)

    def cheapest_ring(self, secret: tuple[CellT, ...], hidden: Container[CellT]) -> list[CellT]:
        """The cells of the ring through one of *secret*, and no other of it, that hides least."""
        rings = [
            ring
            for cell in secret
            for start, end in self._ways_round(self._flows[cell])
            if (ring := self._path(start, end, frozenset(secret), hidden)) is not None
        ]
        if not rings:
            raise ValueError("the counts of this table do not add up")
        return min(rings, key=lambda ring: ring[0])[1]

    def _ways_round(self, flow: Flow[CellT]) -> list[tuple[Hashable, Hashable]]:
        ways = []
        if flow.value >= 1:
            ways.append((flow.head, flow.tail))
        if flow.value >= 2:
            ways.append((flow.tail, flow.head))
        return ways

    def _path(
        self,
        start: Hashable,
        end: Hashable,
        closed: frozenset[CellT],
        hidden: Container[CellT],
    ) -> tuple[int, list[CellT]] | None:
        """The cheapest way (Dijkstra's) from *start* to *end* that uses none of *closed*."""
        tie = count()
        queue: list[tuple[int, int, Hashable, list[CellT]]] = [(0, next(tie), start, [])]
        seen: set[Hashable] = set()
        while queue:
            cost, _, node, cells = heappop(queue)
            if node == end:
                return cost, cells
            if node in seen:
                continue
            seen.add(node)
            for following, flow in self._steps[node]:
                if following not in seen and flow.cell not in closed:
                    step = 0 if flow.cell in hidden else flow.cost
                    heappush(queue, (cost + step, next(tie), following, [*cells, flow.cell]))
        return None
