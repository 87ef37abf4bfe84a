"""What the routes of protocols take and give."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Day, Flag, Schema, Shown, StrEnumField, Text
from nyefamilier.protocols.protocol import Anchor, VisitRole


class BydelQuery(Schema):
    """The bydel whose additions are wanted."""

    bydel = Text(
        2, min_chars=2, load_default=None, metadata={"description": "Without it, the city's core."}
    )


class ProtocolLineSchema(Shown):
    """A version of a programme's protocol."""

    programme = ma.String()
    version = ma.String()
    valid_from = Day(metadata={"description": "For families that join from this day on."})
    name_nb = ma.String()
    name_en = ma.String()
    source = ma.String()


class ProtocolsSchema(Shown):
    """Every version of every protocol."""

    items = ma.List(ma.Nested(ProtocolLineSchema))


class ProtocolVisitSchema(Shown):
    """One visit of a protocol. Days are counted from the anchor; negative is before it."""

    kind = ma.String()
    name_nb = ma.String()
    name_en = ma.String()
    anchor = StrEnumField(Anchor)
    opens = ma.Integer()
    ideal = ma.Integer()
    closes = ma.Integer()
    role = StrEnumField(VisitRole)
    counts_as = ma.List(ma.String())
    source = ma.String()
    ends_at_birth = Flag()
    after_homecoming = ma.Integer(allow_none=True)
    who = ma.List(ma.String())
    form = ma.String()
    vaccines = ma.List(ma.String())


class ProtocolSchema(ProtocolLineSchema):
    """A version of a programme's protocol, in full."""

    eligible = ma.List(ma.String())
    most_visits = ma.Integer(allow_none=True)
    bydel = ma.String(allow_none=True)
    visits = ma.List(ma.Nested(ProtocolVisitSchema))
