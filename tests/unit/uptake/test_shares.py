from __future__ import annotations

from datetime import date

import pytest

from nyefamilier.uptake.funnel import Point
from nyefamilier.uptake.indicators import wilson
from nyefamilier.uptake.shares import Ratio, reading, share_of, total
from nyefamilier.uptake.sheets import Shown

IN_TIME = Ratio(("in_time",), ("in_time", "not_in_time"))
EARLIER = date(2026, 11, 9)


def line(**counts: int | None) -> dict[str, Shown]:
    return {column: Shown(value) for column, value in counts.items()}


def test_a_share_is_of_the_columns_that_are_named_and_of_no_other() -> None:
    found = reading(line(born=60, in_time=40, not_in_time=10, too_early=10), IN_TIME)

    assert found.point == Point(40, 50)
    assert found.share == wilson(40, 50)


@pytest.mark.parametrize("counts", [(None, 10), (40, None), (None, None)])
def test_a_share_of_what_is_hidden_is_not_shown_and_its_sum_neither(counts) -> None:
    found = reading(line(in_time=counts[0], not_in_time=counts[1]), IN_TIME)

    assert found.share is None
    assert found.whole == Shown(None)
    assert not found.is_empty


@pytest.mark.parametrize(
    ("part", "whole"), [(9, 9), (5, 9), (3, 20), (18, 20), (20, 19), (None, 20), (20, None)]
)
def test_no_share_is_of_few_or_tells_of_one_to_four(part, whole) -> None:
    assert share_of(part, whole) is None


@pytest.mark.parametrize(("part", "whole"), [(5, 10), (0, 10), (10, 10), (15, 20)])
def test_other_shares_are_shown(part, whole) -> None:
    assert share_of(part, whole) == wilson(part, whole)


def test_nobody_is_not_hidden_and_has_no_share() -> None:
    found = reading(line(in_time=0, not_in_time=0), IN_TIME)

    assert found.is_empty
    assert found.share is None
    assert reading({}, IN_TIME).is_empty


def test_a_sum_is_held_since_the_first_day_that_one_of_its_counts_is() -> None:
    counts = {"a": Shown(5, date(2026, 11, 16)), "b": Shown(6, EARLIER), "c": Shown(7)}

    assert total(counts, ["a", "b", "c"]) == Shown(18, EARLIER)
    assert total(counts, ["c"]) == Shown(7)
