"""When nurses are away: the form that writes it down, and the one that strikes it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.records import the_one
from api.web.blueprint import pages
from api.web.formats import day, moment, period
from api.web.forms import Form
from api.web.hours import CALENDAR_ROLES
from api.web.refusals import said
from api.web.submitting import ids_of, opened, status
from api.web.texts import _
from nyefamilier.calendars.hours import at_clock, end_of
from nyefamilier.calendars.rules import Absence, AbsenceKind, days_of, is_whole_days
from nyefamilier.calendars.service import cancel_absence, nurse_to_write_of, record_absence
from nyefamilier.calendars.views import AbsenceView, calendar_of
from nyefamilier.kernel.errors import NotAllowed, NotFound, Refusal

_FIELDS: Final = {"/begins": "first_day", "/ends": "last_day"}


@pages.route("/calendar/<uuid:nurse_id>/absences/new", methods=["GET", "POST"])
@allow(*CALENDAR_ROLES)
def write_absence(nurse_id: UUID) -> ResponseReturnValue:
    """A nurse is away for some days, or for a part of one."""
    form = opened()
    if form.sent and _is_recorded(form, nurse_id):
        return redirect(url_for("web.show_calendar", nurse_id=nurse_id, done="absence"), 303)
    with work() as current:
        nurse = nurse_to_write_of(current, nurse_id)
    return render_template("absence.html", form=form, nurse=nurse, kinds=AbsenceKind), status(form)


@pages.route("/calendar/<uuid:nurse_id>/absences/<uuid:absence_id>", methods=["GET", "POST"])
@allow(*CALENDAR_ROLES)
def strike_absence(nurse_id: UUID, absence_id: UUID) -> ResponseReturnValue:
    """The nurse is not away after all."""
    if request.method == "POST":
        with work() as current:
            cancel_absence(current, nurse_id, absence_id)
        return redirect(url_for("web.show_calendar", nurse_id=nurse_id, done="absence-gone"), 303)
    with work() as current:
        nurse = nurse_to_write_of(current, nurse_id)
        found = the_one(calendar_of(current, nurse_id).absences, absence_id, "absence")
    return render_template("strike.html", form=Form(), nurse=nurse, absence=found)


def absence_words(absence: AbsenceView) -> str:
    """When somebody is away, as days or, where it is less, by the clock."""
    first, last = days_of(absence)
    if not is_whole_days(absence):
        return f"{moment(absence.begins)} – {moment(absence.ends)}"
    return day(first) if first == last else period(first, last)


def _is_recorded(form: Form, nurse_id: UUID) -> bool:
    """Whether the absence was read from the form and recorded; if not, the form says why."""
    absence = _read(form, nurse_id)
    if absence is None or not form.ok:
        return False
    try:
        with work() as current:
            record_absence(current, absence)
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        form.wrong(_FIELDS.get(refusal.pointer or "", ""), _told(refusal))
        return False
    return True


def _read(form: Form, nurse_id: UUID) -> Absence | None:
    kind = form.choice("kind", AbsenceKind)
    first = form.day("first_day", required=True)
    last = form.day("last_day") or first
    begins = form.time("from_time") or time.min
    until = form.time("until_time")
    if kind is None or first is None or last is None:
        return None
    absence_id = ids_of(form).of("absence")
    return Absence(absence_id, nurse_id, kind, at_clock(first, begins), _end(last, until))


def _end(last: date, until: time | None) -> datetime:
    """An absence's end: at a time on the last day, or with that day."""
    if until is not None:
        return at_clock(last, until)
    return end_of(last)


def _told(refusal: Refusal) -> str:
    """Why it was refused; where days are taken, which, and which are free."""
    taken, free = (_days(refusal.members.get(name, ())) for name in ("overlaps", "free"))
    if not taken:
        return said(refusal)
    if not free:
        return _("There is an absence already: %(days)s.", days=taken)
    return _("There is an absence already: %(days)s. Free: %(free)s.", days=taken, free=free)


def _days(spans: Any) -> str:  # noqa: ANN401 - what the refusal tells programs
    return ", ".join(
        period(*(date.fromisoformat(one[name]) for name in ("first_day", "last_day")))
        for one in spans
    )
