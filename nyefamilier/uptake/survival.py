"""Which share is still there after each interval, when some were followed for a part of it only.

Pure arithmetic over counts that are published already: how many left in an interval, and how many
could not be followed to its end (they moved, or have not come so far yet).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

from nyefamilier.uptake.indicators import Z_95, Share


@dataclass(frozen=True, slots=True)
class Interval:
    """What became in one interval of those who were there when it began.

    Args:
        events: So many left.
        censored: So many could not be followed to its end, and had not left as far as known.
    """

    events: int
    censored: int


@dataclass(frozen=True, slots=True)
class Step:
    """So many at risk of leaving, half a family for one followed half of the time; so many left."""

    at_risk: float
    events: int


def life_table(start: int, intervals: Iterable[Interval]) -> list[Share]:
    """The share still there at the end of each interval, with its 95 % interval.

    Whoever could not be followed is taken to have been followed for half of the interval. It ends
    before the first interval in which nobody is left to follow.

    Args:
        start: How many there were when the first interval began.
        intervals: One after the other.

    Raises:
        ValueError: more have left or are lost than there were.

    Sources: S. J. Cutler, F. Ederer, Journal of Chronic Diseases 8 (1958) 699-712.
    """
    steps, there = [], start
    for one in intervals:
        if min(one.events, one.censored) < 0 or one.events + one.censored > there:
            raise ValueError("nobody leaves who was not there")
        if there - one.censored / 2 <= 0:
            break
        steps.append(Step(there - one.censored / 2, one.events))
        there -= one.events + one.censored
        if there == 0:
            break
    return product_limit(steps)


def product_limit(steps: Iterable[Step]) -> list[Share]:
    """The share still there after each step (Kaplan and Meier), with its 95 % interval.

    Greenwood's variance on the scale of log(-log), which keeps the ends between 0 and 1. While
    nobody has left, and when all have, it has no width there; then the end is Wilson's for the
    fewest who have been at risk.

    Raises:
        ValueError: more left than were at risk, or nobody was.

    Sources: E. L. Kaplan, P. Meier, JASA 53 (1958) 457-481; M. Greenwood 1926; J. D. Kalbfleisch,
        R. L. Prentice, The Statistical Analysis of Failure Time Data (1980), 1.3.
    """
    shares, value, greenwood, fewest = [], 1.0, 0.0, float("inf")
    for step in steps:
        if not 0 <= step.events <= step.at_risk or step.at_risk <= 0:
            raise ValueError("nobody leaves who was not at risk")
        value *= 1 - step.events / step.at_risk
        fewest = min(fewest, step.at_risk)
        if step.events < step.at_risk:
            greenwood += step.events / (step.at_risk * (step.at_risk - step.events))
        shares.append(_share(value, greenwood, fewest))
    return shares


def _share(value: float, greenwood: float, fewest: float) -> Share:
    squared = Z_95 * Z_95
    if value >= 1:
        return Share(1.0, fewest / (fewest + squared), 1.0)
    if value <= 0:
        return Share(0.0, 0.0, squared / (fewest + squared))
    log_share = log(value)
    width = Z_95 * sqrt(greenwood) / -log_share
    return Share(value, exp(log_share * exp(width)), exp(log_share * exp(-width)))
