"""A family as the nurse sees it: the server's records, and over them what she has pending.

What is laid over is worked out each time that it is looked at, and written nowhere. It guesses at
the plain effect of an operation; what really became of it is the server's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from nyefamilier.client import copies, outbox
from nyefamilier.client.store import Store
from nyefamilier.wire.messages import PushedMutation
from nyefamilier.wire.verdicts import Verdict

Body: TypeAlias = dict[str, Any]


class Standing(StrEnum):
    """Where something that the nurse wrote stands."""

    UNSENT = "unsent"
    """On this phone only."""
    ESCROW_ONLY = "escrow-only"
    """On this phone only, and this phone cannot read it any more."""
    SENT = "sent"
    """The server has it; our copy of the family does not show it yet."""
    WAITING = "waiting"
    """The server has it, and a person or another change decides on it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One mutation that the family's rows do not show yet."""

    seq: int
    id: UUID
    standing: Standing
    type: str | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    ops: tuple[Body, ...] = field(default=(), repr=False)


@dataclass(slots=True, repr=False)
class Shown:
    """One record. ``pending`` names the mutations whose effect on it is only laid over."""

    kind: str
    id: UUID
    rev: int | None
    body: Body
    pending: tuple[UUID, ...] = ()


@dataclass(slots=True, repr=False)
class Family:
    """One family.

    Args:
        rev: The server's revision that we have; None while its copy is on its way.
        records: By kind and id.
        pending: What is not in the server's records yet, in its order.
    """

    id: UUID
    rev: int | None
    records: dict[tuple[str, UUID], Shown]
    pending: list[Pending]

    def of_kind(self, kind: str) -> list[Shown]:
        """The records of one kind, by their ids."""
        return [self.records[place] for place in sorted(self.records) if place[0] == kind]


def family_shown(store: Store, family: UUID) -> Family:
    """The family with what is pending laid over it.

    Raises:
        StoreClosed: the lease has run out.
        CannotOpen: a row is damaged.
    """
    cursor = copies.cursor(store, family)
    records = {
        (one.kind, one.id): Shown(one.kind, one.id, one.rev, msgspec.json.decode(one.body))
        for one in copies.records(store, family)
    }
    shown = Family(family, cursor.rev if cursor else None, records, pending(store, family))
    for one in shown.pending:
        if one.standing in {Standing.UNSENT, Standing.SENT}:
            for op in one.ops:
                _lay_over(shown, one, op)
    return shown


def pending(store: Store, family: UUID) -> list[Pending]:
    """What was written about the family and its rows do not show yet, in its order.

    Raises:
        StoreClosed: the lease has run out.
        CannotOpen: a row is damaged.
    """
    acked = [_acked(one) for one in outbox.acked(store, family)]
    return acked + [_unsent(store, one) for one in outbox.unsent(store, family=family)]


def _acked(one: outbox.Acked) -> Pending:
    waits = one.status in {Verdict.HELD, Verdict.PARKED, Verdict.QUARANTINED}
    standing = Standing.WAITING if waits else Standing.SENT
    return _read(one.raw, Pending(one.seq, one.id, standing, None, one.status, one.reason))


def _unsent(store: Store, one: outbox.Unsent) -> Pending:
    if one.sealed is None:
        return Pending(one.seq, one.id, Standing.ESCROW_ONLY, reason=one.refused)
    return _read(outbox.raw_of(store, one), Pending(one.seq, one.id, Standing.UNSENT))


def _read(raw: bytes | None, told: Pending) -> Pending:
    if raw is None:
        return told
    mutation = msgspec.json.decode(raw, type=PushedMutation)
    ops = tuple(msgspec.json.decode(op) for op in mutation.ops)
    return Pending(told.seq, told.id, told.standing, mutation.type, told.verdict, told.reason, ops)


@dataclass(frozen=True, slots=True)
class _Effect:
    """What an operation does to one record: which, and which of its values."""

    kind: str
    names: str
    """The operation's field that names the record."""
    values: Callable[[Body], Body]


def _told(*left_out: str) -> Callable[[Body], Body]:
    """The operation's own fields, for records whose fields are named alike."""
    return lambda op: {name: value for name, value in op.items() if name not in {"op", *left_out}}


def _booked(op: Body) -> Body:
    return {**_told("visit_id")(op), "state": "booked"}


def _recorded(op: Body) -> Body:
    told = _told("visit_id", "outcome", "next_visit", "interpreter")(op)
    return {**told, "state": op.get("outcome")}


def _cancelled(op: Body) -> Body:
    return {"state": f"cancelled_by_{op.get('by')}", "cancel_reason": op.get("reason")}


def _state(op: Body) -> Body:
    return {"state": op.get("state")}


_EFFECTS: Final[Mapping[str, tuple[_Effect, ...]]] = {
    "note.write": (_Effect("note", "note_id", _told("note_id")),),
    "note.correct": (_Effect("note", "note_id", _told("note_id")),),
    "need.state": (
        _Effect("need", "need_id", lambda op: {**_told("need_id")(op), "state": "open"}),
    ),
    "need.review": (
        _Effect("need", "need_id", _state),
        _Effect("review", "review_id", _told("review_id")),
    ),
    "need.close": (
        _Effect("need", "need_id", _state),
        _Effect("review", "review_id", _told("review_id")),
    ),
    "visit.book": (_Effect("visit", "visit_id", _booked),),
    "visit.record": (_Effect("visit", "visit_id", _recorded),),
    "visit.cancel": (_Effect("visit", "visit_id", _cancelled),),
    "member.update": (_Effect("member", "member_id", _told("member_id")),),
    "offer.answer": (_Effect("answer", "answer_id", _told("answer_id")),),
}
"""The operations whose effect is plain. The others are among what is pending, and no more."""


def _lay_over(shown: Family, one: Pending, op: Body) -> None:
    for effect in _EFFECTS.get(str(op.get("op")), ()):
        record_id = _id(op.get(effect.names))
        if record_id is None:
            continue
        place = (effect.kind, record_id)
        before = shown.records.get(place) or Shown(effect.kind, record_id, None, {})
        body = {**before.body, **effect.values(op)}
        seen = (*before.pending, one.id)
        shown.records[place] = Shown(effect.kind, record_id, before.rev, body, seen)


def _id(told: object) -> UUID | None:
    try:
        return UUID(str(told))
    except ValueError:
        return None
