"""What can be asked at the door, and how it is written down.

A mutation is one thing that somebody meant: one family, one or more operations, all or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from nyefamilier.changes.intents import DecideReview
from nyefamilier.families.intents import (
    AddMember,
    AssignNurse,
    CorrectBirth,
    CorrectTerm,
    CoverNurse,
    MoveFamily,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterFamily,
    RegisterPregnancy,
    SetAddress,
    UpdateMember,
)
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.visits.intents import BookVisit, CancelVisit, RecordVisit, ReworkPlan

Operation: TypeAlias = (
    RegisterFamily
    | AddMember
    | UpdateMember
    | RegisterPregnancy
    | RecordBirth
    | RecordHomecoming
    | CorrectTerm
    | CorrectBirth
    | RecordLoss
    | RecordDeath
    | SetAddress
    | AssignNurse
    | CoverNurse
    | MoveFamily
    | MakeOffer
    | AnswerOffer
    | ChangeEnrolment
    | BookVisit
    | RecordVisit
    | CancelVisit
    | ReworkPlan
    | WriteNote
    | CorrectNote
    | StateNeed
    | ReviewNeed
    | CloseNeed
    | DecideReview
)

OPERATIONS_LIMIT = 40
"""The most operations in one mutation."""


@dataclass(frozen=True, slots=True, repr=False)
class Mutation:
    """One thing that somebody meant.

    Args:
        id: Made by whoever meant it; the same id is applied at most once.
        family_id: The one family that it touches.
        operations: What is done, in order.
        base_rev: The family's revision that the actor saw; None where that does not matter.
    """

    id: MutationId
    family_id: FamilyId
    operations: tuple[Operation, ...]
    base_rev: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """A mutation as it came from a phone.

    Args:
        mutation: What the nurse meant.
        device_id: The phone.
        occurred_at: When it was, as she says. It is shown, and decides nothing.
        raw: The very bytes that were sent.
        again: It was parked, and is tried again.
    """

    mutation: Mutation
    device_id: UUID
    occurred_at: datetime
    raw: bytes
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mutation. ``replayed``: it had been applied before; this is its answer."""

    mutation_id: MutationId
    family_id: FamilyId
    rev: int
    status: str
    replayed: bool = False


def canonical(mutation: Mutation) -> bytes:
    """The mutation as the bytes that are sealed into the log: equal bytes, equal meaning."""
    operations = [[type(one).__name__, one] for one in mutation.operations]
    return msgspec.json.encode({"v": 1, "base_rev": mutation.base_rev, "operations": operations})


def names_of(mutation: Mutation) -> str:
    """The operations' names, for the log's clear column."""
    return ",".join(type(one).__name__ for one in mutation.operations)
