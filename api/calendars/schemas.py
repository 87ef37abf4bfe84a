"""What the routes of nurses' calendars take and give."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.families.schemas import NEW_ID
from api.fields import (
    Clock,
    Day,
    Flag,
    Id,
    Instant,
    Many,
    Part,
    QueryWhole,
    Schema,
    Shown,
    StrEnumField,
    Text,
    Whole,
)
from nyefamilier.calendars.holidays import Holiday
from nyefamilier.calendars.hours import Purpose
from nyefamilier.calendars.rules import HALVES, PERCENTAGES, TRAVEL, AbsenceKind
from nyefamilier.kernel.values import YEARS

HOURS: Final = {
    "first_day": "2026-12-01",
    "percentage": 80,
    "travel_minutes": 20,
    "covers": ["12"],
    "week": [{"weekday": 1, "begins": "08:00", "ends": "15:30", "purpose": "home"}],
}
ABSENCE: Final = {"kind": "leave", "first_day": "2026-12-21", "last_day": "2026-12-23"}
MOST_DAYS: Final = 62
"""The most days that are told at once."""

_MOST_HALVES: Final = 7 * HALVES
_MOST_BYDELER: Final = 20


class DaysQuery(Schema):
    """The days that are asked about."""

    on = Day(load_default=None, metadata={"description": "The first day; without it, today."})
    days = QueryWhole(1, MOST_DAYS, load_default=7, metadata={"description": "How many."})


class YearQuery(Schema):
    """The year that is asked about."""

    year = QueryWhole(
        YEARS[0], YEARS[-1], load_default=None, metadata={"description": "Without it, this year."}
    )


class HolidaySchema(Shown):
    """A public holiday. Two can fall on one day."""

    name = StrEnumField(Holiday)
    day = Day()


class HolidaysSchema(Shown):
    """The public holidays of a year."""

    year = ma.Integer()
    items = ma.List(ma.Nested(HolidaySchema))


class HalfDaySchema(Schema):
    """A part of a weekday on which a nurse works."""

    weekday = Whole(1, 7, required=True, metadata={"description": "Monday is 1."})
    begins = Clock(required=True, metadata={"description": "By the clock in Oslo."})
    ends = Clock(required=True)
    purpose = StrEnumField(Purpose, required=True)


class NewHoursSchema(Schema):
    """How a nurse works from a day on."""

    first_day = Day(required=True)
    percentage = Whole(*PERCENTAGES, required=True)
    travel_minutes = Whole(*TRAVEL, required=True)
    covers = Many(
        Text(2),
        at_most=_MOST_BYDELER,
        load_default=(),
        metadata={"description": "Bydeler, by number, that she helps out in besides her own."},
    )
    week = Many(
        Part(HalfDaySchema),
        at_most=_MOST_HALVES,
        required=True,
        metadata={"description": "At most two half-days for each weekday."},
    )


class NewAbsenceSchema(Schema):
    """A nurse is away, from the beginning of a day to the end of a day unless times are given."""

    id = Id(metadata=NEW_ID)
    kind = StrEnumField(AbsenceKind, required=True)
    first_day = Day(required=True)
    last_day = Day(required=True, metadata={"description": "The last day, itself included."})
    from_time = Clock(metadata={"description": "On the first day; without it, from its beginning."})
    until_time = Clock(metadata={"description": "On the last day; without it, to its end."})


class AbsenceSchema(Shown):
    """A time when a nurse is away; the end is not part of it."""

    id = Id()
    begins = Instant()
    ends = Instant()
    kind = StrEnumField(
        AbsenceKind,
        allow_none=True,
        metadata={"description": "For the nurse and her lead; null for everybody else."},
    )
    recorded_at = Instant()
    recorded_by = Id()


class MissedVisitSchema(Shown):
    """An agreed visit that the nurse cannot make."""

    visit_id = Id()
    family_id = Id()
    kind = ma.String()
    begins = Instant()
    ends = Instant()


class RecordedAbsenceSchema(AbsenceSchema):
    """An absence, and what is agreed on in it."""

    visits = ma.List(
        ma.Nested(MissedVisitSchema),
        metadata={"description": "With families that the caller may see."},
    )
    other_visits = ma.Integer(metadata={"description": "How many more there are."})


class HoursSchema(Shown):
    """How a nurse works from a day on."""

    valid_from = Day(
        allow_none=True, metadata={"description": "Null for the usual hours, which nobody has set."}
    )
    percentage = ma.Integer()
    travel_minutes = ma.Integer()
    covers = ma.List(ma.String())
    week = ma.List(ma.Nested(HalfDaySchema))


class IntervalSchema(Shown):
    """A time at work; the end is not part of it."""

    begins = Instant()
    ends = Instant()
    purpose = StrEnumField(Purpose)


class AvailabilitySchema(Shown):
    """When a nurse works: holidays, absences and days off are taken out."""

    nurse_id = Id()
    name = ma.String()
    bydel = ma.String()
    percentage = ma.Integer()
    travel_minutes = ma.Integer()
    intervals = ma.List(ma.Nested(IntervalSchema))


class AvailabilitiesSchema(Shown):
    """When the nurses of a bydel work."""

    first_day = Day()
    last_day = Day()
    items = ma.List(ma.Nested(AvailabilitySchema))


class TakenSchema(Shown):
    """A time that is taken; the end is not part of it. With which family is not told."""

    begins = Instant()
    ends = Instant()


class NurseDaysSchema(AvailabilitySchema):
    """When a nurse works, and which of her time is taken."""

    taken = ma.List(ma.Nested(TakenSchema))


class BydelDaysSchema(Shown):
    """When the nurses of a bydel work, and which of their time is taken."""

    first_day = Day()
    last_day = Day()
    items = ma.List(ma.Nested(NurseDaysSchema))


class CalendarSchema(Shown):
    """One nurse's calendar."""

    nurse_id = Id()
    name = ma.String()
    bydel = ma.String()
    may_write = Flag(metadata={"description": "Whether the caller may change it."})
    hours = ma.Nested(HoursSchema, metadata={"description": "Those that hold today."})
    coming = ma.List(ma.Nested(HoursSchema))
    absences = ma.List(ma.Nested(AbsenceSchema))


class AppointmentSchema(Shown):
    """A time that is agreed with a family. The end is not part of it."""

    visit_id = Id()
    begins = Instant()
    ends = Instant()
    initials = ma.String(
        metadata={"description": "The parents'; empty where the caller does not follow them."}
    )
    bydel = ma.String(allow_none=True, metadata={"description": "The family's, by number."})


class AppointmentsSchema(Shown):
    """The caller's own appointments."""

    items = ma.List(ma.Nested(AppointmentSchema))


class FeedSchema(Shown):
    """The address under which the caller's calendar program reads her appointments."""

    path = ma.String(metadata={"description": "It is a secret, and it is told this once."})
    good_until = Instant(metadata={"description": "From then on it gives nothing."})
