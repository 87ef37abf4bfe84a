"""A phone's clocks: the one that its owner may set, and the one that nobody can."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nyefamilier.kernel.clock import Clock, Stopwatch, stopwatch, system_clock


def _new_boot() -> str:
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What time a phone believes it is, and how long it has been running.

    Args:
        wall: The phone's own idea of the time.
        running: Seconds since its start; never set by anybody.
        boot: Changes with each start. Without the machine's own, each process is a start.
    """

    wall: Clock = system_clock
    running: Stopwatch = stopwatch
    boot: str = field(default_factory=_new_boot)

    @property
    def mono_ms(self) -> int:
        """Milliseconds since the phone's start."""
        return int(self.running() * 1000)

    @property
    def mark(self) -> Mark:
        """This moment, on both clocks."""
        return Mark(self.wall(), self.mono_ms, self.boot)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on both clocks, from which time that has passed is counted."""

    wall: datetime
    mono_ms: int
    boot: str

    def passed(self, clocks: Clocks, seen: datetime) -> timedelta:
        """How long ago this was: the longer of what the clocks say.

        A clock that was set back cannot make a lease longer: while the phone runs the other clock
        goes on, and after a start *seen*, the latest time that was ever on it, still counts.
        """
        by_wall = max(clocks.wall(), seen) - self.wall
        if clocks.boot != self.boot:
            return max(by_wall, timedelta(0))
        return max(by_wall, timedelta(milliseconds=clocks.mono_ms - self.mono_ms))
