"""What the routes of the inbox take and give."""

from __future__ import annotations

from api.fields import Id, Schema, StrEnumField, Text
from nyefamilier.changes.intents import REASON_CHARS, Choice


class DecisionSchema(Schema):
    """What is decided."""

    review_id = Id(required=True)
    choose = StrEnumField(Choice, required=True)
    reason = Text(
        REASON_CHARS, lines=True, metadata={"description": "Required where it is dismissed."}
    )
