from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.uptake.differences import difference
from nyefamilier.uptake.indicators import Share, wilson

counts = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def share(part: int, whole: int) -> Share:
    found = wilson(part, whole)
    assert found is not None
    return found


# R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_intervals_are_those_that_newcombe_published(one, other, low, high) -> None:
    found = difference(share(*one), share(*other))

    assert found.value == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(counts, counts)
def test_the_difference_lies_in_its_interval_and_that_between_minus_one_and_one(one, other) -> None:
    found = difference(share(*one), share(*other))

    assert -1 <= found.low <= found.value <= found.high <= 1


@given(counts, counts)
def test_turned_round_it_is_the_same_with_the_other_sign(one, other) -> None:
    found, turned = difference(share(*one), share(*other)), difference(share(*other), share(*one))

    assert (turned.value, turned.low, turned.high) == pytest.approx(
        (-found.value, -found.high, -found.low)
    )
    assert turned.is_told == found.is_told


@given(counts, counts)
def test_of_those_who_said_no_it_is_the_opposite_of_that_of_those_who_said_yes(one, other) -> None:
    yes = difference(share(*one), share(*other))
    no = difference(share(one[1] - one[0], one[1]), share(other[1] - other[0], other[1]))

    assert (no.low, no.high) == pytest.approx((-yes.high, -yes.low), abs=1e-12)


@given(counts)
def test_two_groups_alike_are_not_told_apart(one) -> None:
    found = difference(share(*one), share(*one))

    assert not found.is_told
    assert found.low == pytest.approx(-found.high)


def test_a_difference_is_told_only_where_its_interval_leaves_out_nought() -> None:
    assert difference(share(56, 70), share(48, 80)).is_told
    assert difference(share(48, 80), share(56, 70)).is_told
    assert not difference(share(5, 56), share(0, 29)).is_told
