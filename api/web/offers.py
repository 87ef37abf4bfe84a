"""Offering the programme, what the family says, and how its participation goes on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.records import the_one
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import present_pregnancy
from api.web.submitting import Errand, carried_out, ids_of, opened, seen, shown
from api.web.wording import PROGRAMMES
from nyefamilier.door.mutations import Operation
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.intents import REASON_CHARS, AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.offers.views import Enrolment, Offer, enrolments, offers

CHOSEN_BY_HAND = (
    EnrolmentState.ACTIVE,
    EnrolmentState.PAUSED,
    EnrolmentState.WITHDRAWN,
    EnrolmentState.MOVED_OUT,
    EnrolmentState.COMPLETED,
)
"""Where a nurse may move an enrolment. A loss ends it by itself."""

_OFFER_FIELDS = {"/offered_on": "offered_on", "/reason": "reason", "/programme": "programme"}


@pages.route("/families/<uuid:family_id>/offers/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def make_offer(family_id: UUID) -> ResponseReturnValue:
    """The family has been offered a programme."""
    form = opened()
    errand = Errand("offer", _OFFER_FIELDS)
    answer = carried_out(form, family_id, errand, lambda: _read_offer(form))
    if answer is not None:
        return answer
    view = seen(family_id)
    pregnancy = present_pregnancy(view)
    if pregnancy is None:
        raise NotFound("pregnancy")
    form.suggest(
        pregnancy=str(pregnancy.id),
        programme="nye_familier",
        offered_on=_today(),
        basis=pregnancy.basis or "",
    )
    return shown("offer.html", form, view, programme_options=list(PROGRAMMES.items()))


@pages.route("/families/<uuid:family_id>/offers/<uuid:offer_id>/answer", methods=["GET", "POST"])
@allow(Role.NURSE)
def answer_offer(family_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """What the family said."""
    form = opened()
    errand = Errand("answer", {"/answered_on": "answered_on"})
    answer = carried_out(form, family_id, errand, lambda: _read_answer(form, offer_id))
    if answer is not None:
        return answer
    form.suggest(answered_on=_today())
    offer = _offer(family_id, offer_id)
    return shown("answer.html", form, seen(family_id), offer=offer, Answer=Answer)


@pages.route("/families/<uuid:family_id>/enrolments/<uuid:enrolment_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def change_enrolment(family_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Pause, resume or end the family's participation."""
    form = opened()
    errand = Errand("saved", {"/on": "on", "/to": "to"})
    answer = carried_out(form, family_id, errand, lambda: _read_change(form, enrolment_id))
    if answer is not None:
        return answer
    form.suggest(on=_today())
    enrolment = _enrolment(family_id, enrolment_id)
    choices = [one for one in CHOSEN_BY_HAND if one is not enrolment.state]
    return shown("enrolment.html", form, seen(family_id), enrolment=enrolment, choices=choices)


def _read_offer(form: Form) -> Sequence[Operation]:
    pregnancy = form.id("pregnancy")
    basis, channel = form.choice("basis", Basis), form.choice("channel", Channel)
    on = form.day("offered_on", required=True)
    reason = form.text("reason", limit=REASON_CHARS)
    if pregnancy is None or basis is None or channel is None or on is None:
        return ()
    offer_id, programme = ids_of(form).of("offer"), form.value("programme")
    return (MakeOffer(offer_id, pregnancy, programme, basis, channel, on, reason),)


def _read_answer(form: Form, offer_id: UUID) -> Sequence[Operation]:
    said = form.choice("answer", Answer)
    on = form.day("answered_on", required=True)
    if said is None or on is None:
        return ()
    return (AnswerOffer(ids_of(form).of("answer"), offer_id, said, on),)


def _read_change(form: Form, enrolment_id: UUID) -> Sequence[Operation]:
    to = form.choice("to", EnrolmentState)
    on = form.day("on", required=True)
    return () if to is None or on is None else (ChangeEnrolment(enrolment_id, to, on),)


def _offer(family_id: UUID, offer_id: UUID) -> Offer:
    with work() as current:
        found = offers(current, FamilyId(family_id))
    return the_one(found, offer_id, "offer")


def _enrolment(family_id: UUID, enrolment_id: UUID) -> Enrolment:
    with work() as current:
        found = enrolments(current, FamilyId(family_id))
    return the_one(found, enrolment_id, "enrolment")


def _today() -> str:
    with work() as current:
        return current.today.isoformat()
