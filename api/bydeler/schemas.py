"""What the routes of bydeler take and give."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Day, Flag, Schema, Shown


class DayQuery(Schema):
    """The day that is asked about."""

    on = Day(load_default=None, metadata={"description": "Without it, today."})


class BydelSchema(Shown):
    """A bydel, or one of the areas that are counted beside them (Sentrum, Marka, 99)."""

    number = ma.String(metadata={"description": "Two digits."})
    code = ma.String(allow_none=True, metadata={"description": "NAV's and SSB's six digits."})
    name = ma.String()
    valid_from = Day()
    valid_to = Day(allow_none=True, metadata={"description": "The first day on which it is not."})
    administered = Flag(metadata={"description": "Whether it has an administration of its own."})
    served_by = ma.String(
        allow_none=True, metadata={"description": "The bydel whose services its residents have."}
    )
    source = ma.String()


class BydelerSchema(Shown):
    """Every bydel on a day."""

    on = Day()
    items = ma.List(ma.Nested(BydelSchema))


class ForecastWeekSchema(Shown):
    """The newborn visits to expect in a week."""

    monday = Day(metadata={"description": "Its first day."})
    mean = ma.Float(metadata={"description": "How many on average."})
    p10 = ma.Integer(metadata={"description": "So many or fewer, one week in ten at least."})
    p90 = ma.Integer(metadata={"description": "So many or fewer, nine weeks in ten at least."})


class ForecastSchema(Shown):
    """The newborn visits to expect, by the pregnancies that are known today."""

    on = Day()
    weeks = ma.List(ma.Nested(ForecastWeekSchema))
    pregnancies = ma.Integer(metadata={"description": "How many pregnancies are counted."})
    without_news = ma.Integer(
        metadata={"description": "Pregnancies past every known length; they are not counted."}
    )


class DelbydelSchema(Shown):
    """A delbydel."""

    code = ma.String(metadata={"description": "Ten digits."})
    name = ma.String()
    valid_from = Day()
    valid_to = Day(allow_none=True)
    label = ma.String(metadata={"description": "What is estimated here; mostly empty."})
    source = ma.String()


class DelbydelerSchema(Shown):
    """The delbydeler of a bydel on a day."""

    on = Day()
    items = ma.List(ma.Nested(DelbydelSchema))
