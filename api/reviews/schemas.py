"""What the routes of the inbox take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.fields import Id, Instant, Schema, Shown, StrEnumField, Text
from api.paging import PageQuery
from nyefamilier.changes.intents import REASON_CHARS, Choice
from nyefamilier.door.inbox import Kind

DECISION: Final[dict[str, Any]] = {
    "review_id": "01970f3a-5c00-7000-8000-000000000017",
    "choose": "proposed",
}


class DecisionSchema(Schema):
    """What is decided."""

    review_id = Id(required=True)
    choose = StrEnumField(Choice, required=True)
    reason = Text(
        REASON_CHARS, lines=True, metadata={"description": "Required where it is dismissed."}
    )


class InboxQuery(PageQuery):
    """Which page of the inbox."""


class InboxItemSchema(Shown):
    """Something that a person must decide, with both contents."""

    id = Id()
    rev = ma.Integer()
    family_id = Id()
    kind = StrEnumField(Kind)
    reason = ma.String(metadata={"description": "The stable name of why; see `/api/docs`."})
    record_kind = ma.String(allow_none=True)
    record_id = Id(allow_none=True)
    value_group = ma.String(
        allow_none=True, metadata={"description": "Which of the record's values is contested."}
    )
    mutation_id = Id(metadata={"description": "The phone's mutation that it comes from."})
    sent_by = Id()
    device_id = Id(allow_none=True)
    occurred_at = Instant(allow_none=True, metadata={"description": "When it was, as she says."})
    opened_at = Instant()
    operations = ma.List(
        ma.Dict(), metadata={"description": "What was sent and not carried out, as it travels."}
    )
    current = ma.Dict(allow_none=True, metadata={"description": "What stood when it was judged."})
    proposed = ma.Dict(allow_none=True, metadata={"description": "What was sent instead."})
    filed = ma.List(Id(), metadata={"description": "Notes that were filed all the same."})
    decided_at = Instant(allow_none=True)
    decided_by = Id(allow_none=True)
    decision = StrEnumField(Choice, allow_none=True)
    why = ma.String(allow_none=True)


class InboxPageSchema(Shown):
    """One page of the inbox."""

    items = ma.List(ma.Nested(InboxItemSchema))
    next = ma.String(allow_none=True, metadata={"description": "The address of the next page."})


class InboxCountSchema(Shown):
    """How much of a kind waits."""

    kind = StrEnumField(Kind)
    items = ma.Integer()
    oldest = Instant(metadata={"description": "Since when the oldest waits."})


class InboxCountsSchema(Shown):
    """How much waits, by kind."""

    items = ma.List(ma.Nested(InboxCountSchema))
