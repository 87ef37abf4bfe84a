"""How far two shares lie apart, and how far chance alone may carry that.

Pure arithmetic over counts that are published already.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from nyefamilier.uptake.indicators import Share


@dataclass(frozen=True, slots=True)
class Difference:
    """The first share minus the second, with its 95 % interval; each between -1 and 1."""

    value: float
    low: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the interval leaves out nought: chance alone hardly explains the difference."""
        return self.low > 0 or self.high < 0


def difference(one: Share, other: Share) -> Difference:
    """*one* minus *other*, of two groups that have nobody in common.

    Each end is as far from the difference as the ends of the two shares' own intervals, taken
    together as the sides of a right angle. So it never passes 1, and it holds in small groups.

    Args:
        one: A share with Wilson's interval.
        other: Another, likewise.

    Sources: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    value = one.value - other.value
    low = value - hypot(one.value - one.low, other.high - other.value)
    high = value + hypot(one.high - one.value, other.value - other.low)
    return Difference(value, max(-1.0, low), min(1.0, high))
