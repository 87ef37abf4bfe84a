"""Whether a share has changed over time by more than chance: a p-chart and two rules about runs.

The first periods are the baseline. What comes later is judged by it and does not move it, so that a
slow change is not taken into what it is compared with. Pure arithmetic over published counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from nyefamilier.uptake.funnel import Point, exact_limits

TAIL: Final = 0.0013498980316301
"""The chance beyond three standard deviations of the normal distribution, on each side."""

RUN: Final = 8
"""So many periods in a row on one side of the centre are a signal."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far chance alone may carry a period's share from the centre."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Run:
    """Periods in a row on one side of the centre, by their places from 0, both included."""

    first: int
    last: int
    is_above: bool


@dataclass(frozen=True, slots=True)
class ControlChart:
    """The periods beside the baseline.

    Args:
        centre: The share of all the baseline's families together.
        baseline: The place of the first period after the baseline.
        bounds: The limits of each period; None where its share is hidden.
        outside: The places of the periods beyond their limits.
        runs: The long runs on one side.
    """

    centre: float
    baseline: int
    bounds: tuple[Bounds | None, ...]
    outside: tuple[int, ...]
    runs: tuple[Run, ...]

    @property
    def has_signal(self) -> bool:
        """Whether chance is a poor explanation of what is seen."""
        return bool(self.outside or self.runs)


def control_chart(points: Sequence[Point | None], baseline: int) -> ControlChart | None:
    """The chart of *points*, one a period; None where there is no baseline to judge by.

    There is none while fewer than *baseline* periods can be shown, or if all or nobody of theirs
    said yes. The limits are the exact binomial ones (`funnel.exact_limits`) that leave as much
    outside as three standard deviations do: at 83 % of 20 families the usual ones pass 100 %, and
    leave out families below that they should leave in.

    Args:
        points: The counts of each period, None where they are hidden.
        baseline: How many periods that can be shown the centre is taken from.

    Sources: W. A. Shewhart 1931; D. C. Montgomery, Introduction to Statistical Quality Control,
        chapter 7 (p-chart); Western Electric Handbook 1956 (eight in a row on one side).
    """
    shown = [place for place, point in enumerate(points) if point is not None][:baseline]
    first = [points[place] for place in shown]
    part = sum(point.part for point in first if point is not None)
    whole = sum(point.whole for point in first if point is not None)
    if len(first) < baseline or not 0 < part < whole:
        return None
    centre = part / whole
    bounds = tuple(None if point is None else _bounds(point, centre) for point in points)
    outside = tuple(
        place
        for place, (point, limits) in enumerate(zip(points, bounds, strict=True))
        if point is not None and limits is not None and _is_outside(point, limits)
    )
    return ControlChart(centre, shown[-1] + 1, bounds, outside, _runs(points, centre))


def _bounds(point: Point, centre: float) -> Bounds:
    return Bounds(*exact_limits(point.whole, centre, TAIL))


def _is_outside(point: Point, limits: Bounds) -> bool:
    return not limits.low <= point.share <= limits.high


def _runs(points: Sequence[Point | None], centre: float) -> tuple[Run, ...]:
    """The long runs. A hidden period ends one: on which side it lies is not known.

    A share that is the centre's own lies on no side; it neither ends a run nor counts in it.
    """
    sides = [(place, _side(point, centre)) for place, point in enumerate(points)]
    found = []
    for side, group in groupby((one for one in sides if one[1] != 0), key=lambda one: one[1]):
        places = [place for place, _side in group]
        if side is not None and len(places) >= RUN:
            found.append(Run(places[0], places[-1], side > 0))
    return tuple(found)


def _side(point: Point | None, centre: float) -> int | None:
    if point is None:
        return None
    return (point.share > centre) - (point.share < centre)
