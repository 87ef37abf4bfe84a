"""The lead's page of her bydel's week: who is at work, and which time is taken; no family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.places import bydel_name
from api.web.week import asked_day
from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.calendars.hours import Interval
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.visits.appointments import Span
from nyefamilier.visits.bydel_days import NurseDays, bydel_days
from nyefamilier.visits.forecast import monday_of

_WEEK = timedelta(days=7)
_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One nurse's day."""

    on: date
    is_holiday: bool
    works: tuple[Interval, ...]
    taken: tuple[Span, ...]


@pages.get("/bydel-week")
@allow(Role.LEAD)
def show_bydel_week() -> ResponseReturnValue:
    """The week in which a day is; this week unless another is asked for."""
    with work() as current:
        monday = monday_of(asked_day(current.today))
        last = monday + _WEEK - timedelta(days=1)
        found = bydel_days(current, monday, last)
        bydel = bydel_name(current, current.actor.bydel or BydelNumber(""), monday)
    days = _days(found, monday)
    return render_template(
        "bydel_week.html",
        bydel=bydel,
        days=days,
        rows=[(one.nurse, [_cell(one, day) for day in days]) for one in found],
        first=monday,
        last=last,
        number=monday.isocalendar().week,
        before=monday - _WEEK,
        after=monday + _WEEK,
    )


def _days(found: tuple[NurseDays, ...], monday: date) -> list[date]:
    """Monday to Friday, and a day of the weekend on which there is something."""
    used = {day_of(span.begins) for one in found for span in one.works.intervals}
    used |= {day_of(span.begins) for one in found for span in one.taken}
    week = [monday + timedelta(n) for n in range(7)]
    return [day for day in week if day.weekday() < _WORKDAYS or day in used]


def _cell(one: NurseDays, day: date) -> Cell:
    return Cell(
        on=day,
        is_holiday=is_holiday(day),
        works=tuple(span for span in one.works.intervals if day_of(span.begins) == day),
        taken=tuple(span for span in one.taken if day_of(span.begins) == day),
    )
