"""The world's one true clock, and the phones' own, which may be wrong by a year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.builders import NOON


@dataclass
class WorldClock:
    """Virtual time: it passes when the world says so."""

    now: datetime = NOON
    since: float = 0.0
    """Seconds since the world began."""

    def __call__(self) -> datetime:
        """The present instant, for whatever takes a clock."""
        return self.now

    def seconds(self) -> float:
        """Seconds since the beginning, for whatever takes a stopwatch."""
        return self.since

    def begin_again(self) -> None:
        """Be what it was when the world began."""
        self.now, self.since = NOON, 0.0

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.since += seconds


@dataclass
class PhoneClock:
    """What a phone believes: the world's time, wrong by *off*, and seconds since its start."""

    world: WorldClock
    off: timedelta = timedelta(0)
    started: float = 0.0
    boots: int = 0
    jumps: list[timedelta] = field(default_factory=list)

    def wall(self) -> datetime:
        """The phone's own idea of the time."""
        return self.world.now + self.off

    def running(self) -> float:
        """Seconds since the phone's start."""
        return self.world.since - self.started

    def jump(self, by: timedelta) -> None:
        """Somebody sets the clock, or a network does."""
        self.off += by
        self.jumps.append(by)

    def reboot(self) -> None:
        """The phone starts anew."""
        self.started = self.world.since
        self.boots += 1

    @property
    def boot(self) -> str:
        """Names this start."""
        return f"boot-{self.boots}"
