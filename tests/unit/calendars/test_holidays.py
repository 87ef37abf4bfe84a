"""Norway's public holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.calendars.holidays import (
    Holiday,
    easter_sunday,
    holidays,
    holidays_on,
    is_holiday,
)

YEARS = st.integers(1700, 2400)

# As the almanac of the University of Oslo prints them.
EASTERS = [
    date(1818, 3, 22),  # the earliest that there is
    date(1943, 4, 25),  # the latest
    date(1954, 4, 18),
    date(1981, 4, 19),
    date(2000, 4, 23),
    date(2008, 3, 23),
    date(2024, 3, 31),
    date(2025, 4, 20),
    date(2026, 4, 5),
    date(2027, 3, 28),
    date(2028, 4, 16),
    date(2029, 4, 1),
    date(2030, 4, 21),
    date(2038, 4, 25),
]


def by_the_moon(year: int) -> date:
    """Easter by the church's own words: the Sunday after the full moon of its tables (Gauss)."""
    century = year // 100
    m = (15 + century - century // 4 - (13 + 8 * century) // 25) % 30
    n = (4 + century - century // 4) % 7
    d = (19 * (year % 19) + m) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7
    easter = date(year, 3, 22) + timedelta(days=d + e)
    if easter == date(year, 4, 26):
        return date(year, 4, 19)
    if easter == date(year, 4, 25) and d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return date(year, 4, 18)
    return easter


@pytest.mark.parametrize("easter", EASTERS, ids=str)
def test_easter_falls_where_the_almanac_has_it(easter):
    assert easter_sunday(easter.year) == easter


def test_easter_agrees_with_gauss_in_every_year():
    years = range(1700, 2400)
    assert [easter_sunday(year) for year in years] == [by_the_moon(year) for year in years]


def test_the_holidays_of_2026_by_name():
    assert dict(holidays(2026)) == {
        Holiday.NEW_YEARS_DAY: date(2026, 1, 1),
        Holiday.MAUNDY_THURSDAY: date(2026, 4, 2),
        Holiday.GOOD_FRIDAY: date(2026, 4, 3),
        Holiday.EASTER_SUNDAY: date(2026, 4, 5),
        Holiday.EASTER_MONDAY: date(2026, 4, 6),
        Holiday.LABOUR_DAY: date(2026, 5, 1),
        Holiday.ASCENSION_DAY: date(2026, 5, 14),
        Holiday.CONSTITUTION_DAY: date(2026, 5, 17),
        Holiday.WHIT_SUNDAY: date(2026, 5, 24),
        Holiday.WHIT_MONDAY: date(2026, 5, 25),
        Holiday.CHRISTMAS_DAY: date(2026, 12, 25),
        Holiday.BOXING_DAY: date(2026, 12, 26),
    }


@given(YEARS)
def test_each_year_has_each_holiday_and_each_on_its_weekday(year):
    found = holidays(year)
    assert set(found) == set(Holiday)
    assert found[Holiday.MAUNDY_THURSDAY].isoweekday() == 4
    assert found[Holiday.GOOD_FRIDAY].isoweekday() == 5
    assert found[Holiday.ASCENSION_DAY].isoweekday() == 4
    for name in (Holiday.EASTER_SUNDAY, Holiday.WHIT_SUNDAY):
        assert found[name].isoweekday() == 7
    for name in (Holiday.EASTER_MONDAY, Holiday.WHIT_MONDAY):
        assert found[name].isoweekday() == 1


def test_ascension_day_on_the_first_of_may_2008_is_both():
    assert set(holidays_on(date(2008, 5, 1))) == {Holiday.LABOUR_DAY, Holiday.ASCENSION_DAY}


def test_the_17th_of_may_2015_is_the_sunday_before_whitsun_and_a_holiday():
    assert holidays_on(date(2015, 5, 17)) == (Holiday.CONSTITUTION_DAY,)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2026, 4, 1),  # the Wednesday before Easter
        date(2026, 4, 4),  # the Saturday in it
        date(2028, 2, 29),
        date(2026, 11, 22),  # a Sunday
    ],
    ids=str,
)
def test_a_day_that_the_law_does_not_name_is_no_holiday(day):
    assert not is_holiday(day)
    assert holidays_on(day) == ()
