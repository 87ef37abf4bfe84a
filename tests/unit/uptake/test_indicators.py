from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from scipy.stats import binomtest

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.uptake.indicators import BydelUptake, Period, Share, Volume, wilson

GRID = [
    (k, n) for n in [*range(1, 41), 83, 100, 365, 3616] for k in {0, 1, n // 3, n // 2, n - 1, n}
]


@pytest.mark.parametrize(("successes", "trials"), sorted(set(GRID)))
def test_the_interval_is_the_one_that_scipy_computes(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    found = wilson(successes, trials)
    assert found is not None
    assert found.value == successes / trials
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_83_of_100_is_between_744_and_891_per_thousand() -> None:
    found = wilson(83, 100)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.7445, 0.8911)


def test_the_ends_are_exact() -> None:
    assert wilson(0, 7) == Share(0.0, 0.0, pytest.approx(0.3543, abs=5e-5))
    assert wilson(7, 7) == Share(1.0, pytest.approx(0.6457, abs=5e-5), 1.0)


def test_nobody_has_no_share() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "trials"), [(2, 1), (-1, 5), (1, 0)])
def test_an_impossible_share_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson(successes, trials)


def test_a_year_runs_from_january_to_december() -> None:
    assert Period.year(2016) == Period(date(2016, 1, 1), date(2016, 12, 1))
    assert Period.years(2016, 2019) == Period(date(2016, 1, 1), date(2019, 12, 1))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2017, 1, 1), date(2016, 12, 1), "period-swapped"),
        (date(2016, 1, 1), date(2016, 11, 1), "period-not-published"),
        (date(2016, 2, 1), date(2016, 12, 1), "period-not-published"),
        (date(2016, 1, 2), date(2016, 12, 1), "period-not-published"),
        (date(2016, 1, 1), date(2016, 12, 31), "period-not-published"),
    ],
)
def test_a_period_that_is_not_whole_years_is_refused(first: date, last: date, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        Period(first, last)
    assert refused.value.code == code


@pytest.mark.parametrize(("first", "last"), [(0, 0), (1899, 2020), (2020, 10_000), (2020, 2019)])
def test_a_year_that_cannot_be_is_refused(first: int, last: int) -> None:
    with pytest.raises(RuleBroken):
        Period.years(first, last)


NO_FIGURES = {"bydel", "first_year", "last_year", "held_since"}


@pytest.mark.parametrize("kind", [BydelUptake, Volume])
def test_every_figure_is_defined_in_the_page_of_indicators(kind: type) -> None:
    page = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text(encoding="utf-8")
    figures = {field.name for field in fields(kind)} - NO_FIGURES
    assert {name for name in figures if f"`{name}`" not in page} == set()
