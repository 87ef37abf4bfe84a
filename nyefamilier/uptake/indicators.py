"""What is counted, for which period, and how sure a share is. Definitions: docs/indicators.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.sheets import Behind

OURS = "nye_familier"
"""The programme whose uptake is measured."""
COVERS_INSTEAD = "nfp"
"""A family that said yes to this one is followed up by it, and is not eligible for ours."""
COUNTED_VISIT = "programvisit"
"""What a visit counts as when it is one of the programme's."""
NEWBORN_7_10 = "nyfodt_7_10"
KOSTRA_10 = "kostra_10_dager"
KOSTRA_14 = "kostra_14_dager"
PREGNANCY_FROM_28 = "svangerskap_fra_28"
UNSCHEDULED = "uplanlagt"
"""What else a visit counts as: `protocols.rules` says when."""
QUARTER_OF_AN_HOUR = 15
COUNTED_QUARTERS = 4
"""The published volumes count visits of at least one hour. Source: Ivar Johansen 7227."""

Z_95 = 1.959963984540054
"""The normal distribution's 97.5 % point."""


class Column(StrEnum):
    """What is counted of the families that were identified in a period.

    ``offered`` = ``accepted`` + ``declined`` + ``later`` + ``unanswered``;
    ``eligible`` = ``offered`` + ``not_offered`` = ``reached`` + ``not_reached``.
    """

    ELIGIBLE = "eligible"
    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"
    UNANSWERED = "unanswered"
    REACHED = "reached"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of families with its 95 % interval, each between 0 and 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BydelUptake:
    """One bydel's line in the table of a period; ``bydel`` is None in the city's own line.

    None in a count or a share means hidden (too small, or needed to hide one that is); a share is
    also None when nobody is in its denominator.
    """

    bydel: BydelNumber | None
    eligible: int | None
    offered: int | None
    answered: int | None
    accepted: int | None
    declined: int | None
    later: int | None
    unanswered: int | None
    reached: int | None
    uptake: Share | None
    reach: Share | None
    held_since: date | None = None
    """The first day that one of the counts is still of; None where all are of the last release."""


@dataclass(frozen=True, slots=True)
class UptakeReport:
    """The families that were identified in one period: bydel by bydel, and the city.

    ``released`` is the day of the newest release, None before the first; ``behind`` says how
    complete it was.
    """

    period: Period
    bydeler: tuple[BydelUptake, ...]
    city: BydelUptake
    released: date | None = None
    behind: Sequence[Behind] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """Families visited and visits of at least one hour, from the first year to the last."""

    first_year: int
    last_year: int
    families: int | None
    visits: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar years, from the first day of the first month to the last month.

    A figure for a shorter time could be taken from that of a longer one, and what is left over is
    a handful of families (docs/adr/0008). So a year is the finest.

    Args:
        first_month: The first day of a January.
        last_month: The first day of a December, in the same year or later.

    Raises:
        RuleBroken: the months are swapped, or are not whole years.
    """

    first_month: date
    last_month: date

    def __post_init__(self) -> None:
        if self.last_month < self.first_month:
            raise RuleBroken("period-swapped", "The first month comes after the last one.")
        first, last = self.first_month, self.last_month
        if (first.month, first.day, last.month, last.day) != (1, 1, 12, 1):
            raise RuleBroken(
                "period-not-published",
                "Figures are published for whole calendar years, from 1 January to the month that "
                "begins on 1 December. Two shorter periods could be subtracted from each other.",
            )

    @classmethod
    def year(cls, year: int) -> Period:
        """One calendar year.

        Raises:
            RuleBroken: there is no such year.
        """
        return cls.years(year, year)

    @classmethod
    def years(cls, first: int, last: int) -> Period:
        """From the first year to the last, both included.

        Raises:
            RuleBroken: there is no such year, or they are swapped.
        """
        if not (1900 <= first <= 2999 and 1900 <= last <= 2999):
            raise RuleBroken("period-not-published", "A year lies between 1900 and 2999.")
        return cls(date(first, 1, 1), date(last, 12, 1))


def wilson(successes: int, trials: int) -> Share | None:
    """A share with Wilson's 95 % score interval; None when there is nothing to take a share of.

    Raises:
        ValueError: more successes than trials, or fewer than none.

    Sources: E. B. Wilson, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17 (1998)
        857-872, method 3.
    """
    if not 0 <= successes <= trials:
        raise ValueError("successes must lie between 0 and trials")
    if trials == 0:
        return None
    share, squared = successes / trials, Z_95 * Z_95
    centre = (successes + squared / 2) / (trials + squared)
    spread = Z_95 / (trials + squared) * sqrt(trials * share * (1 - share) + squared / 4)
    # The ends are exact at 0 and 1; rounding must not leave 1e-17 of them.
    low = 0.0 if successes == 0 else max(0.0, centre - spread)
    high = 1.0 if successes == trials else min(1.0, centre + spread)
    return Share(share, low, high)
