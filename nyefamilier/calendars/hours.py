"""When a nurse can be with families or at the clinic: her week, less holidays and absences; pure.

Hours are told by the clock on the wall in Oslo and answered as instants, so that a day on which
summer time begins or ends is as long as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import BydelNumber


class Purpose(StrEnum):
    """What a half-day is for."""

    HOME = "home"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A part of a weekday on which a nurse works. Monday is 1; times are Oslo's own."""

    weekday: int
    begins: time
    ends: time
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Hours:
    """How a nurse works from a day on.

    Args:
        valid_from: The day.
        percentage: Of a full position.
        travel_minutes: What she needs between two homes.
        covers: The bydeler that she helps out in, besides her own.
        week: Her half-days, by weekday and time.
    """

    valid_from: date
    percentage: int
    travel_minutes: int
    covers: tuple[BydelNumber, ...]
    week: tuple[HalfDay, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """From an instant until just before another one, a nurse does not work. Why is not told."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """A time at work, in UTC; the end is not part of it."""

    begins: datetime
    ends: datetime
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Availability:
    """When a nurse works during some days.

    Args:
        nurse_id: Who.
        percentage: Of a full position, on the first of the days.
        travel_minutes: What she needs between two homes, on the first of the days.
        intervals: Her time at work, in order; no two overlap.
    """

    nurse_id: UUID
    percentage: int
    travel_minutes: int
    intervals: tuple[Interval, ...]

    def covers(self, begins: datetime, ends: datetime) -> bool:
        """Whether she works all the time from *begins* until *ends*, whatever for."""
        at = begins
        for interval in self.intervals:
            if interval.begins <= at < interval.ends:
                at = interval.ends
        return begins < ends <= at


TRAVEL_MINUTES: Final = 20
"""Between two homes, when a nurse has not said otherwise. An estimate: simulated bydeler give 19 to
26 minutes a visit."""
USUAL: Final = Hours(
    valid_from=date.min,
    percentage=100,
    travel_minutes=TRAVEL_MINUTES,
    covers=(),
    week=tuple(HalfDay(weekday, time(8), time(15, 30), Purpose.HOME) for weekday in range(1, 6)),
)
"""How a nurse works of whom nothing is known."""


def hours_on(day: date, known: Iterable[Hours]) -> Hours:
    """The hours that hold on a day: the latest that began by then."""
    begun = [hours for hours in known if hours.valid_from <= day]
    return max(begun, key=lambda hours: hours.valid_from, default=USUAL)


def available(
    nurse_id: UUID, known: Sequence[Hours], away: Iterable[Away], first: date, last: date
) -> Availability:
    """When a nurse works from the first day to the last, both included.

    Args:
        nurse_id: Who.
        known: Her hours, in any order.
        away: Her absences, in any order.
        first: The first day in Oslo.
        last: The last one.
    """
    absences = sorted(away, key=lambda absence: absence.begins)
    at_work = (
        Interval(begins, ends, planned.purpose)
        for day in _days(first, last)
        for planned in _planned(day, hours_on(day, known))
        for begins, ends in left_of(planned.begins, planned.ends, absences)
    )
    today = hours_on(first, known)
    return Availability(nurse_id, today.percentage, today.travel_minutes, tuple(at_work))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _planned(day: date, hours: Hours) -> Iterator[Interval]:
    if is_holiday(day):
        return
    own = [half for half in hours.week if half.weekday == day.isoweekday()]
    for half in sorted(own, key=lambda half: half.begins):
        begins, ends = at_clock(day, half.begins), at_clock(day, half.ends)
        # On the night when the clock jumps, a half-day within the hour that is skipped is none.
        if begins < ends:
            yield Interval(begins, ends, half.purpose)


@lru_cache(maxsize=4096)  # All nurses' half-days begin and end at the same few times.
def at_clock(day: date, clock: time) -> datetime:
    """The instant at which the clocks in Oslo show a time on a day, in UTC.

    A time that comes twice is meant the first time; one that is skipped is an hour later.
    """
    return datetime.combine(day, clock, tzinfo=OSLO).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant at which a day in Oslo is over: the midnight after it, in UTC."""
    return at_clock(day + timedelta(days=1), time.min)


def left_of(
    begins: datetime, ends: datetime, absences: Sequence[Away]
) -> Iterator[tuple[datetime, datetime]]:
    """What the absences, in order, leave of a time."""
    at = begins
    for absence in absences:
        if absence.begins < ends and absence.ends > at:
            if absence.begins > at:
                yield at, absence.begins
            at = absence.ends
    if at < ends:
        yield at, ends
