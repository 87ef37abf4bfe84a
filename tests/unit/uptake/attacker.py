"""A reader who knows everything but the hidden counts: the judge of what suppression must stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from nyefamilier.uptake.indicators import Column
from nyefamilier.uptake.release import CITY, Cell, Line

C = Column
IDENTITIES = (
    (C.ELIGIBLE, (C.NOT_OFFERED, C.OFFERED)),
    (C.ELIGIBLE, (C.REACHED, C.NOT_REACHED)),
    (C.OFFERED, (C.ACCEPTED, C.DECLINED, C.LATER, C.UNANSWERED)),
)


class Attacker:
    """Solves the table for what it hides, in whole families, by an oracle that is not ours."""

    def __init__(self, counts: Mapping[Cell, int], hidden: Iterable[Cell]) -> None:
        self.counts = counts
        self.unknown = {cell: number for number, cell in enumerate(sorted(hidden, key=str))}
        rows, rights = [], []
        for terms in self._equations():
            row = np.zeros(max(1, len(self.unknown)))
            right = 0
            for cell, sign in terms:
                if cell in self.unknown:
                    row[self.unknown[cell]] += sign
                else:
                    right -= sign * counts[cell]
            if row.any():
                rows.append(row)
                rights.append(right)
        self.matrix = np.array(rows)
        self.rights = np.array(rights)

    def can_tell(self, cells: Iterable[Cell]) -> bool:
        """Whether only one value of the sum of *cells* fits what is shown."""
        wanted = np.zeros(len(self.unknown))
        for cell in cells:
            if cell in self.unknown:
                wanted[self.unknown[cell]] += 1
        lowest, highest = self._extreme(wanted), -self._extreme(-wanted)
        return round(lowest) == round(highest)

    def _extreme(self, wanted: np.ndarray) -> float:
        # A hidden count is at least one, because a zero is never hidden.
        found = milp(
            wanted,
            constraints=LinearConstraint(self.matrix, self.rights, self.rights),
            bounds=Bounds(1, 1000),
            integrality=np.ones(len(self.unknown)),
        )
        assert found.success, found.message
        return float(found.fun)

    def _equations(self) -> Iterable[list[tuple[Cell, int]]]:
        lines = dict.fromkeys(cell.line for cell in self.counts)
        for line in lines:
            for whole, parts in IDENTITIES:
                yield [(Cell(line, whole), 1), *((Cell(line, part), -1) for part in parts)]
        below: list[Line] = [line for line in lines if line != CITY]
        for column in Column:
            yield [(Cell(CITY, column), 1), *((Cell(line, column), -1) for line in below)]
