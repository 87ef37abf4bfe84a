"""How a nurse's year falls on its months: working days, public holidays, and her five weeks off.

Hours of a year stay what they are; only their months differ. Sick leave and other leave is taken
off elsewhere, alike in every month.

Sources: ferieloven (LOV-1988-04-29-21) § 5 and § 7, and the fifth week of the collective
agreements: 25 days, of which three weeks can be demanded from June to September.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

import numpy as np

from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.numbers import Array

DAYS_OFF: Final = 25
JULY: Final = 7
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class WorkingMonths:
    """The part of a year's hours that is worked in each month.

    Args:
        without_july: When all of the days off are taken in other months, by their working days.
        by_july: What is added for each part of the days off that is taken in July.
    """

    without_july: Array
    by_july: Array

    def parts(self, in_july: Array) -> Array:
        """By month and draw; the months of a year add up to 1."""
        found: Array = self.without_july[:, None] + self.by_july[:, None] * in_july
        return found


def working_months(months: Sequence[Month]) -> WorkingMonths:
    """How a nurse's year falls on these months."""
    rows = np.array([_parts(month) for month in months])
    return WorkingMonths(rows[:, 0], rows[:, 1])


@lru_cache(maxsize=4096)
def working_days(month: Month) -> int:
    """Days from Monday to Friday that are no public holiday."""
    first, after = month.first_day, (month + 1).first_day
    days = [first + timedelta(later) for later in range((after - first).days)]
    return sum(day.weekday() < _SATURDAY and not is_holiday(day) for day in days)


def _parts(month: Month) -> tuple[float, float]:
    year = sum(working_days(Month(month.year, one)) for one in range(1, 13))
    here, july = working_days(month), working_days(Month(month.year, JULY))
    worked = year - DAYS_OFF
    if month.month == JULY:
        return here / worked, -DAYS_OFF / worked
    off = DAYS_OFF * here / (year - july)
    return (here - off) / worked, off / worked
