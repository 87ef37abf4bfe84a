"""Offer a programme, write down the answer, follow the enrolment."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.offers import schemas
from api.records import Items, the_one
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.views import Offer, enrolments, offers

blueprint = guarded_blueprint("offers", __name__, "/api/v1/families", roles=[Role.NURSE])


@blueprint.get("/<uuid:family_id>/offers")
@blueprint.response(200, schemas.OffersSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_offers(family_id: UUID) -> Items:
    """A family's offers, oldest first.

    Each with all its dated answers. The reason is null for who may not read it.
    """
    with work() as current:
        return Items(offers(current, FamilyId(family_id)))


@blueprint.post("/<uuid:family_id>/offers")
@blueprint.arguments(schemas.NewOfferSchema, example=schemas.OFFER)
@answers(blueprint, 201)
@refuses("date-in-future", "date-too-old", "offer-open", "pregnancy-lost", "reason-missing")
def make_offer(body: dict[str, Any], family_id: UUID) -> Answered:
    """Offer a programme to the family for one pregnancy.

    An offer that waits for an answer, or was answered with *senere*, is answered and not made
    again.
    """
    ids = NewIds()
    offer_id = ids.one("offer", body.pop("id", None))
    return answer_to(change(family_id, MakeOffer(offer_id, **body)), ids, at=f"/offers/{offer_id}")


@blueprint.get("/<uuid:family_id>/offers/<uuid:offer_id>")
@blueprint.response(200, schemas.OfferSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_offer(family_id: UUID, offer_id: UUID) -> Offer:
    """One offer.

    With all its dated answers; `answer` is the current one.
    """
    with work() as current:
        return the_one(offers(current, FamilyId(family_id)), offer_id, "offer")


@blueprint.post("/<uuid:family_id>/offers/<uuid:offer_id>/answers")
@blueprint.arguments(schemas.NewAnswerSchema, example=schemas.ANSWER)
@answers(blueprint, 201)
@refuses(
    "answer-before-offer",
    "date-in-future",
    "enrolment-already-active",
    "offer-accepted",
    "pregnancy-lost",
    "unknown-protocol",
)
def answer_offer(body: dict[str, Any], family_id: UUID, offer_id: UUID) -> Answered:
    """What the family said.

    The answer with the latest day is the current one. *Ja* enrols the family under the protocol
    of that day and plans its two anchors; *senere* and *ubesvart* are no declines.
    """
    ids = NewIds(offer=offer_id)
    intent = AnswerOffer(ids.one("answer", body.pop("id", None)), offer_id, **body)
    return answer_to(change(family_id, intent), ids, at=f"/offers/{offer_id}")


@blueprint.get("/<uuid:family_id>/enrolments")
@blueprint.response(200, schemas.EnrolmentsSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_enrolments(family_id: UUID) -> Items:
    """A family's enrolments, oldest first.

    At most one of them is open: a family in NFP is not in Nye familier as well.
    """
    with work() as current:
        return Items(enrolments(current, FamilyId(family_id)))


@blueprint.post("/<uuid:family_id>/enrolments/<uuid:enrolment_id>/state")
@blueprint.arguments(schemas.NewStateSchema, example=schemas.STATE)
@answers(blueprint, 200)
@refuses("date-in-future", "date-too-old", "enrolment-closed", "enrolment-state")
def change_enrolment(body: dict[str, Any], family_id: UUID, enrolment_id: UUID) -> Answered:
    """Pause, resume, complete or end the enrolment.

    "No more visits for now" is a pause and as normal as a visit. An end closes what is open.
    """
    ids = NewIds(enrolment=enrolment_id)
    return answer_to(change(family_id, ChangeEnrolment(enrolment_id, **body)), ids)
