"""A small memory that forgets: the least recently used first, and everything after a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

from nyefamilier.kernel.clock import Stopwatch

T = TypeVar("T")


class Cache(Generic[T]):
    """At most *most* values, each for at most *seconds* after it was put. Safe between threads."""

    def __init__(self, most: int, seconds: float, stopwatch: Stopwatch) -> None:
        self._most = most
        self._seconds = seconds
        self._stopwatch = stopwatch
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, place: Hashable) -> T | None:
        """The value that was put in *place*, if it is still remembered."""
        with self._lock:
            found = self._kept.get(place)
            if found is None:
                return None
            if self._stopwatch() >= found[0]:
                del self._kept[place]
                return None
            self._kept.move_to_end(place)
            return found[1]

    def put(self, place: Hashable, value: T) -> None:
        """Remember *value* in *place*."""
        with self._lock:
            self._kept[place] = (self._stopwatch() + self._seconds, value)
            self._kept.move_to_end(place)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
