"""What the routes of texts give."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Flag, Id, Instant, Shown, StrEnumField
from nyefamilier.texts.states import Kind, Reason, TextState


class TextSchema(Shown):
    """A text to the parents and what became of it. It is not told what it said, or to whom."""

    id = Id()
    visit_id = Id()
    kind = StrEnumField(Kind)
    visit_at = Instant(metadata={"description": "The visit's time that it speaks of."})
    written_at = Instant()
    due = Instant(metadata={"description": "When it goes out, or would have gone."})
    state = StrEnumField(TextState)
    reason = StrEnumField(Reason, allow_none=True)
    may_have_gone = Flag(metadata={"description": "It was handed over, and no receipt came."})
    settled_at = Instant(allow_none=True)


class TextsSchema(Shown):
    """A family's texts."""

    items = ma.List(ma.Nested(TextSchema))


class TextCountSchema(Shown):
    """How many texts stand so, and why."""

    state = StrEnumField(TextState)
    reason = StrEnumField(Reason, allow_none=True)
    texts = ma.Integer()


class TextCountsSchema(Shown):
    """How many texts were written to a bydel's families in the last 30 days."""

    items = ma.List(ma.Nested(TextCountSchema))
