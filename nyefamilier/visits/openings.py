"""When one nurse could come: her working time, less her appointments and the ways between. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import accumulate, islice
from operator import attrgetter
from typing import Final, TypeAlias

from nyefamilier.calendars.hours import at_clock, end_of
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.ids import UserId

STEP: Final = timedelta(minutes=30)
"""Visits begin on the hour or half past."""

_NOON: Final = time(12)


class Part(IntEnum):
    """What a nurse is to the family; the lower, the sooner she is offered."""

    OWN = 0
    COVERING = 1
    OTHER = 2


class Half(StrEnum):
    """Half a day, as families are asked for it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


HalfDay: TypeAlias = tuple[int, Half]
"""A weekday, Monday being 0, and its half."""

WORKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
WISHES: Final[dict[str, HalfDay]] = {
    f"{name}-{half}": (number, half) for number, name in enumerate(WORKDAYS) for half in Half
}
"""The half-days that a family can wish for, by the names that doorways have for them."""


class Journeys(IntEnum):
    """How many journeys a visit adds to a nurse's half-day."""

    NONE = 0
    """She is with another family of the same delbydel in that half-day, or nobody travels."""
    ONE = 1
    """She is out visiting in that half-day."""
    OUT_AND_BACK = 2


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, the second not included."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Taken(Span):
    """A nurse's appointment.

    Args:
        near: Whether it is with a family in the same delbydel as the one that is asked for.
    """

    near: bool = False


@dataclass(frozen=True, slots=True)
class Nurse:
    """A nurse who could make the visit.

    Args:
        free: When she works at such visits, appointments not taken out.
        taken: Her appointments.
        travel: What she needs before, after and between visits; none where nobody travels.
        works: All that she works in the weeks that it is about; without it what is free.
    """

    id: UserId
    part: Part
    free: Sequence[Span]
    taken: Sequence[Taken] = ()
    travel: timedelta = timedelta(0)
    works: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A time at which a nurse could come.

    Args:
        day: The day in Oslo, and `half` the half of it.
        load: How many tenths of her working time that week are taken.
    """

    nurse: Nurse
    begins: datetime
    day: date
    half: Half
    journeys: Journeys
    load: int


def openings(nurse: Nurse, lasts: timedelta, soonest: datetime) -> Iterator[Opening]:
    """Every time at which she could come and stay so long, from an instant on."""
    diary = _Diary(nurse)
    for half in _halves(nurse.free):
        yield from _within(half, diary, lasts, soonest)


def first_openings(nurse: Nurse, lasts: timedelta, soonest: datetime) -> Iterator[Opening]:
    """The first of them in each half of a day at work."""
    diary = _Diary(nurse)
    for half in _halves(nurse.free):
        yield from islice(_within(half, diary, lasts, soonest), 1)


def works_within(
    nurse: Nurse, lasts: timedelta, soonest: datetime, days: tuple[date, date]
) -> bool:
    """Whether she works so long at a time on one of some days, whatever she has agreed to."""
    first, last = days
    needed = lasts + 2 * nurse.travel
    return any(
        _on_step(max(span.begins + nurse.travel, soonest)) - nurse.travel + needed <= span.ends
        and first <= day_of(span.begins) <= last
        for span in nurse.free
    )


@dataclass(frozen=True, slots=True)
class _Half:
    """A part of a time at work in which all times are of one half-day."""

    span: Span
    begins: datetime
    until: datetime
    day: date
    half: Half


def _halves(spans: Iterable[Span]) -> Iterator[_Half]:
    for span in spans:
        local = span.begins.astimezone(OSLO)
        day = local.date()
        noon = at_clock(day, _NOON)
        if span.begins < noon:
            yield _Half(span, span.begins, min(noon, span.ends), day, Half.MORNING)
        if span.ends > noon:
            yield from _afternoon(span, max(span.begins, noon), day)


def _afternoon(span: Span, begins: datetime, day: date) -> Iterator[_Half]:
    """What follows noon; past midnight it is the next day's morning."""
    midnight = end_of(day)
    yield _Half(span, begins, min(midnight, span.ends), day, Half.AFTERNOON)
    if span.ends > midnight:
        for half in _halves([Span(midnight, span.ends)]):
            yield replace(half, span=span)


def _within(part: _Half, diary: _Diary, lasts: timedelta, soonest: datetime) -> Iterator[Opening]:
    nurse, span = diary.nurse, part.span
    at = _on_step(max(span.begins + nurse.travel, part.begins, soonest))
    latest = span.ends - nurse.travel - lasts
    while at < part.until and at <= latest:
        free_from = diary.free_from(at, at + lasts)
        if free_from is None:
            journeys = diary.journeys(part.day, part.half)
            load = diary.loads.get(_monday(part.day), 0)
            yield Opening(nurse, at, part.day, part.half, journeys, load)
            at += STEP
        else:
            at = _on_step(free_from)


def _when(at: datetime) -> tuple[date, Half]:
    """The day and the half of it, in Oslo, at an instant."""
    local = at.astimezone(OSLO)
    return local.date(), Half.MORNING if local.time() < _NOON else Half.AFTERNOON


@dataclass
class _Diary:
    """A nurse's appointments, made ready to be looked through."""

    nurse: Nurse
    starts: list[datetime] = field(init=False)
    over: list[datetime] = field(init=False)
    """When she is through with all that begin no later than the one at the same place."""
    out: dict[tuple[date, Half], bool] = field(init=False)
    """The half-days in which she is out visiting, and whether one of the families is near."""

    def __post_init__(self) -> None:
        taken = sorted(self.nurse.taken, key=attrgetter("begins"))
        self.starts = [one.begins for one in taken]
        self.over = list(accumulate((one.ends for one in taken), max))
        self.out = {}
        for one in taken:
            day, half = _when(one.begins)
            self.out[day, half] = self.out.get((day, half), False) or one.near

    @cached_property
    def loads(self) -> dict[date, int]:
        """How many tenths of her working time are taken, by the week's Monday."""
        works, taken = _by_week(self.nurse.works or self.nurse.free), _by_week(self.nurse.taken)
        return {monday: int(10 * taken[monday] / time) for monday, time in works.items()}

    def free_from(self, begins: datetime, ends: datetime) -> datetime | None:
        """The first instant at which she could come instead; None if she can come then.

        She must be able to come from the visit before, and to go to the one after.
        """
        travel = self.nurse.travel
        earlier = bisect_left(self.starts, ends + travel)
        free = self.over[earlier - 1] + travel if earlier else begins
        return free if free > begins else None

    def journeys(self, day: date, half: Half) -> Journeys:
        """How many journeys a visit in that half-day adds."""
        if not self.nurse.travel:
            return Journeys.NONE
        if (day, half) not in self.out:
            return Journeys.OUT_AND_BACK
        return Journeys.NONE if self.out[day, half] else Journeys.ONE


def _by_week(spans: Iterable[Span]) -> dict[date, float]:
    found: dict[date, float] = defaultdict(float)
    for span in spans:
        found[_monday(day_of(span.begins))] += (span.ends - span.begins).total_seconds()
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _on_step(at: datetime) -> datetime:
    """The first instant from *at* on that is on the hour or half past, in Oslo as in UTC."""
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at - over + STEP if over else at
