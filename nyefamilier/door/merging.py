"""The merge table: which rule brings together what several devices say, by kind of operation.

Order is the server's, never a clock's. A value that nobody else changed since the sender looked is
written; one that another device changed to something else is contested, and both are kept; what is
so already is done.

Sources: the record may be added to, never written over (helsepersonelloven sections 39, 40, 42).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from nyefamilier.changes import store
from nyefamilier.changes.intents import DecideReview
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door import merging_offers, merging_people, merging_visits, merging_words
from nyefamilier.door.merged import Merged, Standing, Waits
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import (
    CorrectBirth,
    CorrectTerm,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.tables import MemberRow, PregnancyRow
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.tables import NeedRow
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.tables import EnrolmentRow, OfferRow
from nyefamilier.storage.base import FamilyRecord
from nyefamilier.visits.intents import BookVisit, CancelVisit, RecordVisit, ReworkPlan
from nyefamilier.visits.tables import VisitRow

Rule: TypeAlias = Callable[[Standing, Any], Merged]

RULES: Final[dict[type[Operation], Rule]] = {
    UpdateMember: merging_people.update_member,
    RecordBirth: merging_people.record_birth,
    RecordHomecoming: merging_people.record_homecoming,
    CorrectTerm: merging_people.correct_term,
    CorrectBirth: merging_people.correct_birth,
    RecordLoss: merging_people.record_loss,
    RecordDeath: merging_people.record_death,
    SetAddress: merging_people.set_address,
    MakeOffer: merging_offers.make_offer,
    AnswerOffer: merging_offers.answer_offer,
    ChangeEnrolment: merging_offers.change_enrolment,
    BookVisit: merging_visits.book_visit,
    RecordVisit: merging_visits.record_visit,
    CancelVisit: merging_visits.cancel_visit,
    ReworkPlan: merging_visits.rework_plan,
    WriteNote: merging_words.write_note,
    CorrectNote: merging_words.correct_note,
    StateNeed: merging_words.state_need,
    ReviewNeed: merging_words.review_need,
    CloseNeed: merging_words.close_need,
    DecideReview: merging_words.decide_review,
}
"""How an operation meets what others wrote. One that makes a record and has no rule is carried out;
a second record under its id is refused by the database."""

REFERENCES: Final[dict[type[Operation], dict[str, type[FamilyRecord]]]] = {
    UpdateMember: {"member_id": MemberRow},
    RecordBirth: {"pregnancy_id": PregnancyRow},
    RecordHomecoming: {"pregnancy_id": PregnancyRow},
    CorrectTerm: {"pregnancy_id": PregnancyRow},
    CorrectBirth: {"pregnancy_id": PregnancyRow},
    RecordLoss: {"pregnancy_id": PregnancyRow},
    RecordDeath: {"member_id": MemberRow},
    MakeOffer: {"pregnancy_id": PregnancyRow},
    AnswerOffer: {"offer_id": OfferRow},
    ChangeEnrolment: {"enrolment_id": EnrolmentRow},
    CancelVisit: {"visit_id": VisitRow},
    ReworkPlan: {"enrolment_id": EnrolmentRow},
    WriteNote: {"member_id": MemberRow, "visit_id": VisitRow},
    CorrectNote: {"corrects": NoteRow},
    StateNeed: {"stated_by": MemberRow, "visit_id": VisitRow},
    ReviewNeed: {"need_id": NeedRow, "visit_id": VisitRow},
    CloseNeed: {"need_id": NeedRow, "closed_by": MemberRow, "visit_id": VisitRow},
    DecideReview: {"review_id": InboxRow},
}
"""The records that an operation speaks of and does not make itself."""


def merge(standing: Standing, operation: Operation) -> Merged:
    """What is to be done about an operation, as the family stands now.

    Raises:
        Waits: something that it speaks of is not here yet.
        Unavailable: ``record-damaged``.
    """
    resolved = resolve(standing, operation)
    rule = RULES.get(type(resolved))
    merged = Merged((resolved,)) if rule is None else rule(standing, resolved)
    standing.same.update({told: here for _, told, here in merged.same})
    return merged


def resolve(standing: Standing, operation: Operation) -> Operation:
    """The operation, speaking of records by the ids that they have here.

    Raises:
        Waits: one of them is not here yet.
    """
    for name, kind in REFERENCES.get(type(operation), {}).items():
        told = getattr(operation, name)
        if told is None or standing.find(kind, told) is not None:
            continue
        here = standing.same.get(told) or store.same_as(
            standing.dossier.work.session, standing.dossier.id, kind.__tablename__, told
        )
        if here is None:
            raise Waits(told, "waits-for-record", f"/{name}")
        standing.same[told] = here
        operation = replace(operation, **{name: here})  # type: ignore[arg-type]
    return operation
