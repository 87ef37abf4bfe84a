"""When the next round may begin: as the server asks, and never all phones at once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from nyefamilier.kernel.clock import Stopwatch, stopwatch

Chance: TypeAlias = Callable[[], float]
"""Gives a number from 0 to 1, 1 left out."""

FIRST_WAIT: Final = 2.0
LONGEST_WAIT: Final = 900.0
UNKNOWN_WAIT: Final = 900.0
"""After an answer that this client does not know: keep everything, and ask much later."""


@dataclass(slots=True)
class Pace:
    """How long to keep quiet, after failures and when the server asks for it.

    The waits after failures double, and each is drawn from the whole span (full jitter), so that
    phones that lost the server together do not come back together.
    """

    running: Stopwatch = stopwatch
    chance: Chance = field(default=secrets.SystemRandom().random)
    _failures: int = 0
    _quiet_until: float = 0.0

    @property
    def left(self) -> float:
        """Seconds for which to keep quiet still."""
        return max(0.0, self._quiet_until - self.running())

    def failed(self, after: float | None) -> None:
        """Wait after a failure: the server's *after* seconds at least, and a while drawn by lot."""
        span = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 10))
        self._failures += 1
        self._quiet_until = self.running() + (after or 0.0) + self.chance() * span

    def went_well(self, backoff: float | None) -> None:
        """Begin anew; where the server asks for quiet all the same, give it."""
        self._failures = 0
        wait = 0.0 if backoff is None else backoff * (1 + self.chance() * 0.2)
        self._quiet_until = self.running() + wait
