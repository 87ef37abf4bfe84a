"""How many newborn visits to expect each week."""

from datetime import date, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.visits.forecast import (
    WEEKS,
    Forecast,
    Unvisited,
    counts,
    newborn_forecast,
    quantile,
)
from nyefamilier.visits.reading import packaged_gestation

TODAY = date(2027, 3, 3)
EASTER = frozenset(date(2027, 3, day) for day in (25, 26, 28, 29))


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in EASTER


def forecast(terms: list[date], born: tuple[date, ...] = ()) -> Forecast:
    return newborn_forecast(
        terms, list(map(Unvisited, born)), TODAY, packaged_gestation(), is_working
    )


def expected(*born: Unvisited) -> Forecast:
    return newborn_forecast([], born, TODAY, packaged_gestation(), is_working)


def test_the_days_of_pregnancy_are_a_distribution_around_the_term():
    days = packaged_gestation().probability

    assert sum(days.values()) == pytest.approx(1, abs=1e-5)
    assert sum(days[day] for day in range(280 - 7, 280 + 8)) == pytest.approx(0.56, abs=0.01)
    assert sum(days[day] for day in days if day < 37 * 7) == pytest.approx(0.056, abs=0.001)


@pytest.mark.parametrize(("weeks", "share"), [(38, 0.15), (39, 0.33), (40, 0.57), (41, 0.81)])
def test_each_week_that_a_pregnancy_lasts_makes_a_birth_in_the_next_one_likelier(weeks, share):
    term = TODAY + timedelta(days=280 - weeks * 7)
    births = packaged_gestation().births(term, TODAY)

    soon = sum(p for day, p in births.items() if day < TODAY + timedelta(days=7))
    assert soon == pytest.approx(share, abs=0.01)
    assert min(births) == TODAY


def test_a_pregnancy_is_one_visit_wherever_it_falls():
    found = forecast([TODAY + timedelta(days=30)] * 3)

    assert sum(week.mean for week in found.weeks) == pytest.approx(3)
    assert found.pregnancies == 3


def test_a_child_who_is_born_and_not_visited_is_a_certain_visit():
    found = forecast([], born=(date(2027, 3, 1), date(2027, 2, 20), date(2027, 3, 18)))

    assert [(week.mean, week.p10, week.p90) for week in found.weeks[:5]] == [
        (1, 1, 1),
        (1, 1, 1),
        (0, 0, 0),
        (1, 1, 1),
        (0, 0, 0),
    ]


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2027, 3, 5), date(2027, 3, 1)),
        (date(2027, 3, 6), date(2027, 3, 8)),
        (date(2027, 3, 25), date(2027, 3, 29)),
    ],
    ids=["a Friday", "a Saturday", "Maundy Thursday"],
)
def test_a_visit_that_is_late_is_expected_on_the_next_working_day(today, monday):
    born = today - timedelta(days=20)
    found = newborn_forecast([], [Unvisited(born)], today, packaged_gestation(), is_working)

    assert [week.monday for week in found.weeks if week.mean] == [monday]


def test_a_visit_that_is_agreed_on_is_expected_when_it_is_agreed_on():
    late, saturday = date(2027, 3, 19), date(2027, 3, 13)
    found = expected(Unvisited(TODAY, late), Unvisited(TODAY, saturday))

    assert [week.monday for week in found.weeks if week.mean] == [
        date(2027, 3, 8),
        date(2027, 3, 15),
    ]


def test_a_visit_that_was_agreed_on_and_is_not_recorded_is_expected_still():
    found = expected(Unvisited(TODAY - timedelta(days=20), TODAY - timedelta(days=9)))

    assert [week.mean for week in found.weeks[:2]] == [1, 0]


def test_a_child_who_is_born_today_is_visited_next_week_or_the_week_after():
    found = forecast([], born=(TODAY,))

    assert [week.mean for week in found.weeks[:3]] == [0, 1, 0]


def test_a_pregnancy_longer_than_any_that_is_known_is_told_and_not_counted():
    found = forecast([TODAY - timedelta(days=28), TODAY - timedelta(days=27)])

    assert (found.pregnancies, found.without_news) == (1, 1)


def test_weeks_are_told_half_a_year_ahead_from_the_monday_of_this_one():
    weeks = forecast([]).weeks

    assert len(weeks) == WEEKS
    assert weeks[0].monday == date(2027, 3, 1)
    assert weeks[-1].monday == date(2027, 3, 1) + timedelta(weeks=25)


@given(st.integers(0, 12), st.floats(0, 1))
def test_equal_chances_give_the_binomial_distribution(trials, chance):
    expected = [
        comb(trials, n) * chance**n * (1 - chance) ** (trials - n) for n in range(trials + 1)
    ]

    assert counts([chance] * trials) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(0, 1), max_size=15), st.floats(0.01, 0.99))
def test_a_quantile_is_the_least_number_that_is_likely_enough(chances, share):
    likely = counts(chances)
    n = quantile(likely, share)

    assert sum(likely[: n + 1]) >= share - 1e-9
    assert sum(likely[:n]) < share
