"""When jobs run, by Oslo's clocks: each so many minutes, each night once, or each Monday.

A cron expression of APScheduler would run a job of 02:30 twice in the night when 02:30 comes twice.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from nyefamilier.jobs.rules import next_nightly, next_weekly

MONDAY: Final = 0


class Nightly(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """Once each day at a time of the wall, summer time or not."""

    def __init__(self, hour: int, minute: int) -> None:
        self._wall = time(hour, minute)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first time after *previous*, or after *now* where nothing came before."""
        return next_nightly(self._wall, now if previous is None else previous)

    def __str__(self) -> str:
        return f"{self._wall:%H:%M}"


class Mondays(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """Once each week, on Mondays, at a time of the wall."""

    def __init__(self, hour: int, minute: int) -> None:
        self._wall = time(hour, minute)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first time after *previous*, or after *now* where nothing came before."""
        return next_weekly(MONDAY, self._wall, now if previous is None else previous)

    def __str__(self) -> str:
        return f"Monday {self._wall:%H:%M}"


class Every(CronTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """At each full *minutes* of the hour, in both hours of the night when one comes twice.

    Counted in UTC, where none does; Oslo is whole hours from it.
    """

    def __init__(self, minutes: int) -> None:
        super().__init__(minute=f"*/{minutes}", timezone=UTC)
        self._minutes = minutes

    def __str__(self) -> str:
        return "every minute" if self._minutes == 1 else f"every {self._minutes} minutes"
