from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, mstats

from nyefamilier.uptake.funnel import (
    INNER_TAIL,
    OUTER_TAIL,
    Funnel,
    Limits,
    Point,
    Verdict,
    dispersion,
    exact_limits,
    funnel,
    z_score,
)

TAILS = (INNER_TAIL, OUTER_TAIL)
targets = st.floats(0.01, 0.99)
sizes = st.integers(1, 3000)


def scipys_lower(whole: int, target: float, tail: float) -> float:
    """Spiegelhalter's lower limit, written apart, by scipy's binomial distribution."""
    count = int(binom.ppf(tail, whole, target))
    if binom.cdf(count, whole, target) <= tail:
        count += 1
    over = binom.cdf(count, whole, target) - tail
    return max(0.0, (count - over / binom.pmf(count, whole, target)) / whole)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("target", [0.02, 0.3, 0.5, 0.83, 0.97])
@pytest.mark.parametrize("whole", [1, 2, 10, 37, 212, 1000, 3616, 14920])
def test_the_limits_are_those_that_scipy_computes(whole: int, target: float, tail: float) -> None:
    low, high = exact_limits(whole, target, tail)

    assert low == pytest.approx(scipys_lower(whole, target, tail), abs=1e-10)
    assert high == pytest.approx(1 - scipys_lower(whole, 1 - target, tail), abs=1e-10)


def test_the_limit_of_twenty_at_one_half_can_be_found_in_a_printed_table() -> None:
    # Of 20 at one half: P(R <= 5) = 0.0207, P(R <= 6) = 0.0577, so r = 6 and a = 0.0327 / 0.0370.
    low, high = exact_limits(20, 0.5, INNER_TAIL)

    assert low == pytest.approx((6 - 0.0327 / 0.0370) / 20, abs=2e-4)
    assert high == pytest.approx(1 - low, abs=1e-15)


def test_ten_of_ten_lies_within_where_it_happens_one_time_in_nine() -> None:
    assert exact_limits(10, 0.8, INNER_TAIL)[1] == 1


@given(sizes, targets, st.sampled_from(TAILS), st.data())
def test_outside_means_a_chance_of_the_tail_or_less(
    whole: int, target: float, tail: float, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    low, high = exact_limits(whole, target, tail)
    so_few, so_many = binom.cdf(part, whole, target), binom.sf(part - 1, whole, target)
    assume(abs(so_few - tail) > 1e-9)
    assume(abs(so_many - tail) > 1e-9)

    assert (part / whole < low) == (so_few < tail)
    assert (part / whole > high) == (so_many < tail)


@given(sizes, targets)
def test_the_limits_lie_around_the_target_in_their_order_between_0_and_1(
    whole: int, target: float
) -> None:
    found = Funnel(target, 1.0, None).limits(whole)

    assert 0 <= found.outer_low <= found.inner_low <= target
    assert target <= found.inner_high <= found.outer_high <= 1


@given(st.integers(1, 700), targets, st.sampled_from(TAILS))
def test_four_times_as_many_families_narrow_the_funnel(
    whole: int, target: float, tail: float
) -> None:
    few, many = exact_limits(whole, target, tail), exact_limits(4 * whole, target, tail)

    assert many[1] - many[0] < few[1] - few[0] or few == (0, 1) == many


@given(sizes, targets, st.sampled_from(TAILS))
def test_yes_and_no_are_treated_alike(whole: int, target: float, tail: float) -> None:
    low, high = exact_limits(whole, target, tail)

    assert exact_limits(whole, 1 - target, tail) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(
    ("whole", "target", "tail"), [(0, 0.5, 0.1), (5, 0.0, 0.1), (5, 1.0, 0.1), (5, 0.5, 0.5)]
)
def test_limits_of_nothing_are_refused(whole: int, target: float, tail: float) -> None:
    with pytest.raises(ValueError, match="a limit needs a family"):
        exact_limits(whole, target, tail)


@given(st.lists(st.floats(-20, 20), min_size=10, max_size=40))
def test_the_spread_is_that_of_the_scores_as_scipy_winsorises_them(scores: list[float]) -> None:
    drawn_in = mstats.winsorize(np.array(scores), limits=(0.1, 0.1))

    assert dispersion(scores) == pytest.approx(float((drawn_in**2).mean()), abs=1e-9)


def test_of_fewer_than_ten_no_spread_is_told() -> None:
    assert dispersion([3.0] * 9) is None


def test_one_bydel_far_off_does_not_widen_the_limits_by_which_it_is_judged() -> None:
    found = funnel([Point(83, 100)] * 14 + [Point(20, 100)], Point(830, 1000))

    assert found is not None
    assert (found.factor, found.is_widened) == (1.0, False)
    assert found.limits(100).verdict(0.20) is Verdict.OUTSIDE


def test_bydeler_that_all_vary_more_than_chance_widen_the_limits_by_the_root_of_their_spread() -> (
    None
):
    points = [Point(70, 100), Point(90, 100)] * 8
    found = funnel(points, Point(800, 1000))
    assert found is not None
    score = z_score(Point(90, 100), 0.8)  # (0.9 - 0.8) / 0.04 = 2.5
    chance, widened = Funnel(0.8, 1.0, None).limits(100), found.limits(100)

    assert score == pytest.approx(2.5)
    assert found.spread == found.factor == pytest.approx(6.25)
    assert widened.inner_low == pytest.approx(0.8 + 2.5 * (chance.inner_low - 0.8))
    assert widened.outer_high == 1
    assert chance.verdict(0.9) is Verdict.BETWEEN
    assert widened.verdict(0.9) is Verdict.WITHIN


def test_a_spread_that_chance_may_bring_about_widens_nothing() -> None:
    # Sixteen scores of 1.25: the spread is 1.5625, and 1 + 2 sqrt(2/16) is 1.707.
    points = [Point(75, 100), Point(85, 100)] * 8
    found = funnel(points, Point(800, 1000))

    assert found is not None
    assert found.spread == pytest.approx(1.5625)
    assert found.spread < 1 + 2 * sqrt(2 / 16)
    assert found.factor == 1


# A factor is 1 or well above it: nearer, the last digit's rounding would be larger than it widens.
@given(st.floats(0.05, 0.95), st.floats(1.01, 30), sizes)
def test_widened_limits_hold_the_others_and_stay_between_0_and_1(
    target: float, factor: float, whole: int
) -> None:
    narrow, wide = (Funnel(target, by, by).limits(whole) for by in (1.0, factor))

    assert 0 <= wide.outer_low <= narrow.outer_low
    assert wide.inner_low <= narrow.inner_low
    assert wide.inner_high >= narrow.inner_high
    assert narrow.outer_high <= wide.outer_high <= 1


@pytest.mark.parametrize("city", [Point(0, 50), Point(50, 50), Point(0, 0)])
def test_where_all_or_nobody_said_yes_there_is_no_funnel(city: Point) -> None:
    assert funnel([Point(5, 10)], city) is None


def test_on_a_limit_is_within_it() -> None:
    limits = Limits(0.1, 0.2, 0.8, 0.9)
    verdicts = [limits.verdict(share) for share in (0.2, 0.8, 0.1, 0.9, 0.09, 0.91)]

    assert verdicts == [
        Verdict.WITHIN, Verdict.WITHIN, Verdict.BETWEEN, Verdict.BETWEEN, Verdict.OUTSIDE,
        Verdict.OUTSIDE,
    ]  # fmt: skip
