"""Offering the programme, what the family says, and how its participation goes on."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.people import present_pregnancy
from api.web.register import frame
from api.web.submitting import done, ids_of, opened, send
from api.web.wording import PROGRAMMES
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.offers.views import enrolments, offers

REASON = 2000
"""The longest reason, in characters."""

CHOSEN_BY_HAND = (
    EnrolmentState.ACTIVE,
    EnrolmentState.PAUSED,
    EnrolmentState.WITHDRAWN,
    EnrolmentState.MOVED_OUT,
    EnrolmentState.COMPLETED,
)
"""Where a nurse may move an enrolment. A loss ends it by itself."""


@pages.route("/families/<uuid:family_id>/offers/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def make_offer(family_id: UUID) -> ResponseReturnValue:
    """The family has been offered a programme."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        today = current.today
    pregnancy = present_pregnancy(view)
    if pregnancy is None:
        raise NotFound("pregnancy")
    form = opened(view.rev)
    form.suggest(
        programme="nye_familier", offered_on=today.isoformat(), basis=pregnancy.basis or ""
    )
    if form.sent:
        basis = form.choice("basis", Basis)
        channel = form.choice("channel", Channel)
        offered_on = form.day("offered_on", required=True)
        reason = form.text("reason", limit=REASON)
        if form.ok and basis is not None and channel is not None and offered_on is not None:
            intent = MakeOffer(
                offer_id=ids_of(form).of("offer"),
                pregnancy_id=pregnancy.id,
                programme=form.value("programme"),
                basis=basis,
                channel=channel,
                offered_on=offered_on,
                reason=reason,
            )
            fields = {
                "/offered_on": "offered_on",
                "/reason": "reason",
                "/programme": "programme",
            }
            answer = send(form, view.id, [intent], fields)
            if answer is not None:
                return done(answer, "offer")
    page = render_template(
        "offer.html", form=form, programme_options=list(PROGRAMMES.items()), **frame(view)
    )
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/offers/<uuid:offer_id>/answer", methods=["GET", "POST"])
@allow(Role.NURSE)
def answer_offer(family_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    """What the family said."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        offer = next((one for one in offers(current, view.id) if one.id == offer_id), None)
        today = current.today
    if offer is None:
        raise NotFound("offer")
    form = opened(view.rev)
    form.suggest(answered_on=today.isoformat())
    if form.sent:
        said = form.choice("answer", Answer)
        on = form.day("answered_on", required=True)
        if form.ok and said is not None and on is not None:
            intent = AnswerOffer(ids_of(form).of("answer"), offer.id, said, on)
            answer = send(form, view.id, [intent], {"/answered_on": "answered_on"})
            if answer is not None:
                return done(answer, "answer")
    page = render_template("answer.html", form=form, offer=offer, Answer=Answer, **frame(view))
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/enrolments/<uuid:enrolment_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def change_enrolment(family_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Pause, resume or end the family's participation."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        found = (one for one in enrolments(current, view.id) if one.id == enrolment_id)
        enrolment = next(found, None)
        today = current.today
    if enrolment is None:
        raise NotFound("enrolment")
    form = opened(view.rev)
    form.suggest(on=today.isoformat())
    if form.sent:
        to = form.choice("to", EnrolmentState)
        on = form.day("on", required=True)
        if form.ok and to is not None and on is not None:
            intent = ChangeEnrolment(enrolment.id, to, on)
            answer = send(form, view.id, [intent], {"/on": "on", "/to": "to"})
            if answer is not None:
                return done(answer, "saved")
    choices = [one for one in CHOSEN_BY_HAND if one is not enrolment.state]
    page = render_template(
        "enrolment.html", form=form, enrolment=enrolment, choices=choices, **frame(view)
    )
    return page, 422 if form.sent else 200
