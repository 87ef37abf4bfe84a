"""How far chance alone may carry a bydel's share from the city's, by how many families it has.

Pure arithmetic over counts that are published already; what is hidden never comes here. It draws
no conclusion about a bydel: outside the limits means that chance is a poor explanation, no more.
docs/indicators.md tells how to compute the same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import floor, fsum, sqrt
from typing import Final

INNER_TAIL, OUTER_TAIL = 0.025, 0.001
"""The chance left outside a limit, on each side: 95 % and 99.8 % lie between the two."""

WINSORISED = 0.1
"""The part of the bydeler, at each end, whose distance is not let count in full."""

FEWEST = 10
"""Over-dispersion is judged from so many bydeler or more: of fewer, none would be winsorised."""

_NEGLIGIBLE: Final = 1e-25


class Verdict(StrEnum):
    """Where a share lies."""

    WITHIN = "within"
    BETWEEN = "between"
    """Outside the inner limits and within the outer ones."""
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Limits:
    """The control limits for one number of families, each between 0 and 1."""

    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float

    def verdict(self, share: float) -> Verdict:
        """Where *share* lies; on a limit is within it."""
        if self.inner_low <= share <= self.inner_high:
            return Verdict.WITHIN
        if self.outer_low <= share <= self.outer_high:
            return Verdict.BETWEEN
        return Verdict.OUTSIDE


@dataclass(frozen=True, slots=True)
class Point:
    """A bydel's share as its two counts."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """Part of whole."""
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel around a target, as wide as the bydeler's own spread asks for.

    Args:
        target: The city's share, between 0 and 1 and neither.
        factor: What variances are multiplied by; 1 where the spread is no larger than chance's.
        spread: The estimate of that factor; None where there are too few bydeler for one.
    """

    target: float
    factor: float
    spread: float | None

    @property
    def is_widened(self) -> bool:
        """Whether the bydeler vary more among themselves than chance would have them do."""
        return self.factor > 1

    def limits(self, whole: int) -> Limits:
        """The limits for a bydel with so many families.

        Raises:
            ValueError: there is no family.
        """
        outer, inner = (exact_limits(whole, self.target, tail) for tail in (OUTER_TAIL, INNER_TAIL))
        ends = (outer[0], inner[0], inner[1], outer[1])
        return Limits(*(self._widened(end) for end in ends))

    def _widened(self, limit: float) -> float:
        if not self.is_widened:  # multiplying and dividing must not move a limit by its last digit
            return limit
        return min(1.0, max(0.0, self.target + sqrt(self.factor) * (limit - self.target)))


def funnel(points: Sequence[Point], city: Point) -> Funnel | None:
    """The funnel of *points* around the city's share; None where that is 0 or 1, or of nobody.

    The limits are widened only if the bydeler vary significantly more than chance: if the estimate
    is over 1 + 2 √(2 / n), for n bydeler.

    Sources: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, appendix A.
    """
    if not 0 < city.part < city.whole:
        return None
    target = city.share
    spread = dispersion([z_score(point, target) for point in points])
    is_wide = spread is not None and spread > 1 + 2 * sqrt(2 / len(points))
    return Funnel(target, spread if spread is not None and is_wide else 1.0, spread)


@lru_cache(maxsize=8192)  # a chart asks for hundreds of limits, and the next reader for the same
def exact_limits(whole: int, target: float, tail: float) -> tuple[float, float]:
    """The exact binomial limits, lower and upper, interpolated between whole families.

    A share lies below the lower one if and only if so few or fewer have a chance of *tail* or less,
    and above the upper one if and only if so many or more have. The upper limit of the yes is thus
    one minus the lower limit of the no.

    Args:
        whole: How many families.
        target: The share that is expected, between 0 and 1 and neither.
        tail: The chance left outside, on each side; under one half.

    Raises:
        ValueError: an argument is not so.

    Sources: Spiegelhalter 2005, appendix A.1, for the lower limit: (r - a) / n, where r is the
        smallest count with P(R <= r) > tail and a = (P(R <= r) - tail) / P(R = r). His upper limit
        leaves more than *tail* outside and can put 10 of 10 there; see B. N. Manktelow and S. E.
        Seaton, PLOS ONE 7 (2012) e45723, on how interpolations differ.
    """
    if whole < 1 or not 0 < target < 1 or not 0 < tail < 0.5:
        raise ValueError("a limit needs a family, and a target and a tail between 0 and 1")
    first, chances = _binomial(whole, target)
    low = first + _crossing(chances, tail)
    high = first + len(chances) - 1 - _crossing(chances[::-1], tail)
    return max(0.0, low / whole), min(1.0, high / whole)


def z_score(point: Point, target: float) -> float:
    """How many standard deviations a share lies from the target."""
    return (point.share - target) / sqrt(target * (1 - target) / point.whole)


def dispersion(scores: Sequence[float]) -> float | None:
    """The mean square of the winsorised scores, about 1 where there is chance alone.

    A tenth of the scores at each end, rounded down, is drawn in to the nearest that is left, so
    that one bydel that is different cannot widen the limits by which it is judged. None of fewer
    than ten.

    Sources: Spiegelhalter 2005, appendix A.3.
    """
    if len(scores) < FEWEST:
        return None
    ordered = sorted(scores)
    ends = floor(len(ordered) * WINSORISED)
    low, high = ordered[ends], ordered[-ends - 1]
    return fsum(min(high, max(low, score)) ** 2 for score in ordered) / len(ordered)


def _binomial(whole: int, target: float) -> tuple[int, list[float]]:
    """The chances of each count in a row, and the first count; what is left out is negligible.

    From the most likely count outwards, each by its neighbour: so nothing overflows or vanishes,
    and large numbers cost no more than their spread.
    """
    odds = target / (1 - target)
    mode = min(whole, floor((whole + 1) * target))
    below, above = [1.0], [1.0]
    for count in range(mode, 0, -1):
        below.append(below[-1] * count / ((whole - count + 1) * odds))
        if below[-1] < _NEGLIGIBLE:
            break
    for count in range(mode, whole):
        above.append(above[-1] * (whole - count) * odds / (count + 1))
        if above[-1] < _NEGLIGIBLE:
            break
    weights = below[:0:-1] + above
    total = fsum(weights)
    return mode - len(below) + 1, [weight / total for weight in weights]


def _crossing(chances: Sequence[float], tail: float) -> float:
    """Where the sum of *chances* passes *tail*, counted from the first, interpolated."""
    summed = 0.0
    for count, chance in enumerate(chances):
        summed += chance
        if summed > tail:
            return count - (summed - tail) / chance
    raise AssertionError("chances that do not add up to more than a tail")
