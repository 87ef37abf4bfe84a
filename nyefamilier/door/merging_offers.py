"""How what several devices say of offers is brought together: dated facts, which all stand."""

from __future__ import annotations

from uuid import UUID

from nyefamilier.door.merged import Contested, Merged, Standing, plain
from nyefamilier.families.states import LOSSES
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.offers import store
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import OPEN_STATES, Answer
from nyefamilier.offers.tables import AnswerRow, EnrolmentRow, OfferRow


def make_offer(standing: Standing, offer: MakeOffer) -> Merged:
    """The same offer told twice is one; others stand beside each other."""
    touch = ("offer", offer.offer_id, "new")
    proposed = plain(
        programme=offer.programme, basis=offer.basis, offered_on=offer.offered_on
    ) | plain(channel=offer.channel, reason=offer.reason)
    reason = _not_to_be_offered(standing, offer.pregnancy_id)
    if reason is not None:
        return Merged((), (Contested(touch, reason, offer, {}, proposed),))
    twin = _twin(standing, offer)
    if twin is not None:
        return Merged(reason="offer-known", same=(("offer", offer.offer_id, twin.id),))
    return Merged((offer,))


def answer_offer(standing: Standing, answer: AnswerOffer) -> Merged:
    """Every answer stands; the latest dated is current. A later no to a yes is for a person."""
    offer = standing.dossier.record(OfferRow, answer.offer_id)
    row = standing.find(AnswerRow, answer.answer_id)
    if row is not None and (row.answer, row.answered_on) == (answer.answer, answer.answered_on):
        return Merged()
    touch = ("offer", offer.id, "answer")
    current = plain(answer=offer.answer, answered_on=offer.answered_on)
    proposed = plain(answer=answer.answer, answered_on=answer.answered_on)
    if current == proposed:
        return Merged()
    ended = _not_to_be_offered(standing, offer.pregnancy_id)
    if answer.answer is Answer.YES and ended is not None:
        return Merged((), (Contested(touch, ended, answer, current, proposed),))
    if offer.answer == Answer.YES and _takes_back(offer, answer):
        flagged = Contested(touch, "offer-accepted", None, current, proposed)
        return Merged((answer,), (flagged,))
    return Merged((answer,))


def change_enrolment(standing: Standing, change: ChangeEnrolment) -> Merged:
    """A step from where the sender saw the enrolment."""
    row = standing.dossier.record(EnrolmentRow, change.enrolment_id)
    if row.state == change.to:
        return Merged()
    touch = ("enrolment", row.id, "state")
    if row.state in OPEN_STATES and not standing.changed(touch):
        return Merged((change,))
    current = plain(to=row.state, on=row.ended_on)
    proposed = plain(to=change.to, on=change.on)
    reason = "changed-since" if row.state in OPEN_STATES else "enrolment-closed"
    return Merged((), (Contested(touch, reason, change, current, proposed),))


def _not_to_be_offered(standing: Standing, pregnancy_id: UUID) -> str | None:
    """A loss, or a death, wins over an offer that was made without knowing of it."""
    ended = standing.ended()
    if ended in {"programme-ended", "member-died"}:
        return ended
    row = standing.dossier.record(PregnancyRow, pregnancy_id)
    return "programme-ended" if row.outcome in LOSSES else None


def _twin(standing: Standing, offer: MakeOffer) -> OfferRow | None:
    """An offer that another device told of, the same in all that can be counted."""
    dossier = standing.dossier
    if not standing.others:
        return None
    for row in store.offers_of(dossier.work.session, dossier.id):
        here = (row.pregnancy_id, row.programme, row.basis, row.channel, row.offered_on)
        told = (offer.pregnancy_id, offer.programme, offer.basis, offer.channel, offer.offered_on)
        if here == told and standing.changed(("offer", row.id, "new")):
            return row
    return None


def _takes_back(offer: OfferRow, answer: AnswerOffer) -> bool:
    later = offer.answered_on is None or answer.answered_on >= offer.answered_on
    return answer.answer is not Answer.YES and later
