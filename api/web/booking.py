"""The form that agrees on a visit: what it suggests, and what it tells as an operation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import request

from api.web.formats import clock, sentence, weekday
from api.web.forms import Form
from api.web.people import adults, living
from api.web.submitting import ids_of
from api.web.texts import _
from api.web.wording import words
from nyefamilier.families.intents import LANGUAGE_CHARS
from nyefamilier.families.views import FamilyView
from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.intents import (
    AGREED_CHARS,
    REASON_CHARS,
    SAFETY_CHARS,
    BookVisit,
    InterpreterBooking,
)
from nyefamilier.visits.outside import OutsideHours
from nyefamilier.visits.slots import LEAST_MINUTES, MOST_BOOKED
from nyefamilier.visits.states import QUALIFIED, InterpreterCategory, Place
from nyefamilier.visits.views import Visit

BOOKING_FIELDS = {
    "/at": "day",
    "/place": "place",
    "/nurse_id": "nurse",
    "/minutes": "minutes",
    "/second_nurse_id": "second_nurse",
    "/interpreter/who": "interpreter_language",
}
"""Where on the form the pointers of refusals are."""

_PROPOSED = ("day", "clock", "nurse")
"""What a proposed time fills in."""
_USUAL_MINUTES = "60"
_REMOTE, _PRESENT = "remote", "present"


def categories() -> list[tuple[str, str]]:
    """The qualifications that an interpreter can be booked with, as choices."""
    return [(str(one), str(words(one))) for one in QUALIFIED]


def ways() -> list[tuple[str, str]]:
    """How an interpreter can take part, as choices."""
    return [(_PRESENT, _("In the room")), (_REMOTE, _("By telephone or on a screen"))]


def free_times(form: Form) -> list[tuple[str, str]]:
    """The times that would work instead of the one that was refused, as choices."""
    refused = form.refused
    if not isinstance(refused, OutsideHours | TimeTaken):
        return []
    return [(one.isoformat(), sentence(_at(one))) for one in refused.free]


def is_outside_hours(form: Form) -> bool:
    """Whether it was refused because nobody works then."""
    return isinstance(form.refused, OutsideHours)


def _at(one: datetime) -> str:
    return _("%(day)s at %(time)s", day=weekday(one), time=clock(one))


def read_booking(form: Form) -> Sequence[BookVisit]:
    """What the form tells; nothing when it cannot be read."""
    written, place = form.moment("day", "clock", required=True), form.choice("place", Place)
    at = _chosen_instead(form) or written
    minutes = form.number("minutes", LEAST_MINUTES, MOST_BOOKED)
    agreed = form.text("agreed", limit=AGREED_CHARS)
    note = form.text("safety_note", limit=SAFETY_CHARS)
    is_moved = at is not None and form.value("agreed_at") not in {"", at.isoformat()}
    interpreter = _read_interpreter(form, is_moved=is_moved)
    if at is None or place is None:
        return ()
    nurse, has_safety = form.id("nurse"), "has_safety" in form.typed
    second = form.id("second_nurse")
    if second is not None and second == nurse:
        form.wrong("second_nurse", _("Choose somebody else than who comes."))
    booking = BookVisit(
        form.id("visit") or ids_of(form).of("visit"),
        at,
        place=place,
        nurse_id=nurse,
        agreed=agreed,
        minutes=minutes,
        # The nurse herself: nobody comes too.
        second_nurse_id=second or nurse if has_safety else None,
        interpreter=interpreter,
        no_interpreter=True if has_safety and interpreter is None else None,
        not_alone=form.ticked("not_alone") if has_safety else None,
        safety_note=note,
        outside_hours=form.text("outside_hours", limit=REASON_CHARS),
    )
    return (booking,)


def suggest_booking(form: Form, chosen: Visit | None, view: FamilyView, reader: UUID) -> None:
    """What was proposed and chosen; else what had been agreed on before."""
    proposed = {name: request.args[name] for name in _PROPOSED if name in request.args}
    form.suggest(**proposed)
    form.suggest(place=Place.HOME, visit="" if chosen is None else str(chosen.id))
    if chosen is None or chosen.at is None:
        _suggest_need(form, view)
    else:
        _suggest_agreed(form, chosen, reader)
    form.suggest(nurse=str(reader), minutes=_USUAL_MINUTES, interpreter_way=_PRESENT)


def _suggest_agreed(form: Form, chosen: Visit, reader: UUID) -> None:
    if chosen.at is None:
        return
    at, nurse = chosen.at.astimezone(OSLO), chosen.nurse_id or reader
    form.suggest(agreed_at=at.isoformat(), agreed=chosen.agreed or "")
    form.suggest(day=at.date().isoformat(), clock=f"{at:%H:%M}", nurse=str(nurse))
    form.suggest(minutes=str(chosen.minutes or _USUAL_MINUTES))
    form.suggest(outside_hours=chosen.outside_hours or "")
    if chosen.second_nurse_id is not None:
        form.suggest(second_nurse=str(chosen.second_nurse_id))
    if chosen.not_alone:
        form.suggest(not_alone="1", safety_note=chosen.safety_note or "")
    booked = chosen.interpreter
    if booked is None:
        return
    form.suggest(
        interpreter_language=booked.language,
        dialect=booked.dialect or "",
        wish=booked.gender_wish or "",
        category=str(booked.category or ""),
        interpreter_way=_REMOTE if booked.remote else _PRESENT,
    )
    if booked.confirmed:
        form.suggest(confirmed="1")


def _chosen_instead(form: Form) -> datetime | None:
    """The time that was chosen among those that the page told when it refused another."""
    chosen = form.value("instead")
    try:
        found = datetime.fromisoformat(chosen) if chosen else None
    except ValueError:
        found = None
    return found if found is not None and found.tzinfo is not None else None


def _suggest_need(form: Form, view: FamilyView) -> None:
    """An interpreter as a parent has said to need one: the law asks for one, unasked."""
    need = next((one.interpreter for one in living(adults(view)) if one.interpreter), None)
    if need is not None:
        form.suggest(
            interpreter_language=need.language,
            dialect=need.dialect or "",
            wish=need.gender_wish or "",
        )


def _read_interpreter(form: Form, *, is_moved: bool) -> InterpreterBooking | None:
    language = form.text("interpreter_language", limit=LANGUAGE_CHARS)
    dialect = form.text("dialect", limit=LANGUAGE_CHARS)
    wish = form.text("wish", limit=LANGUAGE_CHARS)
    category = form.choice("category", InterpreterCategory, required=False)
    if language is None:
        if form.ticked("confirmed"):
            form.wrong("interpreter_language", _("Choose the language to be interpreted."))
        return None
    return InterpreterBooking(
        language=language,
        dialect=dialect,
        gender_wish=wish,
        category=category,
        remote=form.value("interpreter_way") == _REMOTE,
        # The tick was about the time before: whoever moves a visit has the interpreter asked anew.
        confirmed=None if is_moved else form.ticked("confirmed"),
    )
