"""A share as a released line gives it: of which counts, how sure, or why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from nyefamilier.uptake.funnel import Point
from nyefamilier.uptake.indicators import Share, wilson
from nyefamilier.uptake.sheets import Shown
from nyefamilier.uptake.suppression import is_small

SMALLEST_WHOLE: Final = 10
"""No share of fewer than this: its interval would say next to nothing."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """The columns that are added up to be divided.

    Args:
        part: Those of the numerator.
        whole: Those of the denominator, the numerator's among them.
    """

    part: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says of a ratio.

    Args:
        part: The numerator; hidden if one of its counts is.
        whole: The denominator, likewise.
        share: The share; None where it may not be shown or there is nobody.
    """

    part: Shown
    whole: Shown
    share: Share | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody to take a share of, and that is shown."""
        return self.whole.value == 0

    @property
    def point(self) -> Point | None:
        """The two counts of a share that is shown."""
        if self.share is None or self.part.value is None or self.whole.value is None:
            return None
        return Point(self.part.value, self.whole.value)


def reading(line: Mapping[str, Shown], ratio: Ratio) -> Reading:
    """The ratio of a line. A column that is not in it counts nobody."""
    part, whole = total(line, ratio.part), total(line, ratio.whole)
    return Reading(part, whole, share_of(part.value, whole.value))


def total(line: Mapping[str, Shown], columns: Sequence[str]) -> Shown:
    """The sum of columns; hidden if one is, and held since the first day that one is."""
    return added([line.get(column, Shown(0)) for column in columns])


def added(counts: Sequence[Shown]) -> Shown:
    """The sum of counts; hidden if one is, and held since the first day that one is."""
    held = [one.held_since for one in counts if one.held_since is not None]
    known = [one.value for one in counts if one.value is not None]
    if len(known) < len(counts):
        return Shown(None)
    return Shown(sum(known), _first(held))


def share_of(part: int | None, whole: int | None) -> Share | None:
    """The share with its interval; None if it is of too few, or tells of one to four families."""
    if part is None or whole is None or whole < SMALLEST_WHOLE:
        return None
    if is_small(part) or is_small(whole - part) or part > whole:
        return None
    return wilson(part, whole)


def _first(days: Sequence[date]) -> date | None:
    return min(days, default=None)
