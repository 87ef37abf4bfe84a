"""When nurses work: hours, absences, public holidays."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from api.calendars.schemas import (
    ABSENCE,
    HOURS,
    AppointmentsSchema,
    AvailabilitiesSchema,
    BydelDaysSchema,
    CalendarSchema,
    DaysQuery,
    FeedSchema,
    HolidaysSchema,
    NewAbsenceSchema,
    NewHoursSchema,
    RecordedAbsenceSchema,
    YearQuery,
)
from api.describing import refuses
from api.doorway import EVERY_ROLE, allow, changes_no_record, guarded_blueprint, work
from api.pointers import pointing
from api.records import Items
from api.versions import mutation_id
from api.writes import derived_id
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.calendars.feeds import GOOD_FOR, close_feed, open_feed
from nyefamilier.calendars.holidays import holidays
from nyefamilier.calendars.hours import Availability, HalfDay, Hours, at_clock, end_of
from nyefamilier.calendars.rules import Absence
from nyefamilier.calendars.service import cancel_absence, record_absence, set_hours
from nyefamilier.calendars.views import (
    AbsenceView,
    CalendarView,
    absence_of,
    availability,
    calendar_of,
    nurses_serving,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.visits.absent import WhileAway, agreed_while_away
from nyefamilier.visits.bydel_days import bydel_days
from nyefamilier.visits.feed import own_appointments

blueprint = guarded_blueprint(
    "calendar", __name__, "/api/v1/calendar", roles=[Role.NURSE, Role.LEAD]
)


@blueprint.get("/holidays")
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, HolidaysSchema)
@allow(*EVERY_ROLE)
def list_holidays(query: dict[str, Any]) -> dict[str, Any]:
    """Norway's public holidays of a year, in order.

    Ordinary Sundays are not among them, and neither are Christmas Eve and New Year's Eve.
    """
    with work() as current:
        year = query["year"] or current.today.year
    found = sorted(holidays(year).items(), key=lambda one: one[1])
    return {"year": year, "items": [{"name": name, "day": day} for name, day in found]}


@blueprint.get("/nurses")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, AvailabilitiesSchema)
def list_availability(query: dict[str, Any]) -> dict[str, Any]:
    """When the nurses who serve the caller's bydel work, during some days.

    First those of the bydel, then those of others who cover it on the first of the days. Why
    somebody is away is not told.
    """
    with work() as current:
        first = query["on"] or current.today
        last = first + timedelta(days=query["days"] - 1)
        nurses = nurses_serving(current, current.actor.bydel or BydelNumber(""), first)
        found = availability(current, [one.id for one in nurses], first, last)
    items = [_availability(one, found[one.id]) for one in nurses]
    return {"first_day": first, "last_day": last, "items": items}


@blueprint.get("/bydel")
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, BydelDaysSchema)
@allow(Role.LEAD)
def list_bydel_days(query: dict[str, Any]) -> dict[str, Any]:
    """When the nurses who serve the caller's bydel work, and which of their time is taken.

    In the order of `GET /calendar/nurses`. With which family an appointment is, is not told.
    """
    with work() as current:
        first = query["on"] or current.today
        last = first + timedelta(days=query["days"] - 1)
        found = bydel_days(current, first, last)
    items = [_availability(one.nurse, one.works) | {"taken": one.taken} for one in found]
    return {"first_day": first, "last_day": last, "items": items}


@blueprint.get("/nurses/<uuid:nurse_id>")
@blueprint.response(200, CalendarSchema)
@refuses("key-provider-away", "record-damaged")
def show_calendar(nurse_id: UUID) -> dict[str, Any]:
    """One nurse's hours and absences.

    Absences are told until 31 days after they have ended. Why she is away is for the nurse and the
    lead of her bydel; everybody else hears that she is.
    """
    with work() as current:
        return _calendar(calendar_of(current, nurse_id))


@blueprint.post("/nurses/<uuid:nurse_id>/hours")
@blueprint.arguments(NewHoursSchema, example=HOURS)
@blueprint.response(200, CalendarSchema)
@refuses(
    "half-day", "half-days", "hours-begin", "hours-range", "key-provider-away", "unknown-bydel"
)
def write_hours(body: dict[str, Any], nurse_id: UUID) -> dict[str, Any]:
    """Let a nurse work so from a day on, until other hours of hers begin.

    Hours that begin on the same day are taken over. The nurse herself and the lead of her bydel
    may write.
    """
    with pointing({"/valid_from": "/first_day"}), work() as current:
        set_hours(current, nurse_id, _hours(body))
        return _calendar(calendar_of(current, nurse_id))


@blueprint.post("/nurses/<uuid:nurse_id>/absences")
@blueprint.arguments(NewAbsenceSchema, example=ABSENCE)
@blueprint.response(201, RecordedAbsenceSchema)
@refuses("absence-overlaps", "absence-period", "id-taken", "key-provider-away", "record-damaged")
def write_absence(body: dict[str, Any], nurse_id: UUID) -> dict[str, Any]:
    """A nurse is away for a time.

    The answer tells at once which agreed visits lie in it: those with families that the caller may
    see, and how many more there are. They stay on the nurse's and her lead's lists until they have
    another time or another nurse.

    Where she is away already, the refusal names those days and what is free of the time that was
    asked for. The nurse herself and the lead of her bydel may write.
    """
    absence = _absence(body, nurse_id)
    with pointing({"/begins": "/first_day", "/ends": "/last_day"}), work() as current:
        record_absence(current, absence)
        found = agreed_while_away(current, nurse_id, {absence.id: absence})
        return _recorded(absence_of(current, nurse_id, absence.id), found.get(absence.id))


@blueprint.post("/nurses/<uuid:nurse_id>/absences/<uuid:absence_id>/cancel")
@blueprint.response(200, CalendarSchema)
@refuses("key-provider-away", "record-damaged")
def strike_absence(nurse_id: UUID, absence_id: UUID) -> dict[str, Any]:
    """The nurse is not away after all.

    Cancelling again changes nothing. What was cancelled is kept, with who did it and when.
    """
    with work() as current:
        cancel_absence(current, nurse_id, absence_id)
        return _calendar(calendar_of(current, nurse_id))


@blueprint.get("/appointments")
@blueprint.response(200, AppointmentsSchema)
@refuses("key-provider-away")
@allow(Role.NURSE)
def list_appointments() -> Items:
    """The caller's own appointments, from a month back to a year ahead.

    It is what her calendar feed tells: the parents' initials and the bydel. Of a family with a
    protected address nothing is told at all.
    """
    with work() as current:
        return Items(own_appointments(current))


@blueprint.post("/feed")
@blueprint.response(201, FeedSchema)
@allow(Role.NURSE)
@changes_no_record
def make_feed() -> dict[str, Any]:
    """Make a secret address under which a calendar program reads the caller's appointments.

    Whoever has the address can read them. The address before is good no longer. With
    ``?language=en`` after it, the few words that the feed holds are English.
    """
    with work() as current:
        path = f"/calendar/{open_feed(current)}.ics"
        return {"path": path, "good_until": current.now + GOOD_FOR}


@blueprint.delete("/feed")
@blueprint.response(204)
@allow(Role.NURSE)
@changes_no_record
def end_feed() -> None:
    """Close the caller's calendar feed.

    Whoever has its address reads nothing from then on.
    """
    with work() as current:
        close_feed(current)


def _hours(body: dict[str, Any]) -> Hours:
    return Hours(
        valid_from=body["first_day"],
        percentage=body["percentage"],
        travel_minutes=body["travel_minutes"],
        covers=tuple(map(BydelNumber, body["covers"])),
        week=tuple(HalfDay(**half) for half in body["week"]),
    )


def _absence(body: dict[str, Any], nurse_id: UUID) -> Absence:
    begins = at_clock(body["first_day"], body.get("from_time", time.min))
    until: time | None = body.get("until_time")
    last: date = body["last_day"]
    ends = end_of(last) if until is None else at_clock(last, until)
    absence_id = body.get("id") or derived_id(mutation_id(), 1)
    return Absence(absence_id, nurse_id, body["kind"], begins, ends)


def _recorded(view: AbsenceView, agreed: WhileAway | None) -> dict[str, Any]:
    told = {field.name: getattr(view, field.name) for field in fields(view)}
    if agreed is None:
        return told | {"visits": (), "other_visits": 0}
    return told | {"visits": agreed.visits, "other_visits": agreed.others}


def _calendar(view: CalendarView) -> dict[str, Any]:
    return _nurse(view.nurse) | {
        "may_write": view.may_write,
        "hours": _shown(view.present),
        "coming": [_shown(hours) for hours in view.coming],
        "absences": view.absences,
    }


def _availability(nurse: AccountIdentity, found: Availability) -> dict[str, Any]:
    return _nurse(nurse) | {
        "percentage": found.percentage,
        "travel_minutes": found.travel_minutes,
        "intervals": found.intervals,
    }


def _nurse(nurse: AccountIdentity) -> dict[str, Any]:
    return {"nurse_id": nurse.id, "name": nurse.display_name, "bydel": nurse.bydel}


def _shown(hours: Hours) -> dict[str, Any]:
    told = hours.valid_from if hours.valid_from > date.min else None
    return {
        "valid_from": told,
        "percentage": hours.percentage,
        "travel_minutes": hours.travel_minutes,
        "covers": hours.covers,
        "week": hours.week,
    }
