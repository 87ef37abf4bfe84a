from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from nyefamilier.uptake.indicators import Share, wilson
from nyefamilier.uptake.survival import Interval, Step, life_table, product_limit

# Weeks of remission under 6-MP, from Freireich et al. 1963 as E. A. Gehan, Biometrika 52 (1965),
# has them: at risk, and left, at each week in which somebody did.
SIX_MP = (
    Step(21, 3), Step(17, 1), Step(15, 1), Step(12, 1), Step(11, 1), Step(7, 1), Step(6, 1),
)  # fmt: skip
# The share and the log-log ends that Stata and R's survival (conf.type = "log-log") print of them.
PUBLISHED = (
    (0.8571, 0.6197, 0.9516), (0.8067, 0.5631, 0.9228), (0.7529, 0.5032, 0.8894),
    (0.6902, 0.4316, 0.8491), (0.6275, 0.3675, 0.8049), (0.5378, 0.2678, 0.7468),
    (0.4482, 0.1881, 0.6801),
)  # fmt: skip

# 2418 men with angina pectoris (R. L. Parker et al. 1946; E. T. Lee, Statistical Methods for
# Survival Data Analysis, life table): died, lost, and the share alive at the end of each year.
ANGINA = (
    (456, 0, 0.8114), (226, 39, 0.7170), (152, 22, 0.6524), (171, 23, 0.5786), (135, 24, 0.5193),
    (125, 107, 0.4611), (83, 133, 0.4172), (74, 102, 0.3712), (51, 68, 0.3342), (42, 64, 0.2987),
    (43, 45, 0.2557), (34, 53, 0.2136), (18, 33, 0.1839), (9, 27, 0.1636), (6, 23, 0.1429),
)  # fmt: skip

intervals = st.lists(
    st.builds(Interval, events=st.integers(0, 30), censored=st.integers(0, 30)),
    min_size=1,
    max_size=6,
)


def test_the_curve_is_the_published_one_with_its_interval() -> None:
    found = product_limit(SIX_MP)

    for share, published in zip(found, PUBLISHED, strict=True):
        assert (share.value, share.low, share.high) == pytest.approx(published, abs=6e-5)


def test_the_life_table_is_the_published_one() -> None:
    found = life_table(2418, [Interval(died, lost) for died, lost, _alive in ANGINA])

    assert [share.value for share in found] == pytest.approx(
        [alive for _died, _lost, alive in ANGINA], abs=6e-5
    )


@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=5, max_size=80))
def test_the_curve_and_its_interval_are_those_that_scipy_computes(times) -> None:
    known = [time for time, has_left in times if has_left]
    lost = [time for time, has_left in times if not has_left]
    assume(known and max(known) < max(time for time, _left in times))
    steps = [
        Step(sum(one >= time for one, _left in times), known.count(time))
        for time in sorted(set(known))
    ]
    curve = ecdf(CensoredData(uncensored=known, right=lost)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # before somebody has left it has no interval; not asked
        ends = curve.confidence_interval(method="log-log")
    at = sorted(set(known))

    found = product_limit(steps)

    assert [share.value for share in found] == pytest.approx(curve.evaluate(at))
    assert [share.low for share in found] == pytest.approx(ends.low.evaluate(at))
    assert [share.high for share in found] == pytest.approx(ends.high.evaluate(at))


@given(st.integers(1, 300), intervals)
def test_a_curve_never_rises_and_lies_in_its_interval(start, counts) -> None:
    assume(sum(one.events + one.censored for one in counts) <= start)
    found = life_table(start, counts)

    values = [share.value for share in found]
    assert values == sorted(values, reverse=True)
    assert all(0 <= share.low <= share.value <= share.high <= 1 for share in found)


@given(st.integers(1, 300), st.data())
def test_where_all_are_followed_it_is_the_plain_share(start, data) -> None:
    left = data.draw(st.lists(st.integers(0, start // 3), max_size=3))
    found = life_table(start, [Interval(events, 0) for events in left])

    there = start - np.cumsum(left) if left else []
    assert [share.value for share in found] == pytest.approx([count / start for count in there])


def test_who_could_be_followed_for_half_of_the_time_counts_half() -> None:
    # 100 begin; 10 leave and 20 move: 10 of 90. Then 70 begin; 7 leave and 14 move: 7 of 63.
    found = life_table(100, [Interval(10, 20), Interval(7, 14)])

    assert [share.value for share in found] == pytest.approx([8 / 9, 64 / 81])


def test_more_who_move_make_it_less_sure_and_do_not_make_it_lower_than_if_they_had_left() -> None:
    stayed, moved = life_table(100, [Interval(10, 0)])[0], life_table(100, [Interval(10, 40)])[0]
    left = life_table(100, [Interval(50, 0)])[0]

    assert stayed.value > moved.value > left.value
    assert moved.high - moved.low > stayed.high - stayed.low


def test_while_nobody_has_left_the_interval_is_wilsons_and_not_a_point() -> None:
    share, plain = life_table(30, [Interval(0, 0)])[0], wilson(30, 30)

    assert plain is not None
    assert (share.value, share.low, share.high) == pytest.approx((1, plain.low, 1))


def test_when_all_have_left_the_interval_is_not_a_point_either() -> None:
    share, plain = life_table(12, [Interval(12, 0)])[0], wilson(0, 12)

    assert plain is not None
    assert share == Share(0, 0, pytest.approx(plain.high))


def test_a_curve_ends_where_nobody_is_left_to_follow() -> None:
    assert len(life_table(20, [Interval(5, 0), Interval(5, 10), Interval(0, 0)])) == 2
    assert life_table(0, [Interval(0, 0)]) == []


@pytest.mark.parametrize("interval", [Interval(8, 3), Interval(-1, 0), Interval(0, 11)])
def test_nobody_leaves_who_was_not_there(interval) -> None:
    with pytest.raises(ValueError, match="nobody leaves"):
        life_table(10, [interval])
    with pytest.raises(ValueError, match="nobody leaves"):
        product_limit([Step(3, 4)])
