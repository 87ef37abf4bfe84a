"""What the route of uptake takes and gives."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Day, QueryWhole, Schema, Shown, StrEnumField, Text
from nyefamilier.uptake.reading import Kind
from nyefamilier.uptake.redrawing import Map

_HIDDEN = "Null is hidden: fewer than five families, or needed to hide such a number."
_HELD = (
    "The first day of an earlier release that a count of the line is still of, so that no small "
    "change since is told; null where all are of the newest."
)


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
    map = StrEnumField(
        Map,
        load_default=Map.THEN,
        metadata={
            "description": "Bydeler as they were then, or as they are now. On today's map, one "
            "that has ground of a bydel that was cut is hidden for the years before."
        },
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
    held_since = Day(allow_none=True, metadata={"description": _HELD})


class AreaBehindSchema(Shown):
    """How complete the figures of a bydel, or of the city, were on the day of the release."""

    bydel = ma.String(allow_none=True, metadata={"description": "Null is the city."})
    phones = ma.Integer(metadata={"description": "Phones in use."})
    phones_behind = ma.Integer(
        metadata={"description": "Those that had not synced since the day before."}
    )
    days = ma.Integer(metadata={"description": "For how long the one furthest behind had not."})


class UptakeSchema(Shown):
    """Uptake and reach in a period."""

    first_year = ma.Integer(data_key="from")
    last_year = ma.Integer(data_key="to")
    bydeler = ma.List(ma.Nested(UptakeLineSchema))
    city = ma.Nested(UptakeLineSchema)
    released = Day(
        allow_none=True, metadata={"description": "The newest release; null before the first."}
    )
    behind = ma.List(ma.Nested(AreaBehindSchema))


class DefinitionSchema(Shown):
    """What a figure counts. Texts are in English; names in Norwegian and English."""

    id = ma.String(metadata={"description": "The name of its member in the figures' answers."})
    kind = StrEnumField(Kind)
    name_nb = ma.String()
    name_en = ma.String()
    counts = ma.String(metadata={"description": "What is counted, or what it is a share of."})
    tabulation = ma.String(
        allow_none=True, metadata={"description": "The table whose columns it is made of."}
    )
    column = ma.String(
        allow_none=True, metadata={"description": "The column of that table that a count is."}
    )
    numerator = ma.String(
        allow_none=True,
        metadata={
            "description": "The id of a count, or columns of `tabulation` that are added; null "
            "where this is a count."
        },
    )
    denominator = ma.String(allow_none=True)
    unit = ma.String(metadata={"description": "What is counted as one."})
    areas = ma.String(metadata={"description": "For which areas it is shown."})
    cohort_rule = ma.String(metadata={"description": "In which year and bydel a family counts."})
    clock = ma.String()
    exclusions = ma.String()
    source = ma.String()
    since = ma.String()
    late_data = ma.String(metadata={"description": "What happens to what is told late."})
    not_claimed = ma.String(metadata={"description": "What may not be claimed by it."})
    small_numbers = ma.String(metadata={"description": "When it is hidden."})


class CatalogueSchema(Shown):
    """Every indicator of one version of the definitions."""

    version = ma.Integer()
    valid_from = Day()
    items = ma.List(ma.Nested(DefinitionSchema))
