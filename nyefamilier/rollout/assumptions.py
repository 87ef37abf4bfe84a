"""What a plan assumes: the closed list of assumptions, their units and bounds; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Shape(StrEnum):
    """How an assumption's value may differ from what is assumed."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"


class Unit(StrEnum):
    """What an assumption is counted in."""

    SHARE = "share"
    SHARE_PER_YEAR = "share per year"
    FACTOR = "factor"
    VISITS = "visits per family"
    MINUTES = "minutes"
    HOURS_PER_YEAR = "hours per year"
    NOK = "NOK"
    NOK_PER_YEAR = "NOK per year"


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a value is distributed.

    Args:
        low: The least value, of ``uniform`` and ``triangular``.
        high: The greatest value, of the same two; the top of a triangle is the assumed value.
        spread: Of ``normal`` the standard deviation, the assumed value being the mean; of
            ``lognormal`` that of the logarithm, the assumed value being the median.
    """

    shape: Shape = Shape.FIXED
    low: float = 0.0
    high: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that a plan rests on, with where it comes from."""

    name: str
    value: float
    unit: Unit
    source: str
    is_estimate: bool
    distribution: Distribution = Distribution()


@dataclass(frozen=True, slots=True)
class Known:
    """An assumption that plans may make: its unit, and the values that it can have at all."""

    unit: Unit
    low: float
    high: float

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, so that nothing over 1 can be meant."""
        return self.unit in {Unit.SHARE, Unit.SHARE_PER_YEAR}


_SHARE: Final = Known(Unit.SHARE, 0, 1)
_YEARLY: Final = Known(Unit.SHARE_PER_YEAR, 0, 0.8)
_FACTOR: Final = Known(Unit.FACTOR, 0, 10)
_VISITS: Final = Known(Unit.VISITS, 0, 64)
_MINUTES: Final = Known(Unit.MINUTES, 0, 480)
_NOK: Final = Known(Unit.NOK, 0, 10_000_000)

PHASE_VISITS: Final = (
    "visits_pregnancy",
    "visits_newborn",
    "visits_first_half_year",
    "visits_second_half_year",
    "visits_second_year",
)
"""How many visits a family has in each phase, in the order of the phases."""

KNOWN: Final = {
    "births_factor": _FACTOR,
    "first_birth_factor": _FACTOR,
    "first_together_share": _SHARE,
    "first_in_norway_share": _SHARE,
    "extended_need_share": _SHARE,
    "uptake": _SHARE,
    "uptake_between_bydeler": Known(Unit.SHARE, 0, 0.5),
    "nfp_share": _SHARE,
    **dict.fromkeys(PHASE_VISITS, _VISITS),
    "visits_factor": _FACTOR,
    "minutes_visit": _MINUTES,
    "minutes_travel": _MINUTES,
    "minutes_notes": _MINUTES,
    "minutes_interpreter": _MINUTES,
    "interpreter_share": _SHARE,
    "supervision_share": Known(Unit.SHARE, 0, 0.9),
    "moves_between_bydeler": _YEARLY,
    "moves_out_of_the_city": _YEARLY,
    "withdrawals": _YEARLY,
    "hours_per_arsverk": Known(Unit.HOURS_PER_YEAR, 1, 2200),
    "holiday_in_july": Known(Unit.SHARE, 0, 0.8),
    "programme_share": Known(Unit.SHARE, 0.01, 1),
    "leave_share": Known(Unit.SHARE, 0, 0.9),
    "turnover": _YEARLY,
    "cost_per_arsverk": Known(Unit.NOK_PER_YEAR, 0, 10_000_000),
    "cost_per_visit": _NOK,
    "cost_per_interpreted_visit": _NOK,
    "cost_of_starting": _NOK,
    "price_growth": Known(Unit.SHARE_PER_YEAR, -0.2, 0.5),
}
"""Every assumption that there is, by its name. A plan that leaves one out takes the package's."""
