"""The visits of a pregnancy: made, cancelled, missed, agreed on for another day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.demo.lives import Call, Made, workday
from nyefamilier.demo.setting import Act, Beat, Chapter, Setting, names_in
from nyefamilier.demo.stories import instant, planned
from nyefamilier.demo.visiting import Visit, nobody_home, occasion, visit_told
from nyefamilier.demo.words import say
from nyefamilier.door.mutations import Operation
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.kernel.clock import day_of
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit, NextVisit

_NEXT_AGREED = 0.7
_AGREED_WITHIN = timedelta(days=120)
_CORRECTED = 0.02
_SATURDAY = 5
_WISHED = "Familien ønsket denne dagen."


def call_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """Every visit that was made, missed or cancelled."""
    return [
        (call.on, 5, _act_of(setting, chapter, number, call))
        for number, call in enumerate(chapter.life.calls)
        if call.made is not Made.NEVER
    ]


def booked_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """A visit that lies ahead is agreed on."""
    booked = chapter.life.booked
    if booked is None:
        return []
    return [(booked[0], 8, partial(_booked, setting, booked[1]))]


def visited(
    setting: Setting, chapter: Chapter, call: Call, number: int | None, at: datetime
) -> list[Operation]:
    """The nurse was there: the visit, a note, perhaps needs and a correction of an older note."""
    when = occasion(call, chapter.life.born if chapter.children else None)
    visit = _visit(setting, chapter, call, number, at)
    operations = visit_told(setting, chapter, visit, when)
    if chapter.to_correct is not None:
        text = say("rettelse", setting.rng, names_in(setting, chapter))
        operations.append(CorrectNote(setting.id(at), chapter.to_correct, text))
        chapter.to_correct = None
    elif setting.rng.random() < _CORRECTED:
        noted = next(one for one in operations if isinstance(one, WriteNote))
        chapter.to_correct = noted.note_id
    return operations


def _act_of(setting: Setting, chapter: Chapter, number: int, call: Call) -> Act:
    if call.made is Made.NOT_HOME:
        return partial(_missed, setting, chapter, number, call)
    if call.made in {Made.CANCELLED_BY_FAMILY, Made.CANCELLED_BY_US}:
        return partial(_cancelled, setting, chapter, number, call)
    return partial(visited, setting, chapter, call, number)


def _visit(
    setting: Setting, chapter: Chapter, call: Call, number: int | None, at: datetime
) -> Visit:
    if number is None:
        return Visit(setting.id(at), call, at)
    known = chapter.agreed.pop(number, None)
    if known is None:
        known = planned(call.kind) if call.is_anchor else setting.id(at)
    return Visit(known, call, at, _following(setting, chapter, at, number))


def _following(setting: Setting, chapter: Chapter, at: datetime, number: int) -> NextVisit | None:
    """The next visit, if they agree on it today."""
    rng = setting.rng
    later = enumerate(chapter.life.calls[number + 1 :], number + 1)
    place, call = next(((n, one) for n, one in later if one.made is not Made.NEVER), (0, None))
    if call is None or call.is_anchor or call.on - day_of(at) > _AGREED_WITHIN:
        return None
    if rng.random() > _NEXT_AGREED:
        return None
    chapter.agreed[place] = setting.id(at)
    hour = instant(call.on, rng.randint(9, 13), rng.choice((0, 0, 30)))
    return NextVisit(chapter.agreed[place], call.on, hour, outside_hours=_why_then(call.on))


def _missed(
    setting: Setting, chapter: Chapter, number: int, call: Call, at: datetime
) -> list[Operation]:
    known = chapter.agreed.pop(number, None) or setting.id(at)
    return [nobody_home(Visit(known, call, at))]


def _cancelled(
    setting: Setting, chapter: Chapter, number: int, call: Call, at: datetime
) -> list[Operation]:
    """A visit that was agreed on falls away; one that was not is agreed on and falls away."""
    known = chapter.agreed.pop(number, None)
    operations: list[Operation] = []
    if known is None:
        known = planned(call.kind) if call.is_anchor else setting.id(at)
        on = workday(call.on + timedelta(days=3))
        hour, why = instant(on, 12), _why_then(on)
        operations.append(BookVisit(known, hour, kind=call.kind, outside_hours=why))
    by_family = call.made is Made.CANCELLED_BY_FAMILY
    by = CancelledBy.FAMILY if by_family else CancelledBy.US
    reason = say("avlyst_familien" if by_family else "avlyst_oss", setting.rng)
    return [*operations, CancelVisit(known, by, reason)]


def _booked(setting: Setting, call: Call, at: datetime) -> list[Operation]:
    visit_id = planned(call.kind) if call.is_anchor else setting.id(at)
    hour = instant(call.on, setting.rng.randint(9, 13), setting.rng.choice((0, 30)))
    return [BookVisit(visit_id, hour, kind=call.kind, outside_hours=_why_then(call.on))]


def _why_then(on: date) -> str | None:
    """Lives were drawn without a calendar: who is visited on a holiday had wished for it."""
    is_working = on.weekday() < _SATURDAY and not is_holiday(on)
    return None if is_working else _WISHED
