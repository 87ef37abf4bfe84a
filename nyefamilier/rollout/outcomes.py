"""What happened beside what a plan said, figure by figure: within its band or not. Pure.

Nothing is worked out here that was not released: a hidden count stays hidden, and so does every sum
that it belongs to (docs/adr/0008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from nyefamilier.kernel.ids import BydelNumber, UserId


class Measure(StrEnum):
    """What of a plan is held against what happened."""

    ACCEPTED = "accepted"
    """Families that said yes."""
    VISITED = "visited"
    """Families with a visit."""
    VISITS = "visits"
    """Visits of at least an hour."""
    ARSVERK = "arsverk"
    """Årsverk that were there, the year's mean."""


class Standing(StrEnum):
    """How what happened stands to the plan, or why that cannot be said."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"
    NOT_COMPLETE = "not_complete"
    """The year was not over on the day that the figure is of."""
    PART_OF_YEAR = "part_of_year"
    """The plan ends in the course of the year."""
    HIDDEN = "hidden"
    """So few that the figure is not shown, or needed to hide one that is."""
    NOT_RELEASED = "not_released"
    """No figure of the year has been released."""
    NOT_TOLD = "not_told"
    """Nobody has said how many årsverk there were."""


@dataclass(frozen=True, slots=True)
class Band:
    """What a plan says of a figure: nine in ten draws lie between the ends."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Actual:
    """A figure of what happened.

    Args:
        value: The figure; None where it is hidden.
        as_of: The day that it is of; None for what somebody has told.
        revision: Which revision of the released figures; None for what somebody has told.
    """

    value: float | None
    as_of: date | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class ToldArsverk:
    """That there were so many årsverk, as a planner has told.

    Args:
        bydel: Where; None for the whole city.
        year: The year whose mean it is.
        source: Who says so.
    """

    id: UUID
    bydel: BydelNumber | None
    year: int
    arsverk: float
    source: str
    told_by: UserId
    told_on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure of a year beside the plan's.

    Args:
        bydel: The bydel; None for all of the plan's.
        planned: What the plan says.
        actual: What happened; None where nothing is known.
        told: Who told it, where it was told and not released.
    """

    measure: Measure
    year: int
    bydel: BydelNumber | None
    planned: Band
    actual: Actual | None
    standing: Standing
    told: ToldArsverk | None = None


_COMPARED: Final = frozenset({Standing.WITHIN, Standing.ABOVE, Standing.BELOW})


def is_compared(standing: Standing) -> bool:
    """Whether a figure could be held against the plan."""
    return standing in _COMPARED


def standing(measure: Measure, year: int, planned: Band, actual: Actual | None, *,
             is_whole: bool) -> Standing:  # fmt: skip
    """How a figure stands to the plan's.

    Args:
        measure: Which figure.
        year: Of which year.
        planned: What the plan says.
        actual: What happened; None where nothing is known.
        is_whole: Whether the plan goes on to the year's end.
    """
    if actual is None:
        return Standing.NOT_TOLD if measure is Measure.ARSVERK else Standing.NOT_RELEASED
    if actual.value is None:
        return Standing.HIDDEN
    if actual.as_of is not None and actual.as_of.year <= year:
        return Standing.NOT_COMPLETE
    if not is_whole:
        return Standing.PART_OF_YEAR
    if actual.value > planned.high:
        return Standing.ABOVE
    return Standing.BELOW if actual.value < planned.low else Standing.WITHIN


def band_of(told: Mapping[str, Any]) -> Band:
    """The band of a figure as a simulation tells it."""
    return Band(told["p05"], told["p50"], told["p95"])


def together(actuals: Sequence[Actual | None]) -> Actual | None:
    """The sum of what happened in several bydeler; hidden if one is, unknown if one is."""
    known = [one for one in actuals if one is not None]
    if not known or len(known) < len(actuals):
        return None
    values = [one.value for one in known if one.value is not None]
    return Actual(
        sum(values) if len(values) == len(known) else None,
        min((one.as_of for one in known if one.as_of is not None), default=None),
        max((one.revision for one in known if one.revision is not None), default=None),
    )


def newest_told(
    told: Iterable[ToldArsverk],
) -> dict[tuple[int, BydelNumber | None], ToldArsverk]:
    """What was told last of each year and place, of rows in the order in which they were told."""
    return {(one.year, one.bydel): one for one in told}
