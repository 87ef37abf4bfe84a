"""Which use case carries out which operation, and what an actor must be allowed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from nyefamilier.access.rules import Action
from nyefamilier.door.mutations import OPERATIONS_LIMIT, Mutation, Operation
from nyefamilier.families import correcting, placing
from nyefamilier.families import intents as families_want
from nyefamilier.families import service as families
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.journal import intents as journal_wants
from nyefamilier.journal import service as journal
from nyefamilier.kernel.errors import RuleBroken, TooLarge
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs import intents as needs_want
from nyefamilier.needs import service as needs
from nyefamilier.offers import intents as offers_want
from nyefamilier.offers import service as offers
from nyefamilier.storage.work import Work
from nyefamilier.visits import booking
from nyefamilier.visits import correcting as visits_correcting
from nyefamilier.visits import intents as visits_want
from nyefamilier.visits import service as visits

Handler: TypeAlias = Callable[[Dossier, Any], None]

HANDLERS: Final[dict[type[Operation], Handler]] = {
    families_want.AddMember: families.add_member,
    families_want.UpdateMember: families.update_member,
    families_want.RegisterPregnancy: families.register_pregnancy,
    families_want.RecordBirth: families.record_birth,
    families_want.RecordHomecoming: families.record_homecoming,
    families_want.CorrectTerm: correcting.correct_term,
    families_want.CorrectBirth: visits_correcting.correct_birth,
    families_want.RecordLoss: families.record_loss,
    families_want.RecordDeath: families.record_death,
    families_want.SetAddress: placing.set_address,
    families_want.AssignNurse: placing.assign_nurse,
    families_want.CoverNurse: placing.cover_nurse,
    families_want.MoveFamily: placing.move_family,
    offers_want.MakeOffer: offers.make_offer,
    offers_want.AnswerOffer: offers.answer_offer,
    offers_want.ChangeEnrolment: offers.change_enrolment,
    visits_want.BookVisit: booking.book_visit,
    visits_want.RecordVisit: visits.record_visit,
    visits_want.CancelVisit: visits.cancel_visit,
    visits_want.ReworkPlan: visits.rework_plan,
    journal_wants.WriteNote: journal.write_note,
    journal_wants.CorrectNote: journal.correct_note,
    needs_want.StateNeed: needs.state_need,
    needs_want.ReviewNeed: needs.review_need,
    needs_want.CloseNeed: needs.close_need,
}
"""Every operation but two: `RegisterFamily` makes the dossier that the others are given, and
`DecideReview` may carry out any of them (see `deciding`).
"""

ASSIGNING: Final = frozenset(
    {families_want.AssignNurse, families_want.CoverNurse, families_want.MoveFamily}
)
"""What says who follows a family: a lead may do it too, and nobody does it offline."""


def open_for(
    work: Work, family_id: FamilyId, operation: Operation, *, first: bool = True
) -> Dossier:
    """The family, open for an operation; a registration makes it, and is carried out by that.

    Raises:
        NotFound, NotAllowed: see `access.rules.ground_of`.
        RuleBroken: ``registration-first``; see `families.service.register_family`.
        Unavailable: the key provider is away.
    """
    if isinstance(operation, families_want.RegisterFamily):
        if not first:
            raise RuleBroken("registration-first", "A family is registered once, and first.")
        return families.register_family(work, family_id, operation)
    action = Action.ASSIGN if type(operation) in ASSIGNING else Action.WRITE
    return open_dossier(work, family_id, action, type(operation).__name__)


def do(dossier: Dossier, operation: Operation) -> None:
    """Carry out an operation on a family that is open for it.

    Raises:
        Refusal: see its use case.
    """
    HANDLERS[type(operation)](dossier, operation)


def check_size(mutation: Mutation) -> None:
    """Refuse a mutation that does nothing, or too much at once.

    Raises:
        RuleBroken: ``no-operations``.
        TooLarge: ``too-many-operations``.
    """
    if not mutation.operations:
        raise RuleBroken("no-operations", "A mutation has at least one operation.")
    if len(mutation.operations) > OPERATIONS_LIMIT:
        raise TooLarge(
            "too-many-operations", f"At most {OPERATIONS_LIMIT} operations in one mutation."
        )
