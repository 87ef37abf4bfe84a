"""What the routes of offers take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.families.schemas import NEW_ID
from api.fields import Day, Id, Schema, Shown, StrEnumField, Text, Word
from nyefamilier.offers.intents import REASON_CHARS
from nyefamilier.offers.states import PROGRAMMES, Answer, Basis, Channel, EnrolmentState

OFFER: Final[dict[str, Any]] = {
    "pregnancy_id": "01970f3a-5c00-7000-8000-000000000003",
    "programme": "nye_familier",
    "basis": "forste_barn",
    "channel": "jordmor",
    "offered_on": "2026-03-02",
}
ANSWER: Final[dict[str, Any]] = {"answer": "ja", "answered_on": "2026-03-05"}
STATE: Final[dict[str, Any]] = {"to": "paused", "on": "2026-06-15"}


class NewOfferSchema(Schema):
    """A programme is offered to the family for one pregnancy."""

    id = Id(metadata=NEW_ID)
    pregnancy_id = Id(required=True)
    programme = Word(PROGRAMMES, required=True)
    basis = StrEnumField(Basis, required=True)
    channel = StrEnumField(Channel, required=True)
    offered_on = Day(required=True)
    reason = Text(
        REASON_CHARS,
        lines=True,
        metadata={"description": "Required on the basis of extended need; kept sealed."},
    )


class NewAnswerSchema(Schema):
    """What the family said."""

    id = Id(metadata=NEW_ID)
    answer = StrEnumField(Answer, required=True)
    answered_on = Day(required=True)


class NewStateSchema(Schema):
    """What the enrolment becomes."""

    to = StrEnumField(EnrolmentState, required=True)
    on = Day(required=True)


class GivenAnswerSchema(Shown):
    """A dated answer."""

    id = Id()
    answer = StrEnumField(Answer)
    answered_on = Day()


class OfferSchema(Shown):
    """An offer with all its answers, the current one first told."""

    id = Id()
    rev = ma.Integer()
    pregnancy_id = Id()
    programme = Word(PROGRAMMES)
    basis = StrEnumField(Basis)
    channel = StrEnumField(Channel)
    offered_on = Day()
    answer = StrEnumField(Answer)
    answered_on = Day(allow_none=True)
    reason = ma.String(allow_none=True)
    answers = ma.List(ma.Nested(GivenAnswerSchema))


class OffersSchema(Shown):
    """A family's offers."""

    items = ma.List(ma.Nested(OfferSchema))


class EnrolmentSchema(Shown):
    """The family takes part, or took."""

    id = Id()
    rev = ma.Integer()
    offer_id = Id()
    pregnancy_id = Id()
    programme = Word(PROGRAMMES)
    protocol_version = ma.String()
    state = StrEnumField(EnrolmentState)
    started_on = Day()
    ended_on = Day(allow_none=True)


class EnrolmentsSchema(Shown):
    """A family's enrolments."""

    items = ma.List(ma.Nested(EnrolmentSchema))
