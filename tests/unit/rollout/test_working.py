"""A year's hours fall on its months, and July has the fewest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.rollout.draws import drawn, expected
from nyefamilier.rollout.flow import flow
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.nurses import hours_of_month, hours_of_year, hours_per_visit, nurses
from nyefamilier.rollout.setting import setting_of
from nyefamilier.rollout.working import working_days, working_months
from tests.unit.rollout.plans import assuming, plan
from tests.unit.rollout.test_flow import plans, so_far


@pytest.mark.parametrize(
    ("month", "days"),
    [
        (Month(2024, 5), 19),  # 1 and 17 May, Ascension Day and Whit Monday are on weekdays
        (Month(2024, 7), 23),
        (Month(2024, 12), 20),
        (Month(2026, 4), 19),  # from Maundy Thursday to Easter Monday three
    ],
)
def test_working_days_are_without_weekends_and_holidays(month, days):
    assert working_days(month) == days


@given(st.integers(1900, 2218), st.floats(0, 0.8))
def test_the_months_of_a_year_add_up_to_it_wherever_the_days_off_are_taken(year, in_july):
    months = [Month(year, month) for month in range(1, 13)]
    parts = working_months(months).parts(np.array([in_july]))
    assert parts.sum() == pytest.approx(1)
    assert parts.min() > 0


def test_july_has_the_fewest_hours_and_a_year_as_many_as_it_had():
    some = plan()
    setting = setting_of(some)
    draws = expected(setting, some.assumptions)
    hours = hours_of_month(setting, draws)[:12, 0]
    assert setting.first == Month(2024, 1)
    assert hours.argmin() == 6
    assert hours.sum() == pytest.approx(float(hours_of_year(draws)[0]))


@settings(max_examples=25)
@given(plans())
def test_visits_that_fell_due_are_made_or_postponed_or_have_lapsed(some):
    setting = setting_of(some)
    draws = drawn(setting, some.assumptions, 3, 1)
    there = nurses(setting, draws).there
    for found in (flow(setting, draws, there), flow(setting, draws, None)):
        said = so_far(found.visits + found.lapsed) + found.postponed
        np.testing.assert_allclose(so_far(found.due), said, atol=1e-8)
        assert min(found.postponed.min(), found.lapsed.min()) > -1e-9


@settings(max_examples=25)
@given(plans())
def test_no_visit_is_made_for_which_no_nurse_has_an_hour(some):
    setting = setting_of(some)
    draws = drawn(setting, some.assumptions, 3, 1)
    there = nurses(setting, draws).there
    found = flow(setting, draws, there)
    hours = there * hours_of_month(setting, draws)
    for at in set(setting.server):
        served = [row for row, by in enumerate(setting.server) if by == at]
        took = found.visits[served].sum(axis=0) * hours_per_visit(draws)
        assert (took <= hours[at] + 1e-6).all()


def test_with_enough_nurses_nothing_is_postponed():
    setting = setting_of(plan())
    found = flow(setting, expected(setting, plan().assumptions), None)
    assert found.postponed.max() == 0
    np.testing.assert_array_equal(found.visits, found.due)


def test_visits_that_july_has_no_hours_for_are_made_up_for_in_autumn():
    some = plan(months=60, births={"source": "test", "estimate": True,
                                   "city": {str(year): 9000 for year in range(2024, 2029)}},
                assumptions=assuming(holiday_in_july=0.6, turnover=0))  # fmt: skip
    setting = setting_of(some)
    draws = expected(setting, some.assumptions)
    found = flow(setting, draws, nurses(setting, draws).there)
    last = (2027 - 2024) * 12
    june, july, august = (found.visits[:, last + at].sum() for at in (5, 6, 7))
    assert july < 0.7 * june
    assert august > july
    assert found.postponed[:, last + 6].sum() > found.postponed[:, last + 11].sum()
