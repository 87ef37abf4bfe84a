"""Where a delbydel belongs on a day: lookups over an immutable picture of the boundaries.

Validity is half open: ``valid_to`` is the first day on which something no longer holds. Two things
are kept apart. A delbydel's *code* is in use for a time; the *ground* that it names lies in some
bydel for another. So a code that was made in 2020 can be asked about 2014, and a code that was
retired answers with its successor's bydel.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from nyefamilier.kernel.ids import BydelNumber, DelbydelCode

NO_REGISTERED_ADDRESS = BydelNumber("99")
"""Not a place: families whose address no register knows."""


@dataclass(frozen=True, slots=True)
class Bydel:
    """A bydel, or one of the areas that are counted beside them (Sentrum, Marka, 99).

    Args:
        code: NAV's and SSB's six digits, where there are such.
        administered: Whether it has an administration of its own.
    """

    number: BydelNumber
    code: str | None
    name: str
    valid_from: date
    valid_to: date | None
    administered: bool
    source: str


@dataclass(frozen=True, slots=True)
class Delbydel:
    """A delbydel's code and the time in which it is in use.

    Args:
        successors: The codes that took over, the one that took over most first.
        label: Says what is estimated here; empty when nothing is.
    """

    code: DelbydelCode
    name: str
    valid_from: date
    valid_to: date | None
    successors: tuple[DelbydelCode, ...]
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A delbydel's ground lies in a bydel for a time."""

    delbydel: DelbydelCode
    bydel: BydelNumber
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Serving:
    """A bydel serves those who live where no bydel has an administration, for a time."""

    bydel: BydelNumber
    served_by: BydelNumber
    valid_from: date
    valid_to: date | None
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Boundaries:
    """All boundaries at all times, as one value. Safe to share between threads."""

    bydeler: tuple[Bydel, ...] = ()
    delbydeler: tuple[Delbydel, ...] = ()
    memberships: tuple[Membership, ...] = ()
    served: tuple[Serving, ...] = ()
    _bydel: dict[BydelNumber, Bydel] = field(init=False, repr=False, compare=False)
    _delbydel: dict[DelbydelCode, Delbydel] = field(init=False, repr=False, compare=False)
    _history: dict[DelbydelCode, _History] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Indexes over what is already there; a frozen value sets them once, here.
        put = object.__setattr__
        put(self, "_bydel", {bydel.number: bydel for bydel in self.bydeler})
        put(self, "_delbydel", {delbydel.code: delbydel for delbydel in self.delbydeler})
        put(self, "_history", _histories(self.memberships))

    def bydel_of(self, code: DelbydelCode, on: date) -> BydelNumber | None:
        """The bydel in which a delbydel's ground lay, or will lie, on a day.

        A retired code answers for its first successor. None when the code is unknown, or the day is
        before any boundary that we know.
        """
        for _ in range(len(self._history)):  # no chain is longer; a circle in the data ends here
            membership = self.membership_on(code, on)
            if membership is not None:
                return membership.bydel
            delbydel = self._delbydel.get(code)
            if delbydel is None or not delbydel.successors or not _is_over(delbydel, on):
                return None
            code = delbydel.successors[0]
        return None

    def membership_on(self, code: DelbydelCode, on: date) -> Membership | None:
        """The delbydel's own row in force on a day; successors are not asked."""
        history = self._history.get(code)
        return None if history is None else history.on(on)

    def delbydel(self, code: DelbydelCode) -> Delbydel | None:
        """The delbydel of that code, retired or not."""
        return self._delbydel.get(code)

    def delbydeler_in(self, bydel: BydelNumber, on: date) -> tuple[Delbydel, ...]:
        """The delbydeler whose codes are in use on a day and lie in a bydel, by code."""
        return tuple(
            delbydel
            for delbydel in self.delbydeler
            if _holds(delbydel, on) and self.bydel_of(delbydel.code, on) == bydel
        )

    def lies_in(
        self, number: BydelNumber, first: date, last: date, on: date
    ) -> frozenset[BydelNumber]:
        """The bydeler among which, on a day, all the ground is that a bydel had in some time.

        Args:
            number: The bydel.
            first: The first day of that time.
            last: Its last day.
            on: The day on which it is asked where the ground lies.
        """
        codes = {
            row.delbydel
            for row in self.memberships
            if row.bydel == number and row.valid_from <= last and not _is_over(row, first)
        }
        return frozenset(bydel for code in codes for bydel in self._all_of(code, on))

    def _all_of(self, code: DelbydelCode, on: date) -> set[BydelNumber]:
        """Where all the ground of a code lies; of a retired one, that of all its successors."""
        delbydel = self._delbydel.get(code)
        if delbydel is not None and delbydel.successors and _is_over(delbydel, on):
            return {bydel for one in delbydel.successors for bydel in self._all_of(one, on)}
        found = self.bydel_of(code, on)
        return set() if found is None else {found}

    def bydel_on(self, number: BydelNumber, on: date) -> Bydel | None:
        """The bydel of that number, if there is one on a day."""
        bydel = self._bydel.get(number)
        return bydel if bydel is not None and _holds(bydel, on) else None

    def bydeler_on(self, on: date) -> tuple[Bydel, ...]:
        """Every bydel and area that there is on a day, by number."""
        return tuple(bydel for bydel in self.bydeler if _holds(bydel, on))

    def serving(self, number: BydelNumber, on: date) -> BydelNumber | None:
        """The bydel whose services a resident of *number* has on a day.

        Itself when it has an administration. None for those without a registered address: they are
        served where they stay, which is a visit address's business.
        """
        bydel = self.bydel_on(number, on)
        if bydel is None or bydel.administered:
            return None if bydel is None else number
        row = self.served_on(number, on)
        return None if row is None else row.served_by

    def served_on(self, number: BydelNumber, on: date) -> Serving | None:
        """Who serves an area without an administration on a day, with source and label."""
        return next((row for row in self.served if row.bydel == number and _holds(row, on)), None)


@dataclass(frozen=True, slots=True)
class _History:
    """One delbydel's memberships, oldest first."""

    began: tuple[date, ...]
    rows: tuple[Membership, ...]

    def on(self, day: date) -> Membership | None:
        at = bisect_right(self.began, day) - 1
        if at < 0 or not _holds(self.rows[at], day):
            return None
        return self.rows[at]


def _histories(memberships: Iterable[Membership]) -> dict[DelbydelCode, _History]:
    of_each: dict[DelbydelCode, list[Membership]] = defaultdict(list)
    for membership in sorted(memberships, key=lambda row: row.valid_from):
        of_each[membership.delbydel].append(membership)
    return {
        code: _History(tuple(row.valid_from for row in rows), tuple(rows))
        for code, rows in of_each.items()
    }


def _holds(what: Bydel | Delbydel | Membership | Serving, on: date) -> bool:
    return what.valid_from <= on and not _is_over(what, on)


def _is_over(what: Bydel | Delbydel | Membership | Serving, on: date) -> bool:
    return what.valid_to is not None and what.valid_to <= on
