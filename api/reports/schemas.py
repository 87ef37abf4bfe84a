"""What the routes of reports give."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Day, Shown
from api.uptake.schemas import ShareSchema


class CountSchema(Shown):
    """A count as it may be shown."""

    value = ma.Integer(allow_none=True, metadata={"description": "Null is hidden."})
    held_since = Day(
        allow_none=True,
        metadata={"description": "The earlier release that it still shows; null for this one."},
    )


class FigureSchema(Shown):
    """A figure: a count, or a share of two."""

    code = ma.String(metadata={"description": "Its name, the same in every language."})
    is_estimate = ma.Boolean(
        metadata={
            "description": "Whether it was not counted, or is a share of what was not: the ends of "
            "its share are the estimate's own range, and no interval."
        }
    )
    part = ma.Nested(CountSchema, metadata={"description": "The count, or the numerator."})
    whole = ma.Nested(
        CountSchema, allow_none=True, metadata={"description": "Null where it is a count alone."}
    )
    share = ma.Nested(
        ShareSchema, allow_none=True, metadata={"description": "Null where it may not be shown."}
    )


class SectionSchema(Shown):
    """Figures about one thing."""

    code = ma.String()
    is_whole_year = ma.Boolean(
        metadata={"description": "Of the whole year, since nothing shorter is published."}
    )
    figures = ma.List(ma.Nested(FigureSchema))
    revisions = ma.Dict(
        keys=ma.String(),
        values=ma.Integer(),
        metadata={"description": "For each table, how many times it has been released."},
    )
    missing = ma.Dict(
        keys=ma.String(),
        values=ma.Integer(),
        metadata={"description": "Figures that are counted from a later year on, and which."},
    )
    unreleased = ma.List(
        ma.String(),
        metadata={"description": "Figures of which nothing has been released for the year."},
    )


class BehindSchema(Shown):
    """How complete the bydel's figures were on the day of the release."""

    phones = ma.Integer(metadata={"description": "Phones in use there."})
    phones_behind = ma.Integer(metadata={"description": "Those that had not synced."})
    days = ma.Integer(metadata={"description": "For how long the one furthest behind had not."})


class ReportSchema(Shown):
    """A bydel's year or tertial, or Oslo's year, as it was released last."""

    bydel = ma.String(allow_none=True, metadata={"description": "Null is Oslo."})
    period = ma.String(metadata={"description": "`2025` or `2025-t1`."})
    first_day = Day()
    last_day = Day()
    released = Day()
    behind = ma.Nested(
        BehindSchema, allow_none=True, metadata={"description": "Null where nobody has said."}
    )
    sections = ma.List(ma.Nested(SectionSchema))
