"""Norway's public holidays in any year; pure.

Only whole days. Christmas Eve, New Year's Eve and the Wednesday before Easter are working days by
law, and what an employer gives beyond it is a nurse's absence.

Sources: LOV-1995-02-24-12 (helligdager og helligdagsfred) section 2; LOV-1947-04-26-1 (1 og 17 mai)
section 1; Meeus, Astronomical Algorithms, chapter 8 (Easter).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Holiday(StrEnum):
    """A public holiday. Ordinary Sundays are none: a week without work on Sunday says that."""

    NEW_YEARS_DAY = "new_years_day"
    MAUNDY_THURSDAY = "maundy_thursday"
    GOOD_FRIDAY = "good_friday"
    EASTER_SUNDAY = "easter_sunday"
    EASTER_MONDAY = "easter_monday"
    LABOUR_DAY = "labour_day"
    CONSTITUTION_DAY = "constitution_day"
    ASCENSION_DAY = "ascension_day"
    WHIT_SUNDAY = "whit_sunday"
    WHIT_MONDAY = "whit_monday"
    CHRISTMAS_DAY = "christmas_day"
    BOXING_DAY = "boxing_day"


_FIXED: Final = {
    Holiday.NEW_YEARS_DAY: (1, 1),
    Holiday.LABOUR_DAY: (5, 1),
    Holiday.CONSTITUTION_DAY: (5, 17),
    Holiday.CHRISTMAS_DAY: (12, 25),
    Holiday.BOXING_DAY: (12, 26),
}
_AFTER_EASTER: Final = {
    Holiday.MAUNDY_THURSDAY: -3,
    Holiday.GOOD_FRIDAY: -2,
    Holiday.EASTER_SUNDAY: 0,
    Holiday.EASTER_MONDAY: 1,
    Holiday.ASCENSION_DAY: 39,
    Holiday.WHIT_SUNDAY: 49,
    Holiday.WHIT_MONDAY: 50,
}


def holidays(year: int) -> Mapping[Holiday, date]:
    """The day of each public holiday of a year. Two may fall on one day."""
    easter = easter_sunday(year)
    fixed = {name: date(year, month, day) for name, (month, day) in _FIXED.items()}
    moving = {name: easter + timedelta(days=days) for name, days in _AFTER_EASTER.items()}
    return fixed | moving


def holidays_on(day: date) -> tuple[Holiday, ...]:
    """The public holidays that fall on a day: none, one, or two."""
    return _by_day(day.year).get(day, ())


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday."""
    return day in _by_day(day.year)


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar.

    Sources: Meeus, Astronomical Algorithms, chapter 8.
    """
    golden, (century, of_century) = year % 19, divmod(year, 100)
    skipped = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - skipped + 15) % 30
    leaps, rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * (century % 4) + 2 * leaps - moon - rest) % 7
    too_late = (golden + 11 * moon + 22 * to_sunday) // 451
    month, day = divmod(moon + to_sunday - 7 * too_late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def _by_day(year: int) -> Mapping[date, tuple[Holiday, ...]]:
    found: dict[date, tuple[Holiday, ...]] = {}
    for name, day in holidays(year).items():
        found[day] = (*found.get(day, ()), name)
    return found
