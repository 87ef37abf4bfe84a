"""When a nurse is taken, and which times near one are free; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from nyefamilier.kernel.clock import OSLO, day_of

TAKES: Final = timedelta(hours=1)
"""How much of a nurse's day an appointment takes, where nothing else was agreed on."""
LOOK_AHEAD: Final = timedelta(days=8)
"""How far from the time that was wanted another one is looked for."""
SHOWN: Final = 5
"""How many free times are told."""

_STEP: Final = timedelta(minutes=30)
_FIRST, _LAST = time(8, 30), time(15, 30)
"""When the first visit of a day begins, and when the last one is over."""
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From when to when an appointment is; half open."""

    begins: datetime
    ends: datetime

    @property
    def lasts(self) -> timedelta:
        """How long it is."""
        return self.ends - self.begins


def lasting(begins: datetime, lasts: timedelta = TAKES) -> Span:
    """An appointment of some length."""
    return Span(begins, begins + lasts)


def collide(one: Span, other: Span) -> bool:
    """Whether nobody can keep both appointments."""
    return one.begins < other.ends and other.begins < one.ends


def free_times(wanted: Span, taken: Collection[Span], now: datetime) -> list[datetime]:
    """When as long an appointment could begin instead: the nearest free times, in order.

    Args:
        wanted: When it was to be.
        taken: The other appointments of whoever is to come.
        now: Nothing before it is told.
    """
    free = (
        at
        for at in _times(day_of(wanted.begins), wanted.lasts)
        if at > now and not any(collide(lasting(at, wanted.lasts), other) for other in taken)
    )
    nearest = sorted(free, key=lambda at: (abs(at - wanted.begins), at))
    return sorted(nearest[:SHOWN])


def _times(around: date, lasts: timedelta) -> Iterator[datetime]:
    for days in range(-LOOK_AHEAD.days, LOOK_AHEAD.days + 1):
        day = around + timedelta(days=days)
        if day.weekday() < _SATURDAY:
            at, last = (datetime.combine(day, one, tzinfo=OSLO) for one in (_FIRST, _LAST))
            while at + lasts <= last:
                yield at
                at += _STEP
