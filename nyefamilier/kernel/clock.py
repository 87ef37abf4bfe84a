"""Time. The only module that may ask the machine what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present instant, timezone-aware, in UTC."""

Stopwatch: TypeAlias = Callable[[], float]
"""Gives seconds since some fixed point; for measuring how long, never for saying when."""

stopwatch: Stopwatch = time.monotonic

OSLO = ZoneInfo("Europe/Oslo")


def system_clock() -> datetime:
    """The present instant in UTC, from the machine's clock."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The calendar day in Oslo at *instant*."""
    return instant.astimezone(OSLO).date()


def month_of(day: date) -> date:
    """The first day of the month that *day* is in."""
    return day.replace(day=1)
