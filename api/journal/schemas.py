"""What the routes of notes take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.families.schemas import NEW_ID
from api.fields import Flag, Id, Instant, Schema, Shown, StrEnumField, Text
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import NOTE_CHARS

NOTE: Final[dict[str, Any]] = {
    "member_id": "01970f3a-5c00-7000-8000-000000000006",
    "text": "Vekt 3480 g. Ammer hver tredje time.",
}
CORRECTION: Final[dict[str, Any]] = {"text": "Vekt 3840 g. Ammer hver tredje time."}


class NewNoteSchema(Schema):
    """A note about one member. It is signed by being sent."""

    id = Id(metadata=NEW_ID)
    member_id = Id(required=True)
    text = Text(NOTE_CHARS, lines=True, required=True)
    kind = StrEnumField(
        NoteKind,
        metadata={"description": "All but `ordinary` are restricted: never shown to parents."},
    )
    visible_to_parents = Flag(
        metadata={"description": "True unless you say otherwise; a restricted note must say false."}
    )
    visit_id = Id()


class CorrectionSchema(Schema):
    """The whole text anew; what it was about and who may see it stay as they are."""

    id = Id(metadata=NEW_ID)
    text = Text(NOTE_CHARS, lines=True, required=True)


class NoteSchema(Shown):
    """One signed version of a note. Text and kind are null for who may not read them."""

    id = Id()
    rev = ma.Integer()
    member_id = Id()
    visit_id = Id(allow_none=True)
    corrects = Id(allow_none=True)
    corrected_by = ma.List(Id())
    version = ma.Integer()
    signed_by = Id()
    signed_at = Instant()
    text = ma.String(allow_none=True)
    kind = StrEnumField(NoteKind, allow_none=True)
    visible_to_parents = Flag(allow_none=True)
    occurred_at = Instant(
        allow_none=True, metadata={"description": "When it was, if it came from a phone."}
    )
    late = Flag(
        metadata={"description": "Its nurse did not follow the family any more when it came."}
    )


class NotesSchema(Shown):
    """A family's notes."""

    items = ma.List(ma.Nested(NoteSchema))
