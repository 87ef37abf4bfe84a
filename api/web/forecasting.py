"""How many newborn visits the lead's bydel can expect, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.places import bydel_name
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.visits.forecast import Week
from nyefamilier.visits.worklists import newborns_ahead

_FRIDAY = timedelta(days=4)
_WIDEST, _MARK = 1000, 8
"""How wide the drawing is, and the mark of the mean in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the table, and its bar: per mille of the widest that is drawn."""

    week: Week
    number: int
    friday: date
    left: int
    wide: int
    middle: int


@pages.get("/newborns")
@allow(Role.LEAD)
def show_forecast() -> ResponseReturnValue:
    """The forecast of newborn visits for the lead's own bydel."""
    with work() as current:
        own = current.actor.bydel
        if own is None:
            raise NotAllowed("Only a programme lead plans for a bydel.")
        forecast = newborns_ahead(current, own)
        bydel = bydel_name(current, own, current.today)
    most = max((week.p90 for week in forecast.weeks), default=0)
    rows = [_row(week, most) for week in forecast.weeks]
    return render_template("newborns.html", bydel=bydel, forecast=forecast, rows=rows)


def _row(week: Week, most: int) -> Row:
    scale = _WIDEST / max(most, 1)
    left, right = int(week.p10 * scale), int(week.p90 * scale)
    return Row(
        week=week,
        number=week.monday.isocalendar().week,
        friday=week.monday + _FRIDAY,
        left=left,
        wide=right - left,
        middle=min(int(week.mean * scale), _WIDEST - _MARK),
    )
