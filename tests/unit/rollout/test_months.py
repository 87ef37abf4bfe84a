"""Months are counted over the years' ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.rollout.months import Month, read_month

MONTHS = st.builds(Month, st.integers(1900, 2199), st.integers(1, 12))


@given(MONTHS, st.integers(-240, 240))
def test_what_is_added_is_the_distance(month, months):
    assert (month + months) - month == months


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month):
    assert read_month(str(month)) == month


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-1", "24-01", "2024-01-01", "", "x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=text or "$"):
        read_month(text)
