"""A reader who asks for anything in any order, keeps it all, and solves for what is hidden.

The judge of what suppression must stand: an integer solver (HiGHS) that knows nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from nyefamilier.uptake.cutting import Cell
from nyefamilier.uptake.earlier import Remembered
from nyefamilier.uptake.sheets import AREA
from nyefamilier.uptake.suppression import is_small
from nyefamilier.uptake.tabulations import BY_ID
from tests.unit.uptake.worlds import Place

Asked = tuple[Place, Cell]
"""A count of a sheet."""
Sum = tuple[Asked, ...]
_MOST = 1000


class Reader:
    """What can be known of one release of one year from the sheets that were asked for.

    He knows how counts add up, within a sheet and between sheets; that a hidden count of a sheet
    that splits no other is at least one; and, more than anybody does, every count of the line of
    protected families that need not be hidden.
    """

    def __init__(self, sheets: Mapping[Place, Remembered]) -> None:
        self.sheets = sheets
        hidden = [(place, cell) for place, one in sheets.items() for cell in sorted(one.hidden)]
        self.unknown = {asked: number for number, asked in enumerate(hidden)}
        self.truth = np.array([sheets[place].counts[cell] for place, cell in hidden], dtype=float)
        floor = [0 if BY_ID[place[0]].parent else 1 for place, _ in hidden]
        self.bounds = Bounds(np.array(floor), np.full(len(hidden), _MOST))
        self.constraint = self._constraint()
        self.fitting: list[np.ndarray] = []
        """What else fits, as far as it was found: whoever differs in it from the truth is open."""
        if hidden:
            chance = np.random.default_rng(len(hidden))
            for _ in range(4):
                self._solved(chance.choice([-1.0, 1.0], len(hidden)))

    def secrets(self) -> list[Sum]:
        """What nobody may be able to tell: hidden counts, and small sums that are not printed."""
        found: list[Sum] = [
            (asked,) for asked, number in self.unknown.items() if self.truth[number] > 0
        ]
        for place, one in self.sheets.items():
            for line in dict.fromkeys(cell.line for cell in one.counts):
                for codes in BY_ID[place[0]].unprinted_sums:
                    cells = [Cell(line, code) for code in codes]
                    if is_small(sum(one.counts[cell] for cell in cells)):
                        found.append(tuple((place, cell) for cell in cells))
        return found

    def worth_telling(self) -> dict[Sum, int]:
        """The counts and sums of which nobody may see one to four come or go, as they are."""
        found: dict[Sum, int] = {}
        for place, one in self.sheets.items():
            delicate = [column.code for column in BY_ID[place[0]].columns if column.is_delicate]
            sums = [(code,) for code in delicate] + list(BY_ID[place[0]].unprinted_sums)
            for line in dict.fromkeys(cell.line for cell in one.counts):
                for codes in sums:
                    told = tuple((place, Cell(line, code)) for code in codes)
                    found[told] = self._value(told, self.truth)
        return found

    def can_tell(self, told: Sum) -> bool:
        """Whether only one value of a count or a sum fits what is shown."""
        if not any(asked in self.unknown for asked in told):
            return True
        truth = self._value(told, self.truth)
        if any(self._value(told, one) != truth for one in self.fitting):
            return False
        wish = self._wish(told)
        return all(self._value(told, self._solved(sign * wish)) == truth for sign in (1, -1))

    def tells(self) -> list[Sum]:
        """The secrets of which only one value fits what is shown."""
        return [one for one in self.secrets() if self.can_tell(one)]

    def _wish(self, told: Sum) -> np.ndarray:
        wish = np.zeros(len(self.unknown))
        for asked in told:
            if asked in self.unknown:
                wish[self.unknown[asked]] += 1
        return wish

    def _value(self, secret: Sum, solution: np.ndarray) -> int:
        return round(
            sum(
                solution[self.unknown[asked]]
                if asked in self.unknown
                else self.sheets[asked[0]].counts[asked[1]]
                for asked in secret
            )
        )

    def _solved(self, wish: np.ndarray) -> np.ndarray:
        found = milp(
            wish,
            constraints=self.constraint,
            bounds=self.bounds,
            integrality=np.ones(len(wish)),
        )
        assert found.success, found.message
        self.fitting.append(np.round(found.x))
        return self.fitting[-1]

    def _constraint(self) -> list[LinearConstraint]:
        rows, columns, signs, rights = [], [], [], []
        for terms in self._equations():
            right, unknown = 0, []
            for (place, cell), sign in terms:
                if (place, cell) in self.unknown:
                    unknown.append((self.unknown[place, cell], sign))
                else:
                    right -= sign * self.sheets[place].counts[cell]
            if unknown:
                rows += [len(rights)] * len(unknown)
                columns += [number for number, _ in unknown]
                signs += [sign for _, sign in unknown]
                rights.append(right)
        if not rights:
            return []
        matrix = coo_array((signs, (rows, columns)), shape=(len(rights), len(self.unknown)))
        return [LinearConstraint(matrix.tocsr(), rights, rights)]

    def _equations(self) -> Iterator[list[tuple[Asked, int]]]:
        for place, one in self.sheets.items():
            tabulation = BY_ID[place[0]]
            lines = dict.fromkeys(cell.line for cell in one.counts)
            for line in lines:
                for column in tabulation.columns:
                    for parts in tabulation.parts(column.code).values():
                        whole = (place, Cell(line, column.code))
                        yield [(whole, 1), *(((place, Cell(line, part)), -1) for part in parts)]
            for column in tabulation.columns:
                below = [(place, Cell(line, column.code)) for line in lines if line != AREA]
                yield [((place, Cell(AREA, column.code)), 1), *((asked, -1) for asked in below)]
            yield from self._above(place)

    def _above(self, place: Place) -> Iterator[list[tuple[Asked, int]]]:
        tabulation = BY_ID[place[0]]
        parent = tabulation.parent
        if parent is None or (parent.tabulation, None) not in self.sheets:
            return
        whole = (parent.tabulation, None)
        same = {tabulation.root: parent.column, **dict(parent.same)}
        for cell in self.sheets[place].counts:
            if parent.column is not None and cell.column in same:
                yield [((place, cell), 1), ((whole, Cell(cell.line, same[cell.column])), -1)]
            elif parent.column is None and cell.line == AREA:
                yield [((place, cell), 1), ((whole, Cell(place[1] or AREA, cell.column)), -1)]


def small_changes(readers: Sequence[Reader]) -> list[Sum]:
    """The counts and sums whose values in two releases can be told, and lie one to four apart."""
    values = [reader.worth_telling() for reader in readers]
    return [
        told
        for one, other in combinations(range(len(readers)), 2)
        for told in values[one]
        if is_small(abs(values[one][told] - values[other].get(told, values[one][told])))
        and readers[one].can_tell(told)
        and readers[other].can_tell(told)
    ]
