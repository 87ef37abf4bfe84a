"""On which days a newborn is visited."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.visits.newborn import HOLIDAY, Window, day_after, window_after, with_fallback

EASTER_2027 = frozenset(date(2027, 3, day) for day in (25, 26, 28, 29))
EASTER_2028 = frozenset(date(2028, 4, day) for day in (13, 14, 16, 17))
CHRISTMAS_2028 = frozenset(date(2028, 12, day) for day in (25, 26))
HOLIDAYS = EASTER_2027 | EASTER_2028 | CHRISTMAS_2028
DAYS = st.dates(date(2027, 1, 1), date(2028, 12, 31))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def test_an_ordinary_birth_is_visited_on_day_eight_of_days_seven_to_ten():
    monday = date(2027, 2, 1)

    assert window_after(monday, is_working) == Window(
        date(2027, 2, 8), date(2027, 2, 9), date(2027, 2, 11)
    )
    assert day_after(monday, is_working) == date(2027, 2, 9)


def test_a_weekend_moves_the_visit_to_the_nearest_working_day_of_the_window():
    friday, saturday = date(2027, 2, 5), date(2027, 2, 6)

    assert day_after(friday, is_working) == date(2027, 2, 12)
    assert day_after(saturday, is_working) == date(2027, 2, 15)


@pytest.mark.parametrize(
    "born_on",
    [date(2027, 3, 18), date(2027, 3, 19), date(2028, 4, 6), date(2028, 4, 7), date(2028, 12, 16)],
)
def test_when_easter_or_christmas_takes_all_four_days_the_window_is_day_five_to_thirteen(born_on):
    window = window_after(born_on, is_working)

    assert (window.opens - born_on).days == 5
    assert (window.closes - born_on).days == 13
    assert window.reason == HOLIDAY
    assert is_working(day_after(born_on, is_working))
    assert window.holds(day_after(born_on, is_working))


def test_one_working_day_is_enough_to_keep_the_window_of_the_protocol():
    assert window_after(date(2027, 3, 17), is_working).reason is None


def test_a_wider_window_does_not_begin_before_the_child_is_home():
    born_on = date(2027, 3, 18)
    home_on = born_on + timedelta(days=9)
    late = Window(home_on, home_on, born_on + timedelta(days=10))

    assert with_fallback(late, born_on, home_on, is_working) == Window(
        home_on, home_on, born_on + timedelta(days=13), HOLIDAY
    )


@given(DAYS)
def test_the_visit_lies_in_its_window_on_a_working_day_near_the_ideal_one(born_on):
    window, on = window_after(born_on, is_working), day_after(born_on, is_working)

    assert window.holds(on)
    assert is_working(on)
    assert not any(
        is_working(day) and abs(day - window.ideal) < abs(on - window.ideal)
        for day in window.days()
    )
    assert (window.reason == HOLIDAY) == (not any(map(is_working, _protocols(born_on))))


def _protocols(born_on: date) -> list[date]:
    return [born_on + timedelta(days=days) for days in (7, 8, 9, 10)]
