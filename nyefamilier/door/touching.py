"""Which values of which records an operation writes, as ``kind:id:group``; pure.

The log keeps them in the clear beside each mutation: codes and ids, never a value. They are all
that is asked when somebody wants to know whether another device changed the same value since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.changes.intents import DecideReview
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import (
    AddMember,
    AssignNurse,
    CorrectBirth,
    CorrectTerm,
    CoverNurse,
    MoveFamily,
    NewAddress,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterFamily,
    RegisterPregnancy,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.states import Protection
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.visits.intents import BookVisit, CancelVisit, RecordVisit, ReworkPlan

Touch: TypeAlias = tuple[str, UUID, str]
"""A record's kind and id, and a group of values in it that are one value to a nurse."""

NEW: Final = "new"
"""The group of a record that is made."""

CONTACT_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name",),
    "identity": ("national_id", "national_id_type"),
    "phone": ("phone",),
    "language": ("language", "interpreter"),
    "texts": ("no_texts",),
}
"""What is known of a person, in the groups that are one value each."""


def touched_by(family_id: UUID, operations: Iterable[Operation]) -> list[str]:
    """What some operations on a family write, in the words of the log."""
    found = (touch for one in operations for touch in touches(family_id, one))
    return sorted({told(touch) for touch in found})


def told(touch: Touch) -> str:
    """The touch as the log has it."""
    kind, record_id, group = touch
    return f"{kind}:{record_id}:{group}"


def groups_of(change: UpdateMember) -> list[str]:
    """The groups of which a change of a person tells something."""
    if change.only is None:
        return list(CONTACT_GROUPS)
    only = set(change.only)
    return [group for group, fields in CONTACT_GROUPS.items() if not only.isdisjoint(fields)]


def touches(family_id: UUID, operation: Operation) -> Iterator[Touch]:
    """What one operation writes."""
    match operation:
        case RegisterFamily() | SetAddress() | MoveFamily():
            yield from _of_place(family_id, operation)
        case AssignNurse() | CoverNurse():
            yield from [("family", family_id, "team"), ("team", operation.team_id, NEW)]
        case AddMember() | UpdateMember() | RecordDeath():
            yield from _of_member(operation)
        case (
            RegisterPregnancy()
            | RecordBirth()
            | RecordHomecoming()
            | RecordLoss()
            | CorrectTerm()
            | CorrectBirth()
        ):
            yield from _of_pregnancy(operation)
        case MakeOffer() | AnswerOffer() | ChangeEnrolment() | ReworkPlan():
            yield from _of_offer(operation)
        case BookVisit() | RecordVisit() | CancelVisit():
            yield from _of_visit(operation)
        case WriteNote() | CorrectNote():
            yield from _of_note(operation)
        case StateNeed() | ReviewNeed() | CloseNeed():
            yield from _of_need(operation)
        case DecideReview():
            yield "inbox", operation.review_id, "decision"


def _of_place(
    family_id: UUID, operation: RegisterFamily | SetAddress | MoveFamily
) -> Iterator[Touch]:
    yield from _of_address(family_id, operation.address)
    if isinstance(operation, RegisterFamily):
        yield "family", family_id, NEW
        yield from (("member", member.id, NEW) for member in operation.members)
    if isinstance(operation, MoveFamily):
        yield from [("move", operation.move_id, NEW), ("family", family_id, "team")]


def _of_address(family_id: UUID, address: NewAddress) -> Iterator[Touch]:
    yield "address", address.id, NEW
    yield "family", family_id, "address"
    if address.protection is not Protection.NONE:
        yield "family", family_id, "protection"


def _of_member(operation: AddMember | UpdateMember | RecordDeath) -> Iterator[Touch]:
    match operation:
        case AddMember():
            yield "member", operation.member.id, NEW
        case UpdateMember():
            yield from (("member", operation.member_id, group) for group in groups_of(operation))
        case RecordDeath():
            yield "member", operation.member_id, "death"


def _of_pregnancy(
    operation: (
        RegisterPregnancy | RecordBirth | RecordHomecoming | RecordLoss | CorrectTerm | CorrectBirth
    ),
) -> Iterator[Touch]:
    pregnancy = operation.pregnancy_id
    match operation:
        case RegisterPregnancy():
            yield "pregnancy", pregnancy, NEW
        case RecordHomecoming():
            yield "pregnancy", pregnancy, "homecoming"
        case CorrectTerm():
            yield "pregnancy", pregnancy, "term"
        case CorrectBirth():
            yield "pregnancy", pregnancy, "birth"
        case RecordLoss():
            yield "pregnancy", pregnancy, "outcome"
        case RecordBirth():
            yield "pregnancy", pregnancy, "outcome"
            if operation.homecoming_on is not None:
                yield "pregnancy", pregnancy, "homecoming"
            yield from (("member", child.member_id, NEW) for child in operation.children)


def _of_offer(
    operation: MakeOffer | AnswerOffer | ChangeEnrolment | ReworkPlan,
) -> Iterator[Touch]:
    match operation:
        case MakeOffer():
            yield "offer", operation.offer_id, NEW
        case AnswerOffer():
            yield "answer", operation.answer_id, NEW
            yield "offer", operation.offer_id, "answer"
        case ChangeEnrolment():
            yield "enrolment", operation.enrolment_id, "state"
        case ReworkPlan():
            yield "enrolment", operation.enrolment_id, "plan"


def _of_visit(operation: BookVisit | RecordVisit | CancelVisit) -> Iterator[Touch]:
    # That a visit is called off is its plan's last word; what became of it is another matter.
    group = "outcome" if isinstance(operation, RecordVisit) else "plan"
    yield "visit", operation.visit_id, group
    if isinstance(operation, RecordVisit) and operation.next_visit is not None:
        yield "visit", operation.next_visit.id, "plan"


def _of_note(operation: WriteNote | CorrectNote) -> Iterator[Touch]:
    yield "note", operation.note_id, NEW
    if isinstance(operation, CorrectNote):
        yield "note", operation.corrects, "correction"


def _of_need(operation: StateNeed | ReviewNeed | CloseNeed) -> Iterator[Touch]:
    if isinstance(operation, StateNeed):
        yield "need", operation.need_id, NEW
    else:
        yield "need", operation.need_id, "state"
        yield "review", operation.review_id, NEW
