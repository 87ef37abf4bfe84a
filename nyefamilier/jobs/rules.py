"""When a job is due again, and when somebody has to be told that it was not done. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from nyefamilier.kernel.clock import OSLO, day_of

FIRST_RETRY: Final = timedelta(minutes=1)
LAST_RETRY: Final = timedelta(hours=1)
"""The longest wait after a failure, however often it went wrong."""


def next_nightly(wall: time, after: datetime) -> datetime:
    """The next instant after *after* at which it is *wall* o'clock in Oslo: once each day.

    In the night when 02:30 comes twice it is the first one. In the night when there is no 02:30 it
    is as long after midnight as on any other day, when clocks show 03:30.
    """
    day = day_of(after)
    while True:
        found = datetime.combine(day, wall, OSLO).astimezone(UTC)
        if found > after:
            return found
        day += timedelta(days=1)


def next_weekly(weekday: int, wall: time, after: datetime) -> datetime:
    """The next instant after *after* at which it is *wall* o'clock in Oslo on a weekday.

    Args:
        weekday: 0 is Monday.
        wall: The time, as `next_nightly` takes it.
        after: Any instant.
    """
    found = next_nightly(wall, after)
    while day_of(found).weekday() != weekday:
        found = next_nightly(wall, found)
    return found


def retry_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: a minute, then twice as long each time."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LAST_RETRY)


def is_overdue(due_at: datetime, patience: timedelta, now: datetime) -> bool:
    """Whether what was due at *due_at* should have been done by now, a slow run included."""
    return now > due_at + patience
