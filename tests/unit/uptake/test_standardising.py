from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.uptake.differences import difference
from nyefamilier.uptake.indicators import wilson
from nyefamilier.uptake.standardising import Stratum, standardised

strata = st.lists(
    st.integers(1, 500).flatmap(
        lambda whole: st.builds(
            Stratum, st.integers(0, whole), st.just(whole), standard=st.integers(1, 900)
        )
    ),
    min_size=1,
    max_size=6,
)


def test_a_share_of_two_groups_can_be_standardised_by_hand() -> None:
    # 90 of 100 and 20 of 40; in the standard the groups are 1 to 3: 0.9 / 4 + 0.5 * 3 / 4 = 0.6.
    found = standardised([Stratum(90, 100, 10), Stratum(20, 40, 30)])

    assert found is not None
    assert found.value == pytest.approx(0.6)
    large, small = wilson(90, 100), wilson(20, 40)
    assert large is not None
    assert small is not None
    below = sqrt((0.25 * (0.9 - large.low)) ** 2 + (0.75 * (0.5 - small.low)) ** 2)
    assert found.low == pytest.approx(0.6 - below)


def test_of_two_groups_of_opposite_weight_the_interval_is_newcombes() -> None:
    # The interval of a weighted sum of shares, with weights 1 and -1, is his tenth method: half of
    # the difference between one share and the other's complement is a mean of two.
    one, other = wilson(56, 70), wilson(48, 80)
    assert one is not None
    assert other is not None
    apart = difference(one, other)
    mean = standardised([Stratum(56, 70, 1), Stratum(80 - 48, 80, 1)])

    assert mean is not None
    assert mean.value == pytest.approx((apart.value + 1) / 2)
    assert (mean.low, mean.high) == pytest.approx(((apart.low + 1) / 2, (apart.high + 1) / 2))


@given(st.integers(1, 500), st.integers(1, 900), st.data())
def test_one_group_alone_has_wilsons_interval(whole, standard, data) -> None:
    part = data.draw(st.integers(0, whole))
    found, plain = standardised([Stratum(part, whole, standard)]), wilson(part, whole)

    assert found is not None
    assert plain is not None
    assert (found.value, found.low, found.high) == pytest.approx(
        (plain.value, plain.low, plain.high), abs=1e-12
    )


@given(strata)
def test_it_lies_between_the_groups_and_within_its_interval(groups) -> None:
    found = standardised(groups)
    shares = [one.part / one.whole for one in groups]

    assert found is not None
    assert min(shares) - 1e-12 <= found.value <= max(shares) + 1e-12
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(strata)
def test_by_its_own_groups_as_the_standard_a_share_stays_what_it_is(groups) -> None:
    found = standardised([Stratum(one.part, one.whole, one.whole) for one in groups])

    assert found is not None
    crude = sum(one.part for one in groups) / sum(one.whole for one in groups)
    assert found.value == pytest.approx(crude)


@given(strata, st.integers(2, 50))
def test_only_the_proportions_of_the_standard_matter(groups, times) -> None:
    larger = [Stratum(one.part, one.whole, one.standard * times) for one in groups]

    first, second = standardised(groups), standardised(larger)

    assert first is not None
    assert second is not None
    assert (second.value, second.low, second.high) == pytest.approx(
        (first.value, first.low, first.high), abs=1e-9
    )


def test_in_large_groups_it_is_the_interval_of_the_normal_approximation() -> None:
    groups = [Stratum(70_000, 100_000, 3), Stratum(20_000, 80_000, 5), Stratum(45_000, 90_000, 2)]
    shares = np.array([one.part / one.whole for one in groups])
    weights = np.array([0.3, 0.5, 0.2])
    variance = (weights**2 * shares * (1 - shares) / [one.whole for one in groups]).sum()

    found = standardised(groups)

    assert found is not None
    assert found.value == pytest.approx(weights @ shares)
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * sqrt(variance), rel=1e-3)


def test_it_covers_the_truth_about_as_often_as_it_says_in_small_groups_too() -> None:
    chance = np.random.default_rng(20261122)
    truth, wholes, standard = (0.95, 0.8, 0.6), (12, 30, 18), (5, 3, 2)
    aim = sum(share * weight / 10 for share, weight in zip(truth, standard, strict=True))
    parts = chance.binomial(wholes, truth, size=(4000, 3))
    found = [standardised(list(map(Stratum, map(int, row), wholes, standard))) for row in parts]

    covered = sum(one is not None and one.low <= aim <= one.high for one in found) / len(found)

    assert 0.93 < covered < 0.985


def test_a_group_that_is_in_the_standard_and_has_nobody_leaves_no_share() -> None:
    assert standardised([Stratum(5, 10, 1), Stratum(0, 0, 1)]) is None
    assert standardised([Stratum(5, 10, 1), Stratum(0, 0, 0)]) is not None


def test_a_standard_of_nobody_is_refused() -> None:
    for groups in ([], [Stratum(5, 10, 0)], [Stratum(5, 10, 3), Stratum(5, 10, -1)]):
        with pytest.raises(ValueError, match="a standard"):
            standardised(groups)
