"""The one door for writes.

A page, a REST call, an import and a job all come through `apply`: the family's row locked, its
revision raised by one, each touched row stamped with it, the sealed mutation kept with its answer,
facts told to statistics, all in the transaction of the given work.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy.exc import IntegrityError

from nyefamilier.access.rules import Action
from nyefamilier.changes import store
from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.mutations import (
    OPERATIONS_LIMIT,
    Answer,
    Mutation,
    Operation,
    canonical,
    names_of,
)
from nyefamilier.families import intents as families_want
from nyefamilier.families import placing
from nyefamilier.families import service as families
from nyefamilier.families.dossier import Dossier, cipher_of_sender, open_dossier
from nyefamilier.journal import intents as journal_wants
from nyefamilier.journal import service as journal
from nyefamilier.kernel.errors import Conflict, RuleBroken, StaleVersion, TooLarge
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs import intents as needs_want
from nyefamilier.needs import service as needs
from nyefamilier.offers import intents as offers_want
from nyefamilier.offers import service as offers
from nyefamilier.storage.engine import names_taken_id
from nyefamilier.storage.work import Work
from nyefamilier.visits import intents as visits_want
from nyefamilier.visits import service as visits

Handler = Callable[[Dossier, Any], None]

HANDLERS: dict[type[Operation], tuple[Action, Handler]] = {
    families_want.AddMember: (Action.WRITE, families.add_member),
    families_want.UpdateMember: (Action.WRITE, families.update_member),
    families_want.RegisterPregnancy: (Action.WRITE, families.register_pregnancy),
    families_want.RecordBirth: (Action.WRITE, families.record_birth),
    families_want.RecordHomecoming: (Action.WRITE, families.record_homecoming),
    families_want.RecordLoss: (Action.WRITE, families.record_loss),
    families_want.RecordDeath: (Action.WRITE, families.record_death),
    families_want.SetAddress: (Action.WRITE, placing.set_address),
    families_want.AssignNurse: (Action.ASSIGN, placing.assign_nurse),
    families_want.CoverNurse: (Action.ASSIGN, placing.cover_nurse),
    families_want.MoveFamily: (Action.ASSIGN, placing.move_family),
    offers_want.MakeOffer: (Action.WRITE, offers.make_offer),
    offers_want.AnswerOffer: (Action.WRITE, offers.answer_offer),
    offers_want.ChangeEnrolment: (Action.WRITE, offers.change_enrolment),
    visits_want.BookVisit: (Action.WRITE, visits.book_visit),
    visits_want.RecordVisit: (Action.WRITE, visits.record_visit),
    visits_want.CancelVisit: (Action.WRITE, visits.cancel_visit),
    journal_wants.WriteNote: (Action.WRITE, journal.write_note),
    journal_wants.CorrectNote: (Action.WRITE, journal.correct_note),
    needs_want.StateNeed: (Action.WRITE, needs.state_need),
    needs_want.ReviewNeed: (Action.WRITE, needs.review_need),
    needs_want.CloseNeed: (Action.WRITE, needs.close_need),
}
"""Every operation but `RegisterFamily`, which makes the dossier that the others are given."""

_APPLIED = "applied"


def apply(work: Work, mutation: Mutation) -> Answer:
    """Apply a mutation exactly once, and say what became of it.

    Raises:
        Conflict: ``mutation-id-reused``: another mutation was taken in under this id;
            ``id-taken``: a new record's id is another's already.
        NotFound, NotAllowed: see `access.rules.ground_of`.
        StaleVersion: the family has been written since ``base_rev``.
        RuleBroken, TooLarge: see the operations' handlers; ``no-operations``.
        Unavailable: the key provider is away.
    """
    (answer,) = apply_all(work, [mutation])
    return answer


def apply_all(work: Work, mutations: Sequence[Mutation]) -> list[Answer]:
    """Apply mutations of different families, each exactly once: all, or by raising none.

    The same as one after the other, some times faster: the database is told of all at once.

    Raises:
        Refusal: what `apply` would raise of one of them; it is not said of which.
        ValueError: two of them are of one family.
    """
    if len({one.family_id for one in mutations}) < len(mutations):
        raise ValueError("a family's mutations are applied one after the other")
    for one in mutations:
        _check_size(one)
    ids = [one.id for one in mutations]
    # A family's id takes its turn too: two registrations under one id are told apart in order.
    store.take_turns(work.session, [*ids, *_newcomers(mutations)])
    known = store.mutations(work.session, ids)
    _require_new(work, _newcomers([one for one in mutations if one.id not in known]))
    with _ids_taken():
        answers = [_apply(work, one, known.get(one.id)) for one in mutations]
        work.session.flush()
    return answers


def _newcomers(mutations: Sequence[Mutation]) -> list[FamilyId]:
    registering = families_want.RegisterFamily
    return [one.family_id for one in mutations if isinstance(one.operations[0], registering)]


def _require_new(work: Work, family_ids: Sequence[FamilyId]) -> None:
    if family_ids and families.any_exists(work, family_ids):
        raise Conflict("family-exists", "A family with this id has been registered already.")


def _apply(work: Work, mutation: Mutation, known: MutationRow | None) -> Answer:
    if known is not None:
        return _replay(work, mutation, known)
    dossier = _carry_out(work, mutation)
    answer = Answer(mutation.id, mutation.family_id, dossier.family.rev, _APPLIED)
    _keep(dossier, mutation, answer)
    return answer


@contextmanager
def _ids_taken() -> Generator[None]:
    """Tell the client that an id which it made for a new record is in use.

    The database finds out, since the record may be another family's, which no query may see.
    """
    try:
        yield
    except IntegrityError as error:
        if not names_taken_id(error):
            raise
        raise Conflict(
            "id-taken", "Another record has the id that you gave to a new one. Make a new UUID."
        ) from None


def _check_size(mutation: Mutation) -> None:
    if not mutation.operations:
        raise RuleBroken("no-operations", "A mutation has at least one operation.")
    if len(mutation.operations) > OPERATIONS_LIMIT:
        raise TooLarge(
            "too-many-operations", f"At most {OPERATIONS_LIMIT} operations in one mutation."
        )


def _carry_out(work: Work, mutation: Mutation) -> Dossier:
    first, *rest = mutation.operations
    dossier = _begin(work, mutation, first)
    for operation in rest:
        dossier = _do(work, mutation, operation)
    return dossier


def _begin(work: Work, mutation: Mutation, first: Operation) -> Dossier:
    if isinstance(first, families_want.RegisterFamily):
        return families.register_family(work, mutation.family_id, first)
    return _do(work, mutation, first)


def _do(work: Work, mutation: Mutation, operation: Operation) -> Dossier:
    if isinstance(operation, families_want.RegisterFamily):
        raise RuleBroken("registration-first", "A family is registered once, and first.")
    action, handle = HANDLERS[type(operation)]
    dossier = open_dossier(work, mutation.family_id, action, type(operation).__name__)
    _require_seen(dossier, mutation)
    handle(dossier, operation)
    return dossier


def _require_seen(dossier: Dossier, mutation: Mutation) -> None:
    """Refuse a mutation that was meant for an older revision. The dossier is one ahead of it."""
    seen = dossier.family.rev - 1
    if mutation.base_rev is not None and mutation.base_rev != seen:
        raise StaleVersion(seen)


def _keep(dossier: Dossier, mutation: Mutation, answer: Answer) -> None:
    rev = dossier.family.rev
    seal = dossier.cipher.seal
    request = seal("mutation", "request", mutation.id, rev, canonical(mutation))
    link, chain = dossier.add_link(mutation.id, request)
    row = MutationRow(
        id=mutation.id,
        family_id=mutation.family_id,
        rev=rev,
        actor_id=dossier.work.actor.id,
        doorway=dossier.work.occasion.doorway,
        operations=names_of(mutation),
        received_at=dossier.work.now,
        status=answer.status,
        request=request,
        answer=seal("mutation", "answer", mutation.id, rev, msgspec.json.encode(answer)),
        link=link,
        chain=chain,
    )
    dossier.work.session.add(row)


def _replay(work: Work, mutation: Mutation, known: MutationRow) -> Answer:
    """The stored answer, if it is the same actor and the same content.

    Contents are compared opened: a digest in the clear would let a guess be checked.
    """
    reused = Conflict(
        "mutation-id-reused",
        "Another change was sent under this Idempotency-Key. Give each change a key of its own.",
    )
    if known.actor_id != work.actor.id or known.family_id != mutation.family_id:
        raise reused
    cipher = cipher_of_sender(work, mutation.family_id)
    request = cipher.open("mutation", "request", known.id, known.rev, known.request)
    if request != canonical(mutation):
        raise reused
    answer = cipher.open("mutation", "answer", known.id, known.rev, known.answer)
    return replace(msgspec.json.decode(answer, type=Answer), replayed=True)
