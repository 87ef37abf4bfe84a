"""The times to offer, found by trying every half-hour of every nurse; slow, and easy to believe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.openings import Half, Nurse
from nyefamilier.visits.slots import NOTICE, SHOWN, Question

HALF_HOUR = timedelta(minutes=30)

Told: TypeAlias = tuple[datetime, object, object]
"""When, who, and who else."""


def best(question: Question, nurses: Sequence[Nurse]) -> tuple[list[Told], list[Told]]:
    """What is offered in the window; and what outside it, where that is nothing."""
    ranked = sorted(_candidates(question, nurses), key=lambda one: one[0])
    inside = _one_each_half_day([one for one in ranked if one[0][0] == 0])
    return (inside, []) if inside else ([], _one_each_half_day(ranked))


def _one_each_half_day(ranked: list[tuple[tuple[object, ...], Told]]) -> list[Told]:
    seen: dict[tuple[date, bool], Told] = {}
    for _, told in ranked:
        local = told[0].astimezone(OSLO)
        seen.setdefault((local.date(), local.hour < 12), told)
    return list(seen.values())[:SHOWN]


def _candidates(
    question: Question, nurses: Sequence[Nurse]
) -> Iterator[tuple[tuple[object, ...], Told]]:
    for at in _half_hours(nurses):
        able = sorted(
            (_rank(question, one, at), one.id) for one in nurses if can_come(question, one, at)
        )
        if not question.two_nurses:
            yield from ((rank, (at, who, None)) for rank, who in able)
        elif len(able) > 1:
            yield able[0][0], (at, able[0][1], able[1][1])


def _half_hours(nurses: Sequence[Nurse]) -> Iterator[datetime]:
    spans = [span for one in nurses for span in one.free]
    if not spans:
        return
    at = min(span.begins for span in spans).replace(minute=0, second=0, microsecond=0)
    while at < max(span.ends for span in spans):
        yield at
        at += HALF_HOUR


def can_come(question: Question, nurse: Nurse, at: datetime) -> bool:
    """Whether she works, has time for the way, and is at no other visit or on the way to one."""
    ends, way = at + question.lasts, nurse.travel
    first_day = question.not_before
    if at < question.now + NOTICE or at.astimezone(OSLO).date() < first_day:
        return False
    if not any(one.begins + way <= at and ends + way <= one.ends for one in nurse.free):
        return False
    return all(one.ends + way <= at or ends + way <= one.begins for one in nurse.taken)


def _rank(question: Question, nurse: Nurse, at: datetime) -> tuple[object, ...]:
    local = at.astimezone(OSLO)
    day, window = local.date(), question.window
    half = Half.MORNING if local.hour < 12 else Half.AFTERNOON
    outside = 0
    if day < window.opens:
        outside = (window.opens - day).days
    elif day > window.closes:
        outside = (day - window.closes).days
    wished = not question.wishes or (day.weekday(), half) in question.wishes
    load, distance = _tenths_taken(nurse, day), abs((day - window.ideal).days)
    return (
        outside,
        nurse.part,
        _journeys(nurse, day, half),
        not wished,
        load,
        distance,
        at,
        nurse.id,
    )


def _journeys(nurse: Nurse, day: date, half: Half) -> int:
    if not nurse.travel:
        return 0
    same = [
        one
        for one in nurse.taken
        if one.begins.astimezone(OSLO).date() == day
        and (one.begins.astimezone(OSLO).hour < 12) == (half is Half.MORNING)
    ]
    if not same:
        return 2
    return 0 if any(one.near for one in same) else 1


def _tenths_taken(nurse: Nurse, day: date) -> int:
    week = day.isocalendar()[:2]
    works, taken = (
        sum(
            (one.ends - one.begins).total_seconds()
            for one in spans
            if one.begins.astimezone(OSLO).date().isocalendar()[:2] == week
        )
        for spans in (nurse.free, nurse.taken)
    )
    return int(10 * taken / works) if works else 0
