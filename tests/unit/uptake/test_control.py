from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from nyefamilier.uptake.control import RUN, TAIL, Run, control_chart
from nyefamilier.uptake.funnel import Point

# Chips out of place on 30 wafers of 50, in hundredths: NIST/SEMATECH e-Handbook, 6.3.3.2, after
# D. C. Montgomery, Introduction to Statistical Quality Control. The mean is .2313, the limits by
# three standard deviations .0524 and .4102, and wafers 15 and 23 lie outside.
WAFERS = (
    24, 30, 16, 20, 8, 14, 32, 18, 28, 20, 10, 12, 34, 24, 44,
    16, 20, 10, 26, 22, 40, 36, 48, 30, 18, 24, 14, 26, 18, 12,
)  # fmt: skip
EVEN = Point(50, 100)

points = st.lists(
    st.none()
    | st.integers(10, 300).flatmap(
        lambda whole: st.builds(Point, st.integers(1, whole - 1), st.just(whole))
    ),
    min_size=6,
    max_size=40,
)


def test_the_tail_is_that_beyond_three_standard_deviations() -> None:
    assert pytest.approx(norm.sf(3), rel=1e-12) == TAIL


def test_the_published_example_has_the_published_mean_and_the_published_signals() -> None:
    chart = control_chart([Point(share // 2, 50) for share in WAFERS], len(WAFERS))

    assert chart is not None
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert [place + 1 for place in chart.outside] == [15, 23]
    bounds = chart.bounds[0]
    assert bounds is not None
    # The exact limits lie a little above the symmetric ones: the distribution leans that way.
    assert 0.0524 < bounds.low < 0.09
    assert 0.4102 < bounds.high < 0.44


def test_with_many_families_the_limits_are_three_standard_deviations() -> None:
    chart = control_chart([Point(8300, 10_000)] * 3, 3)

    assert chart is not None
    bounds = chart.bounds[2]
    assert bounds is not None
    spread = 3 * sqrt(0.83 * 0.17 / 10_000)
    assert (bounds.low, bounds.high) == pytest.approx((0.83 - spread, 0.83 + spread), abs=3e-4)


@given(st.integers(1, 400), st.integers(2, 98))
def test_chance_lies_outside_a_limit_no_oftener_than_three_standard_deviations_say(
    whole: int, percent: int
) -> None:
    chart = control_chart([Point(percent, 100), Point(whole // 2, whole)], 1)

    assert chart is not None
    bounds = chart.bounds[1]
    assert bounds is not None
    counts = range(whole + 1)
    below = sum(binom.pmf(k, whole, chart.centre) for k in counts if k / whole < bounds.low)
    above = sum(binom.pmf(k, whole, chart.centre) for k in counts if k / whole > bounds.high)
    assert below <= TAIL * (1 + 1e-6)
    assert above <= TAIL * (1 + 1e-6)


def test_few_families_have_wide_limits_and_none_beyond_all_or_nobody() -> None:
    chart = control_chart([Point(83, 100), Point(10, 10), Point(5, 10)], 1)

    assert chart is not None
    bounds = chart.bounds[1]
    assert bounds is not None
    assert bounds.high == 1
    assert 0.3 < bounds.low < 0.5
    assert chart.outside == ()


def test_what_comes_after_the_baseline_does_not_move_it() -> None:
    first = [EVEN] * 6
    chart = control_chart([*first, Point(90, 100), Point(95, 100)], 6)

    assert chart is not None
    assert (chart.centre, chart.baseline) == (0.5, 6)
    assert chart.outside == (6, 7)


@given(points, points, st.integers(1, 6))
def test_later_periods_change_no_limit_of_earlier_ones(before, after, baseline) -> None:
    first, both = control_chart(before, baseline), control_chart([*before, *after], baseline)
    if first is None:
        return

    assert both is not None
    assert both.centre == first.centre
    assert both.bounds[: len(before)] == first.bounds
    assert [place for place in both.outside if place < len(before)] == list(first.outside)


def test_a_hidden_period_is_no_part_of_the_baseline_and_has_no_limits() -> None:
    chart = control_chart([None, EVEN, None, Point(70, 100), EVEN], 2)

    assert chart is not None
    assert chart.centre == pytest.approx(0.6)
    assert chart.baseline == 4
    assert [bounds is None for bounds in chart.bounds] == [True, False, True, False, False]


def test_without_a_whole_baseline_nothing_is_judged() -> None:
    assert control_chart([EVEN, None, None, EVEN], 3) is None
    assert control_chart([Point(10, 10)] * 6, 6) is None
    assert control_chart([Point(0, 10)] * 6, 6) is None
    assert control_chart([], 1) is None


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not() -> None:
    base, above = [EVEN] * 4, Point(52, 100)

    seven = control_chart([*base, *[above] * (RUN - 1)], 4)
    eight = control_chart([*base, *[above] * RUN], 4)

    assert seven is not None
    assert not seven.has_signal
    assert eight is not None
    assert eight.runs == (Run(4, 11, is_above=True),)
    assert eight.has_signal
    assert eight.outside == ()


def test_a_hidden_period_ends_a_run_and_one_on_the_centre_does_not() -> None:
    base, below = [EVEN] * 4, Point(48, 100)

    hidden = control_chart([*base, *[below] * 5, None, *[below] * 5], 4)
    centre = control_chart([*base, *[below] * 5, EVEN, *[below] * 5], 4)

    assert hidden is not None
    assert hidden.runs == ()
    assert centre is not None
    assert centre.runs == (Run(4, 14, is_above=False),)


@given(points, st.integers(1, 6))
def test_the_runs_are_the_longest_stretches_with_enough_on_one_side_and_none_on_the_other(
    periods, baseline
) -> None:
    chart = control_chart(periods, baseline)
    if chart is None:
        return
    sides = [None if one is None else one.share - chart.centre for one in periods]

    def is_run(first: int, last: int, sign: int) -> bool:
        stretch = sides[first : last + 1]
        if any(one is None or one * sign < 0 for one in stretch):
            return False
        ends = stretch[0], stretch[-1]
        return 0 not in ends and sum(one != 0 for one in stretch) >= RUN

    places = range(len(periods))
    found = [
        (first, last, sign > 0)
        for sign in (1, -1)
        for first in places
        for last in places[first:]
        if is_run(first, last, sign)
    ]
    longest = {
        one
        for one in found
        if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in found)
    }

    assert {(run.first, run.last, run.is_above) for run in chart.runs} == longest
