"""When nurses work: what is known of it, and the form that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, identity, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import short_id
from api.web.places import bydel_names
from api.web.refusals import said
from api.web.submitting import opened, status
from api.web.texts import _, weekday_name
from api.web.wording import words
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.bydeler.service import bydeler
from nyefamilier.calendars.holidays import holidays, holidays_on
from nyefamilier.calendars.hours import Availability, HalfDay, Hours, Purpose
from nyefamilier.calendars.rules import HALVES, PERCENTAGES, TRAVEL
from nyefamilier.calendars.service import nurse_to_write_of, set_hours
from nyefamilier.calendars.views import CalendarView, availability, calendar_of, nurses_serving
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound, Refusal
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.visits.absent import agreed_while_away

CALENDAR_ROLES: Final = (Role.NURSE, Role.LEAD)
WEEKDAYS: Final = range(1, 8)

_AHEAD: Final = timedelta(days=120)
"""How far ahead a calendar tells of public holidays."""
_FIELDS: Final = {
    "/valid_from": "first_day",
    "/percentage": "percentage",
    "/covers": "covers",
}

Week: TypeAlias = list[tuple[str, list[HalfDay]]]
"""Each weekday's name and what is worked on it."""


@pages.get("/calendar")
@allow(*CALENDAR_ROLES)
def show_calendars() -> ResponseReturnValue:
    """A nurse's own calendar; for a lead, those of the nurses who serve her bydel."""
    if identity().role is Role.NURSE:
        return redirect(url_for("web.show_calendar", nurse_id=identity().id), 303)
    with work() as current:
        own = current.actor.bydel or BydelNumber("")
        nurses = nurses_serving(current, own, current.today)
        first, last = current.today, current.today + timedelta(days=6)
        found = availability(current, [one.id for one in nurses], first, last)
        names = bydel_names(current, current.today)
    return render_template(
        "calendars.html",
        rows=[(one, found[one.id], hours_in(found[one.id])) for one in nurses],
        bydel=names.get(own, own),
        own=own,
        names=names,
        first=first,
        last=last,
    )


@pages.get("/calendar/<uuid:nurse_id>")
@allow(*CALENDAR_ROLES)
def show_calendar(nurse_id: UUID) -> ResponseReturnValue:
    """One nurse's hours and absences, and the public holidays ahead."""
    with work() as current:
        view = calendar_of(current, nurse_id)
        names, today = bydel_names(current, current.today), current.today
        mine = {one.id: one for one in view.absences} if view.may_write else {}
        missed = agreed_while_away(current, nurse_id, mine)
    return render_template(
        "calendar.html",
        view=view,
        week_of=week_of,
        names=names,
        is_usual=view.present.valid_from == date.min,
        holidays=_holidays_ahead(today),
        own=view.nurse.id == identity().id,
        missed={id_: one for id_, one in missed.items() if one.visits or one.others},
        short_id=short_id,
        is_lead=identity().role is Role.LEAD,
    )


@pages.route("/calendar/<uuid:nurse_id>/hours", methods=["GET", "POST"])
@allow(*CALENDAR_ROLES)
def change_hours(nurse_id: UUID) -> ResponseReturnValue:
    """Let a nurse work otherwise from a day on."""
    form = opened()
    form.mostly_optional = True
    if form.sent and _is_set(form, nurse_id):
        return redirect(url_for("web.show_calendar", nurse_id=nurse_id, done="hours"), 303)
    with work() as current:
        nurse = nurse_to_write_of(current, nurse_id)
        view = calendar_of(current, nurse_id)
        choices = _others(current, nurse)
        _suggest(form, view, current.today)
    page = render_template(
        "hours.html",
        form=form,
        nurse=nurse,
        bydeler=choices,
        weekdays=[(number, weekday_name(number)) for number in WEEKDAYS],
        purposes=[(str(one), words(one)) for one in Purpose],
    )
    return page, status(form)


def week_of(hours: Hours) -> Week:
    """The weekdays of some hours, those without work too."""
    return [
        (weekday_name(number), [half for half in hours.week if half.weekday == number])
        for number in WEEKDAYS
    ]


def hours_in(found: Availability) -> float:
    """How many hours a nurse works in the days that were asked about."""
    spans = (one.ends - one.begins for one in found.intervals)
    return sum(spans, timedelta()) / timedelta(hours=1)


def _holidays_ahead(today: date) -> list[tuple[date, str]]:
    days = {*holidays(today.year).values(), *holidays((today + _AHEAD).year).values()}
    return [
        (day, " / ".join(str(words(name)) for name in holidays_on(day)))
        for day in sorted(days)
        if today <= day <= today + _AHEAD
    ]


def _others(current: Work, nurse: AccountIdentity) -> list[tuple[str, str]]:
    """The bydeler that a nurse can help out in, besides her own."""
    return [
        (str(one.number), one.name)
        for one in bydeler(current.session, current.today)
        if one.administered and one.number != nurse.bydel
    ]


def _suggest(form: Form, view: CalendarView, today: date) -> None:
    """Fill in a new form with how the nurse works now."""
    present = view.present
    form.suggest(
        first_day=today.isoformat(),
        percentage=str(present.percentage),
        travel=str(present.travel_minutes),
        covers=list(present.covers),
    )
    for number in WEEKDAYS:
        halves = [half for half in present.week if half.weekday == number]
        for part, half in enumerate(halves, start=1):
            begins, ends = (f"{one:%H:%M}" for one in (half.begins, half.ends))
            told = {f"begins_{number}_{part}": begins, f"ends_{number}_{part}": ends}
            form.suggest(**told, **{f"purpose_{number}_{part}": str(half.purpose)})


def _is_set(form: Form, nurse_id: UUID) -> bool:
    """Whether the hours were read from the form and set; if not, the form says why."""
    places: list[str] = []
    hours = _read(form, places)
    if hours is None or not form.ok:
        return False
    try:
        with work() as current:
            set_hours(current, nurse_id, hours)
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        form.wrong(_field_of(refusal.pointer or "", hours, places), said(refusal))
        return False
    return True


def _read(form: Form, places: list[str]) -> Hours | None:
    first = form.day("first_day", required=True)
    percentage = form.number("percentage", *PERCENTAGES, required=True)
    travel = form.number("travel", *TRAVEL, required=True)
    week = tuple(_halves(form, places))
    if first is None or percentage is None or travel is None:
        return None
    covers = tuple(BydelNumber(number) for number in form.values("covers"))
    return Hours(first, percentage, travel, covers, week)


def _halves(form: Form, places: list[str]) -> Iterator[HalfDay]:
    """The half-days of the form; *places* gets the field that each one ends in."""
    for number in WEEKDAYS:
        for part in range(1, HALVES + 1):
            half = _half(form, number, f"{number}_{part}")
            if half is not None:
                places.append(f"ends_{number}_{part}")
                yield half


def _half(form: Form, weekday: int, place: str) -> HalfDay | None:
    begins: time | None = form.time(f"begins_{place}")
    ends: time | None = form.time(f"ends_{place}", required=begins is not None)
    if ends is not None and begins is None:
        form.wrong(f"begins_{place}", _("Fill in a time."))
    if begins is None or ends is None:
        return None
    purpose = form.choice(f"purpose_{place}", Purpose) or Purpose.HOME
    return HalfDay(weekday, begins, ends, purpose)


def _field_of(pointer: str, hours: Hours, places: list[str]) -> str:
    """The field that a refusal is about."""
    if pointer.startswith("/week/"):
        return places[int(pointer.split("/")[2])]
    if pointer == "/week":
        return next(
            (f"begins_{number}_2" for number in WEEKDAYS if _overlaps(hours, number)), places[0]
        )
    return _FIELDS.get(pointer, "")


def _overlaps(hours: Hours, weekday: int) -> bool:
    own = sorted((half.begins, half.ends) for half in hours.week if half.weekday == weekday)
    return len(own) == HALVES and own[0][1] > own[1][0]
