"""What the routes of needs take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.families.schemas import NEW_ID
from api.fields import Id, Instant, Schema, Shown, StrEnumField, Text, Word
from nyefamilier.needs.intents import WORDS_CHARS
from nyefamilier.needs.states import NeedState
from nyefamilier.visits.states import Theme

NEED: Final[dict[str, Any]] = {
    "stated_by": "01970f3a-5c00-7000-8000-000000000001",
    "words": "Vi får ikke sove, og vet ikke om hun får nok mat.",
    "wish": "En natt med fire timer i strekk.",
    "theme": "sovn",
}
REVIEW: Final[dict[str, Any]] = {"state": "being_met", "words": "Bedre siden søndag."}
CLOSING: Final[dict[str, Any]] = {
    "closed_by": "01970f3a-5c00-7000-8000-000000000001",
    "state": "met",
    "words": "Nå sover vi.",
}


class NewNeedSchema(Schema):
    """What a parent says that the family needs, in the parent's own words."""

    id = Id(metadata=NEW_ID)
    stated_by = Id(required=True, metadata={"description": "The parent, a member of the family."})
    words = Text(WORDS_CHARS, lines=True, required=True)
    wish = Text(WORDS_CHARS, lines=True, metadata={"description": "What they want to come of it."})
    theme = StrEnumField(Theme)
    visit_id = Id()


class ReviewSchema(Schema):
    """Where an open need stands, as nurse and parents see it together."""

    id = Id(metadata=NEW_ID)
    state = StrEnumField(
        NeedState, required=True, metadata={"description": "`open` or `being_met`."}
    )
    words = Text(WORDS_CHARS, lines=True)
    visit_id = Id()


class ClosingSchema(Schema):
    """A parent says that the need is met, or no longer wished."""

    id = Id(metadata=NEW_ID)
    closed_by = Id(required=True, metadata={"description": "The parent, a member of the family."})
    state = Word((NeedState.MET, NeedState.NO_LONGER_WISHED), required=True)
    words = Text(WORDS_CHARS, lines=True)
    visit_id = Id()


class ShownReviewSchema(Shown):
    """A look at a need."""

    id = Id()
    state = StrEnumField(NeedState)
    reviewed_at = Instant()
    reviewed_by = Id()
    visit_id = Id(allow_none=True)
    words = ma.String(allow_none=True)


class NeedSchema(Shown):
    """A need with its reviews. Words are null for who may not read them."""

    id = Id()
    rev = ma.Integer()
    stated_by = Id()
    stated_at = Instant()
    theme = ma.String(allow_none=True)
    state = StrEnumField(NeedState)
    closed_by = Id(allow_none=True)
    closed_at = Instant(allow_none=True)
    words = ma.String(allow_none=True)
    wish = ma.String(allow_none=True)
    reviews = ma.List(ma.Nested(ShownReviewSchema))


class NeedsSchema(Shown):
    """A family's needs."""

    items = ma.List(ma.Nested(NeedSchema))
