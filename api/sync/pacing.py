"""Back-pressure: a bounded number of sync requests at work, and a bounded rate for each phone.

Whoever finds no place is told when to come back, at a random instant, so that a thousand phones
that come back on a Monday morning do not come back together again and again. Each process counts
for itself.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore, Lock
from typing import Final

from nyefamilier.kernel.clock import Stopwatch, stopwatch
from nyefamilier.kernel.errors import TooMany, Unavailable

_PATIENCE: Final = 1.0
"""Seconds that a request may wait for a place; longer would tie up threads that pages need."""
_WINDOW: Final = 10.0
"""Seconds over which it is counted who was served and who was turned away."""
_SOONEST, _LATEST = 5.0, 60.0
"""Seconds in which whoever was turned away comes back, at the least and at the most."""
_ROOM: Final = 2.0
"""How much longer than it should take: new ones come meanwhile, and chance makes heaps."""
_USUAL: Final = 0.1
"""Seconds that a request takes, before any has been measured."""
_MOST_KEYS: Final = 20_000


class Gate:
    """Lets so many requests be at work at once, and as many again wait a moment."""

    def __init__(
        self, at_once: int, *, patience: float = _PATIENCE, stopwatch: Stopwatch = stopwatch
    ) -> None:
        self._patience, self._stopwatch = patience, stopwatch
        self._at_once = at_once
        self._places = BoundedSemaphore(2 * at_once)
        self._at_work = BoundedSemaphore(at_once)
        self._tally = _Tally(stopwatch)

    def enter(self) -> float:
        """Take a place; give it back by `leave`.

        Returns:
            What `leave` is to be told.

        Raises:
            Unavailable: ``overloaded``, with when to come back.
        """
        if not self._places.acquire(blocking=False):
            raise self._overloaded()
        if not self._at_work.acquire(timeout=self._patience):
            self._places.release()
            raise self._overloaded()
        return self._stopwatch()

    def leave(self, began: float) -> None:
        """Give the place back that was taken by `enter`."""
        self._tally.count(served=1, busy=self._stopwatch() - began)
        self._at_work.release()
        self._places.release()

    def quiet(self) -> int:
        """Seconds for which whoever was served had better keep quiet; 0 while all find a place."""
        return round(self._seconds_for_all()) if self._tally.turns_away() else 0

    def _overloaded(self) -> Unavailable:
        self._tally.count(turned_away=1)
        return Unavailable(
            "overloaded",
            "Too many phones are at work just now. Nothing is lost; come back when it is told.",
            wait=jitter(self._seconds_for_all()),
        )

    def _seconds_for_all(self) -> float:
        """How long it takes to serve those who were turned away lately."""
        work = self._tally.work_turned_away()
        return min(_LATEST, max(_SOONEST, _ROOM * work / self._at_once))


class Pace:
    """Lets each key come so often a minute; a pause is saved up, to a minute's worth.

    Args:
        a_minute: How often.
        refusal: What whoever comes more often is told, by how long it has to wait.
        stopwatch: Seconds that go on.
    """

    def __init__(
        self,
        a_minute: int,
        refusal: Callable[[timedelta], TooMany] | None = None,
        *,
        stopwatch: Stopwatch = stopwatch,
    ) -> None:
        self._most, self._per_second = float(a_minute), a_minute / 60
        self._refusal = refusal or _phone_asks_too_often
        self._stopwatch = stopwatch
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def step(self, key: Hashable) -> None:
        """Let *key* through.

        Raises:
            TooMany: with when it may come again.
        """
        short = self._take(key)
        if short > 0:
            raise self._refusal(timedelta(seconds=short / self._per_second))

    def _take(self, key: Hashable) -> float:
        """By how much *key* is short of one step; 0 when it took one."""
        now = self._stopwatch()
        with self._lock:
            left, then = self._left.pop(key, (self._most, now))
            left = min(self._most, left + (now - then) * self._per_second)
            short = max(0.0, 1 - left)
            self._left[key] = (left if short else left - 1, now)
            if len(self._left) > _MOST_KEYS:
                self._left.popitem(last=False)
        return short


def _phone_asks_too_often(wait: timedelta) -> TooMany:
    return TooMany(
        "slow-down", "This phone asks too often. Wait as long as `Retry-After` says.", wait=wait
    )


def jitter(seconds: float) -> timedelta:
    """A random time of up to *seconds*, and no less than one."""
    return timedelta(seconds=1 + secrets.randbelow(max(1, round(seconds))))


class _Tally:
    """Who was served lately, for how long, and who was turned away."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._lock = Lock()
        self._since = stopwatch()
        self._now, self._before = _Counts(), _Counts()

    def count(self, *, served: int = 0, busy: float = 0, turned_away: int = 0) -> None:
        """Count one more."""
        with self._lock:
            self._turn()
            self._now.served += served
            self._now.busy += busy
            self._now.turned_away += turned_away

    def turns_away(self) -> bool:
        """Whether anybody was turned away lately."""
        with self._lock:
            self._turn()
            return bool(self._now.turned_away + self._before.turned_away)

    def work_turned_away(self) -> float:
        """The seconds of work that those who were turned away would have been."""
        with self._lock:
            self._turn()
            served = self._now.served + self._before.served
            busy = self._now.busy + self._before.busy
            turned_away = self._now.turned_away + self._before.turned_away
        return turned_away * (busy / served if served else _USUAL)

    def _turn(self) -> None:
        passed = self._stopwatch() - self._since
        if passed < _WINDOW:
            return
        self._before = self._now if passed < 2 * _WINDOW else _Counts()
        self._now, self._since = _Counts(), self._stopwatch()


@dataclass(slots=True)
class _Counts:
    """What was counted in one window."""

    served: int = 0
    busy: float = 0
    turned_away: int = 0
