"""A figure lies within the plan's band, above or below it, or it is said why nobody can tell."""

from __future__ import annotations

from datetime import date

import pytest

from nyefamilier.rollout.outcomes import Actual, Band, Measure, Standing, standing, together

BAND = Band(80, 100, 130)
AFTER, DURING = date(2026, 1, 5), date(2025, 11, 3)


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        (Actual(80, AFTER, 1), Standing.WITHIN),
        (Actual(130, AFTER, 1), Standing.WITHIN),
        (Actual(79, AFTER, 1), Standing.BELOW),
        (Actual(131, AFTER, 1), Standing.ABOVE),
        (Actual(131, DURING, 1), Standing.NOT_COMPLETE),
        (Actual(None, AFTER, 1), Standing.HIDDEN),
        (Actual(None, DURING, 1), Standing.HIDDEN),
        (None, Standing.NOT_RELEASED),
    ],
)
def test_a_figure_stands_to_the_band_or_it_is_said_why_not(actual, said):
    assert standing(Measure.VISITS, 2025, BAND, actual, is_whole=True) is said


def test_a_plan_that_ends_in_the_course_of_a_year_is_not_held_against_all_of_it():
    actual = Actual(90, AFTER, 1)
    assert standing(Measure.VISITS, 2025, BAND, actual, is_whole=False) is Standing.PART_OF_YEAR


def test_nobody_has_told_of_arsverk_until_somebody_does():
    assert standing(Measure.ARSVERK, 2025, BAND, None, is_whole=True) is Standing.NOT_TOLD
    assert standing(Measure.ARSVERK, 2025, BAND, Actual(85.5), is_whole=True) is Standing.WITHIN


def test_a_sum_is_hidden_when_one_of_its_parts_is_and_as_old_as_the_oldest():
    shown, older, hidden = Actual(20, AFTER, 3), Actual(30, DURING, 2), Actual(None, AFTER, 3)
    assert together([shown, older]) == Actual(50, DURING, 3)
    assert together([shown, hidden]) == Actual(None, AFTER, 3)
    assert together([shown, None]) is None
    assert together([]) is None
