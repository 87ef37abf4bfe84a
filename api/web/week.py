"""The nurse's week and her day: when she works, and which visits are agreed."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.people import initials, short_id
from nyefamilier.kernel import values
from nyefamilier.kernel.actors import Role
from nyefamilier.visits.diary import own_diary
from nyefamilier.visits.forecast import monday_of

_WEEK = timedelta(days=7)
_SUNDAY = timedelta(days=6)
_DAY = timedelta(days=1)


@pages.get("/week")
@allow(Role.NURSE)
def show_week() -> ResponseReturnValue:
    """The week in which a day is; this week unless another is asked for."""
    with work() as current:
        monday = monday_of(asked_day(current.today))
        days = own_diary(current, monday, monday + _SUNDAY)
    return render_template(
        "week.html",
        days=[one for one in days if one.works or one.appointments or one.on.weekday() < _WORKDAYS],
        initials=initials,
        short_id=short_id,
        first=monday,
        last=monday + _SUNDAY,
        number=monday.isocalendar().week,
        before=monday - _WEEK,
        after=monday + _WEEK,
    )


_WORKDAYS = 5


@pages.get("/day")
@allow(Role.NURSE)
def show_day() -> ResponseReturnValue:
    """One day; today unless another is asked for."""
    with work() as current:
        on = asked_day(current.today)
        (day,) = own_diary(current, on, on)
    return render_template(
        "day.html",
        day=day,
        initials=initials,
        short_id=short_id,
        before=on - _DAY,
        after=on + _DAY,
    )


def asked_day(today: date) -> date:
    """The day of the address; today where it names none."""
    try:
        return values.day(request.args.get("on", ""))
    except values.BadValue:
        return today
