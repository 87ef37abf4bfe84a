"""A reform of the boundaries as a value, and what it would change. Nothing is written here.

Sources: Oslo kommune, bydelsreformen: the proposals of 2025 cut existing bydeler along delbydel
lines, which is why a delbydel is the smallest thing that can move.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from nyefamilier.bydeler.rules import Boundaries, Bydel, Membership, Serving
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode

Timed = TypeVar("Timed", Membership, Serving)


@dataclass(frozen=True, slots=True)
class NewBydel:
    """A bydel that a reform makes. Its number has never been used.

    A number is what rights to see families are given on, so an old one must not come to mean
    another place.
    """

    number: BydelNumber
    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Whole bydeler and single delbydeler that become part of a bydel."""

    to: BydelNumber
    bydeler: tuple[BydelNumber, ...] = ()
    delbydeler: tuple[DelbydelCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Reform:
    """What becomes of the boundaries on a day.

    Args:
        label: Whether it is decided, proposed or made up.
        serves: Pairs of an area without an administration and the bydel that serves it from then.
    """

    name: str
    on: date
    label: str
    source: str
    opens: tuple[NewBydel, ...] = ()
    closes: tuple[BydelNumber, ...] = ()
    moves: tuple[Move, ...] = ()
    serves: tuple[tuple[BydelNumber, BydelNumber], ...] = ()


@dataclass(frozen=True, slots=True)
class DelbydelMove:
    """A delbydel that changes bydel."""

    delbydel: DelbydelCode
    name: str
    before: BydelNumber
    after: BydelNumber


@dataclass(frozen=True, slots=True)
class ReformDiff:
    """What a reform changes, and only that: a reform that has been applied changes nothing."""

    on: date
    opened: tuple[Bydel, ...] = ()
    closed: tuple[BydelNumber, ...] = ()
    moved: tuple[DelbydelMove, ...] = ()
    served: tuple[Serving, ...] = ()
    unmoved: int = 0

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """What begins with the moves."""
        return tuple(Membership(m.delbydel, m.after, self.on, None) for m in self.moved)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.opened or self.closed or self.moved or self.served)


def diff(boundaries: Boundaries, reform: Reform) -> ReformDiff:
    """What applying a reform would change.

    Raises:
        RuleBroken: ``unknown-delbydel``, ``unknown-bydel``, or ``reform-incomplete`` (a bydel that
            closes keeps a delbydel or still serves an area), ``reform-number-used`` (a new bydel
            takes an old number), ``reform-contradicts`` (a delbydel is sent to two places), or
            ``reform-too-early`` (something has already changed on or after its day).
    """
    found = ReformDiff(
        on=reform.on,
        opened=_opened(boundaries, reform),
        closed=_closed(boundaries, reform),
        moved=(moved := _moved(boundaries, reform)),
        served=_served(boundaries, reform),
        unmoved=_in_use(boundaries, reform.on) - len(moved),
    )
    _require_whole(after(boundaries, found), reform)
    return found


def after(boundaries: Boundaries, change: ReformDiff) -> Boundaries:
    """The boundaries as they are once the change is made."""
    leaving = {move.delbydel for move in change.moved}
    rearranged = {row.bydel for row in change.served}
    return Boundaries(
        bydeler=(
            *(
                replace(bydel, valid_to=change.on) if bydel.number in change.closed else bydel
                for bydel in boundaries.bydeler
            ),
            *change.opened,
        ),
        delbydeler=boundaries.delbydeler,
        memberships=(
            *(_ended(row, row.delbydel in leaving, change.on) for row in boundaries.memberships),
            *change.memberships,
        ),
        served=(
            *(_ended(row, row.bydel in rearranged, change.on) for row in boundaries.served),
            *change.served,
        ),
    )


def _ended(row: Timed, ends: bool, on: date) -> Timed:  # noqa: FBT001 - one of two, at each call
    return replace(row, valid_to=on) if ends and row.valid_to is None else row


def _opened(boundaries: Boundaries, reform: Reform) -> tuple[Bydel, ...]:
    wanted = [_as_bydel(new, reform) for new in reform.opens]
    known = {bydel.number: bydel for bydel in boundaries.bydeler}
    for bydel in wanted:
        if bydel.number in known and known[bydel.number] != bydel:
            raise RuleBroken(
                "reform-number-used",
                f"Bydel {bydel.number} exists or has existed. Give the new bydel an unused number.",
            )
    return tuple(bydel for bydel in wanted if bydel.number not in known)


def _as_bydel(new: NewBydel, reform: Reform) -> Bydel:
    return Bydel(
        number=new.number,
        code=new.code,
        name=new.name,
        valid_from=reform.on,
        valid_to=None,
        administered=True,
        source=f"{reform.name} ({reform.label}): {reform.source}",
    )


def _closed(boundaries: Boundaries, reform: Reform) -> tuple[BydelNumber, ...]:
    for number in reform.closes:
        if boundaries.bydel_on(number, reform.on - timedelta(1)) is None:
            raise _unknown_bydel(number, reform.on - timedelta(1))
    return tuple(
        number for number in reform.closes if boundaries.bydel_on(number, reform.on) is not None
    )


def _moved(boundaries: Boundaries, reform: Reform) -> tuple[DelbydelMove, ...]:
    moves = []
    for code, to in sorted(_destinations(boundaries, reform).items()):
        row = boundaries.membership_on(code, reform.on)
        delbydel = boundaries.delbydel(code)
        if row is None or delbydel is None:
            raise RuleBroken(
                "unknown-delbydel", f"There is no delbydel {code} in use on {reform.on}."
            )
        if row.bydel != to:
            if row.valid_from >= reform.on or row.valid_to is not None:
                raise _too_early(f"Delbydel {code}", reform.on)
            moves.append(DelbydelMove(code, delbydel.name, row.bydel, to))
    return tuple(moves)


def _destinations(boundaries: Boundaries, reform: Reform) -> dict[DelbydelCode, BydelNumber]:
    """Where each delbydel goes. One that is named by itself does not follow its bydel."""
    whole: dict[DelbydelCode, BydelNumber] = {}
    named: dict[DelbydelCode, BydelNumber] = {}
    eve = reform.on - timedelta(1)
    for move in reform.moves:
        for bydel in move.bydeler:
            if boundaries.bydel_on(bydel, eve) is None:
                raise _unknown_bydel(bydel, eve)
            for delbydel in boundaries.delbydeler_in(bydel, eve):
                _send(whole, delbydel.code, move.to)
        for code in move.delbydeler:
            _send(named, code, move.to)
    return whole | named


def _send(
    to: dict[DelbydelCode, BydelNumber], code: DelbydelCode, destination: BydelNumber
) -> None:
    if to.setdefault(code, destination) != destination:
        raise RuleBroken(
            "reform-contradicts",
            f"Delbydel {code} is sent to both {to[code]} and {destination}. Keep one of them.",
        )


def _served(boundaries: Boundaries, reform: Reform) -> tuple[Serving, ...]:
    rows = []
    for bydel, by in reform.serves:
        row = boundaries.served_on(bydel, reform.on)
        if row is not None and row.served_by == by:
            continue
        if row is not None and (row.valid_from >= reform.on or row.valid_to is not None):
            raise _too_early(f"The serving of {bydel}", reform.on)
        rows.append(Serving(bydel, by, reform.on, None, reform.label, reform.source))
    return tuple(rows)


def _require_whole(then: Boundaries, reform: Reform) -> None:
    for number in {move.to for move in reform.moves} | {by for _, by in reform.serves}:
        if then.bydel_on(number, reform.on) is None:
            raise _unknown_bydel(number, reform.on)
    for number in reform.closes:
        if left := then.delbydeler_in(number, reform.on):
            raise _incomplete(f"Bydel {number} closes and keeps {', '.join(d.code for d in left)}.")
    for row in then.served:
        if row.valid_to is None and row.served_by in reform.closes:
            raise _incomplete(f"Bydel {row.served_by} closes and still serves {row.bydel}.")
    for new in reform.opens:
        if not then.delbydeler_in(new.number, reform.on):
            raise _incomplete(f"Bydel {new.number} opens without a delbydel.")


def _in_use(boundaries: Boundaries, on: date) -> int:
    return sum(boundaries.membership_on(d.code, on) is not None for d in boundaries.delbydeler)


def _unknown_bydel(number: BydelNumber, on: date) -> RuleBroken:
    return RuleBroken("unknown-bydel", f"There is no bydel {number} on {on}.")


def _too_early(what: str, on: date) -> RuleBroken:
    return RuleBroken(
        "reform-too-early",
        f"{what} changes on or after {on} already. Reforms are applied in the order of their days.",
    )


def _incomplete(what: str) -> RuleBroken:
    return RuleBroken("reform-incomplete", f"{what} Every delbydel and area must have somewhere.")
