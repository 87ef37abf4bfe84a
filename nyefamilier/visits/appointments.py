"""When a nurse is taken, and which times near one are free; pure.

How long a visit will last is not agreed upon beforehand, so an appointment takes an hour from when
it begins: shorter, and a nurse could not come from one family to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from nyefamilier.kernel.clock import OSLO, day_of

TAKES: Final = timedelta(hours=1)
"""How much of a nurse's day one appointment takes."""
LOOK_AHEAD: Final = timedelta(days=8)
"""How far from the time that was wanted another one is looked for."""
SHOWN: Final = 5
"""How many free times are told."""

_STEP: Final = timedelta(minutes=30)
_FIRST, _LAST = time(8, 30), time(14, 30)
"""When the first visit of a day begins, and the last one."""
_SATURDAY: Final = 5


def collide(one: datetime, other: datetime) -> bool:
    """Whether nobody can keep both appointments."""
    return abs(one - other) < TAKES


def free_times(wanted: datetime, taken: Collection[datetime], now: datetime) -> list[datetime]:
    """The free times on working days that lie nearest to the one that was wanted, in order.

    Args:
        wanted: When it was to be.
        taken: The nurse's other appointments.
        now: Nothing before it is told.
    """
    free = (
        at
        for at in _times(day_of(wanted))
        if at > now and not any(collide(at, other) for other in taken)
    )
    nearest = sorted(free, key=lambda at: (abs(at - wanted), at))
    return sorted(nearest[:SHOWN])


def _times(around: date) -> Iterator[datetime]:
    for days in range(-LOOK_AHEAD.days, LOOK_AHEAD.days + 1):
        day = around + timedelta(days=days)
        if day.weekday() < _SATURDAY:
            at, last = (datetime.combine(day, one, tzinfo=OSLO) for one in (_FIRST, _LAST))
            while at <= last:
                yield at
                at += _STEP
