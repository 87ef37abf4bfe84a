"""Offers' use cases: make an offer, record an answer, change an enrolment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import cast
from uuid import UUID

from nyefamilier.families import store as families_store
from nyefamilier.families.bodies import PregnancyBody
from nyefamilier.families.dossier import Dossier
from nyefamilier.families.events import (
    AnchorsChanged,
    LanguagesTold,
    PregnancyRegistered,
    ProgrammeEnded,
)
from nyefamilier.families.holding import foresee_records
from nyefamilier.families.rules import check_not_before, check_of_pregnancy, check_past
from nyefamilier.families.service import note_first_offer, parents_of, participation_of
from nyefamilier.families.states import LOSSES, Outcome
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.clock import month_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber, PregnancyId, new_id
from nyefamilier.offers import store
from nyefamilier.offers.bodies import OfferBody
from nyefamilier.offers.events import (
    ChildBorn,
    EnrolmentClosed,
    EnrolmentEnded,
    EnrolmentStarted,
    FamilyIdentified,
    LanguageKnown,
    OfferAnswered,
    OfferMade,
)
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import (
    OPEN_STATES,
    OURS,
    Answer,
    Basis,
    EnrolmentState,
    is_in_time,
    language_group,
    move,
    require_offered,
)
from nyefamilier.offers.tables import AnswerRow, EnrolmentRow, OfferRow
from nyefamilier.protocols.service import current
from nyefamilier.storage.work import Work


def make_offer(dossier: Dossier, intent: MakeOffer) -> None:
    """Offer a programme for one pregnancy.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: ``unknown-programme``, ``date-in-future``, ``date-too-old``,
            ``reason-missing``, ``offer-open``, ``pregnancy-lost``.
    """
    require_offered(intent.programme)
    check_past(intent.offered_on, dossier.work.today, "/offered_on")
    if intent.basis is Basis.EXTENDED_NEED and not intent.reason:
        raise RuleBroken(
            "reason-missing",
            "An offer on the basis of extended need says why. The reason is kept sealed.",
            pointer="/reason",
        )
    term = _require_living(dossier, intent.pregnancy_id).term
    check_of_pregnancy(term, intent.offered_on, "/offered_on")
    if dossier.sender is None:
        # Two nurses who could not know of each other's offer have both made one.
        _require_no_open_offer(dossier, intent)
    row = OfferRow(
        id=intent.offer_id,
        pregnancy_id=intent.pregnancy_id,
        programme=intent.programme,
        basis=intent.basis,
        channel=intent.channel,
        offered_on=intent.offered_on,
        answer=Answer.UNANSWERED,
    )
    dossier.put(row, OfferBody(intent.reason))
    if intent.programme == OURS:
        note_first_offer(dossier, PregnancyId(intent.pregnancy_id), intent.offered_on)
    key, bydel, month = _identity(dossier, intent.pregnancy_id, intent.offered_on)
    dossier.work.record(
        OfferMade(key, bydel, month, intent.programme, intent.basis, intent.channel)
    )


def answer_offer(dossier: Dossier, intent: AnswerOffer) -> None:
    """Record what the family said; a yes enrols it under today's version of the protocol.

    Raises:
        NotFound: the family has no such offer.
        RuleBroken: ``date-in-future``, ``answer-before-offer``, ``offer-accepted``,
            ``enrolment-already-active``, ``pregnancy-lost``.
    """
    offer = dossier.record(OfferRow, intent.offer_id)
    check_past(intent.answered_on, dossier.work.today, "/answered_on")
    if intent.answered_on < offer.offered_on:
        raise RuleBroken(
            "answer-before-offer", "The answer is older than the offer.", pointer="/answered_on"
        )
    if offer.answer == Answer.YES and dossier.sender is None:
        raise RuleBroken(
            "offer-accepted",
            "The family has said yes to this offer. If it no longer wants visits, pause or end "
            "its enrolment.",
        )
    accepted = offer.answer == Answer.YES
    if intent.answer is Answer.YES and not accepted:
        _require_living(dossier, offer.pregnancy_id)
        _require_no_enrolment(dossier)
    row = AnswerRow(
        id=intent.answer_id,
        offer_id=offer.id,
        answer=intent.answer,
        answered_on=intent.answered_on,
    )
    dossier.stamp(row)
    # What somebody was told without network stands beside a yes; only a person takes a yes back.
    newest = offer.answered_on is None or intent.answered_on >= offer.answered_on
    if newest and not accepted:
        _make_current(dossier, offer, intent)


def change_enrolment(dossier: Dossier, intent: ChangeEnrolment) -> None:
    """Pause, resume, complete or end the enrolment.

    Raises:
        NotFound: the family has no such enrolment.
        RuleBroken: see `offers.states.move`; ``date-in-future``, ``date-too-old``.
    """
    row = dossier.record(EnrolmentRow, intent.enrolment_id)
    check_past(intent.on, dossier.work.today, "/on")
    check_not_before(row.started_on, intent.on, "/on", "the family took part")
    _close(dossier, row, intent.to, intent.on)


def identify(work: Work, event: PregnancyRegistered) -> None:
    """Tell statistics that a pregnancy became known, and what the family speaks."""
    dossier: Dossier = work.dossiers[event.family_id]
    key, bydel, month = _identity(dossier, event.pregnancy_id, work.today)
    basis = None if event.basis is None else Basis(event.basis)
    work.record(FamilyIdentified(key, bydel, month, basis))
    _tell_language(dossier, event.pregnancy_id)


def tell_language(work: Work, event: LanguagesTold) -> None:
    """Tell statistics what the family speaks now, of the pregnancy that it is followed for."""
    dossier: Dossier = work.dossiers[event.family_id]
    if not dossier.may_have(PregnancyRow):
        return
    pregnancy_id = pregnancy_of(dossier, enrolment_now(dossier))
    if pregnancy_id is not None:
        _tell_language(dossier, pregnancy_id)


def tell_birth(work: Work, event: AnchorsChanged) -> None:
    """Tell statistics of a birth, and the homecoming, in months; anew when either changes."""
    dossier: Dossier = work.dossiers[event.family_id]
    row = dossier.record(PregnancyRow, event.pregnancy_id)
    if row.outcome != Outcome.BORN or row.ended_on is None:
        return
    home = None if row.homecoming_on is None else month_of(row.homecoming_on)
    work.record(ChildBorn(*_identity(dossier, event.pregnancy_id, row.ended_on), home))


def end_by_loss(work: Work, event: ProgrammeEnded) -> None:
    """End the enrolment of a pregnancy that has no living or expected child any more."""
    dossier: Dossier = work.dossiers[event.family_id]
    row = store.open_enrolment(work.session, event.family_id)
    if row is not None and row.pregnancy_id == event.pregnancy_id:
        _close(dossier, row, EnrolmentState.ENDED_BY_LOSS, work.today)


def foresee_enrolments(work: Work, family_ids: Collection[UUID]) -> None:
    """Have at hand the enrolments that some families have now, and their pregnancies.

    The families are held. One that writes an enrolment is asked for it anew.
    """
    rows = {row.family_id: row for row in store.open_enrolments(work.session, family_ids)}
    work.foreseen.update({(EnrolmentRow, one): rows.get(one) for one in family_ids})
    foresee_records(work, PregnancyRow, {row.pregnancy_id for row in rows.values()})


def pregnancy_of(dossier: Dossier, enrolment: EnrolmentRow | None) -> UUID | None:
    """The pregnancy that the family is followed for: its enrolment's, or else its latest."""
    if enrolment is not None:
        return enrolment.pregnancy_id
    pregnancies = families_store.pregnancies(dossier.work.session, dossier.id)
    return pregnancies[-1].id if pregnancies else None


def enrolment_now(dossier: Dossier) -> EnrolmentRow | None:
    """The enrolment that the family has now, active or paused."""
    known = dossier.work.foreseen
    if (EnrolmentRow, dossier.id) in known:
        return cast("EnrolmentRow | None", known[EnrolmentRow, dossier.id])
    return store.open_enrolment(dossier.work.session, dossier.id)


def _make_current(dossier: Dossier, offer: OfferRow, intent: AnswerOffer) -> None:
    offer.answer, offer.answered_on = intent.answer, intent.answered_on
    dossier.touch(offer)
    dossier.work.record(_answered(dossier, offer, intent))
    if intent.answer is Answer.YES:
        _enrol(dossier, offer, intent.answered_on)


def _answered(dossier: Dossier, offer: OfferRow, intent: AnswerOffer) -> OfferAnswered:
    body, on = _body_of(dossier, offer.pregnancy_id), intent.answered_on
    pregnancy = dossier.record(PregnancyRow, offer.pregnancy_id)
    offered_on = body.offered_on or offer.offered_on
    return OfferAnswered(
        *_identity(dossier, offer.pregnancy_id, on),
        programme=offer.programme,
        answer=intent.answer,
        in_time=offer.programme == OURS and is_in_time(intent.answer, on, offered_on),
        after_birth=pregnancy.ended_on is not None and on >= pregnancy.ended_on,
    )


def _tell_language(dossier: Dossier, pregnancy_id: UUID) -> None:
    parents = parents_of(dossier)
    group = language_group((one.language, one.interpreter is not None) for one in parents)
    identity = _identity(dossier, pregnancy_id, dossier.work.today)
    dossier.work.record(LanguageKnown(*identity, group))


def _enrol(dossier: Dossier, offer: OfferRow, on: date) -> None:
    row = EnrolmentRow(
        id=new_id(dossier.work.now),
        offer_id=offer.id,
        pregnancy_id=offer.pregnancy_id,
        programme=offer.programme,
        protocol_version=current(offer.programme, on).version,
        state=EnrolmentState.ACTIVE,
        started_on=on,
    )
    dossier.stamp(row)
    dossier.work.session.flush()
    dossier.work.record(EnrolmentStarted(dossier.id, PregnancyId(offer.pregnancy_id)))


def _close(dossier: Dossier, row: EnrolmentRow, to: EnrolmentState, on: date) -> None:
    row.state = move(EnrolmentState(row.state), to)
    dossier.stamp(row)
    if to in OPEN_STATES:
        return
    row.ended_on = on
    key, bydel, month = _identity(dossier, row.pregnancy_id, on)
    dossier.work.record(EnrolmentEnded(key, bydel, month, row.programme, to))
    dossier.work.record(EnrolmentClosed(dossier.id, PregnancyId(row.pregnancy_id)))


def _identity(
    dossier: Dossier, pregnancy_id: UUID, day: date
) -> tuple[UUID, BydelNumber | None, date]:
    """How statistics know this pregnancy: its random key, the bydel, the month."""
    body = _body_of(dossier, pregnancy_id)
    return body.participation, dossier.bydel_on(day), month_of(day)


def _body_of(dossier: Dossier, pregnancy_id: UUID) -> PregnancyBody:
    return participation_of(dossier, PregnancyId(pregnancy_id))


def _require_living(dossier: Dossier, pregnancy_id: UUID) -> PregnancyRow:
    pregnancy = dossier.record(PregnancyRow, pregnancy_id)
    if pregnancy.outcome in LOSSES:
        raise RuleBroken(
            "pregnancy-lost",
            "This pregnancy ended without a living child; nothing more is offered for it. "
            "Visits that the parents want can still be recorded.",
        )
    return pregnancy


def _require_no_open_offer(dossier: Dossier, intent: MakeOffer) -> None:
    if not dossier.may_have(OfferRow):
        return
    for offer in store.offers_of(dossier.work.session, dossier.id):
        same = (offer.pregnancy_id, offer.programme) == (intent.pregnancy_id, intent.programme)
        if same and offer.answer in {Answer.UNANSWERED, Answer.LATER}:
            raise RuleBroken(
                "offer-open",
                "The family has an offer of this programme that waits for an answer. Record the "
                "answer instead.",
            )


def _require_no_enrolment(dossier: Dossier) -> None:
    if store.open_enrolment(dossier.work.session, dossier.id) is not None:
        raise RuleBroken(
            "enrolment-already-active",
            "The family is already enrolled in a programme. End that enrolment first.",
        )
