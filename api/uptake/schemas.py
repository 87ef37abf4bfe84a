"""What the route of uptake takes and gives."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import QueryWhole, Schema, Shown, Text

_HIDDEN = "Null is hidden: fewer than five families, or needed to hide such a number."


class UptakeQuery(Schema):
    """Which years, and which bydel."""

    first = QueryWhole(
        1900, 2999, data_key="from", required=True, metadata={"description": "The first year."}
    )
    last = QueryWhole(
        1900, 2999, data_key="to", required=True, metadata={"description": "The last year."}
    )
    bydel = Text(
        2, min_chars=2, load_default=None, metadata={"description": "Without it, every bydel."}
    )


class ShareSchema(Shown):
    """A share between 0 and 1 with Wilson's 95 % interval."""

    value = ma.Float()
    low = ma.Float()
    high = ma.Float()


class UptakeLineSchema(Shown):
    """The families of one bydel, or of the city, that were identified in the period."""

    bydel = ma.String(allow_none=True, metadata={"description": "Null in the city's line."})
    eligible = ma.Integer(allow_none=True, metadata={"description": _HIDDEN})
    offered = ma.Integer(allow_none=True)
    answered = ma.Integer(allow_none=True)
    accepted = ma.Integer(allow_none=True)
    declined = ma.Integer(allow_none=True)
    later = ma.Integer(allow_none=True)
    unanswered = ma.Integer(allow_none=True)
    reached = ma.Integer(allow_none=True)
    uptake = ma.Nested(ShareSchema, allow_none=True, metadata={"description": "accepted / offered"})
    reach = ma.Nested(ShareSchema, allow_none=True, metadata={"description": "reached / eligible"})


class UptakeSchema(Shown):
    """Uptake and reach in a period."""

    first_year = ma.Integer(data_key="from")
    last_year = ma.Integer(data_key="to")
    bydeler = ma.List(ma.Nested(UptakeLineSchema))
    city = ma.Nested(UptakeLineSchema)
