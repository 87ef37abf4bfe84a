"""Nurses come and go in whole posts, and on average as many as is assumed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.rollout.draws import drawn, expected
from nyefamilier.rollout.nurses import nurses
from nyefamilier.rollout.setting import posts_of, setting_of
from tests.unit.rollout.plans import assuming, document, plan


@pytest.mark.parametrize(
    ("arsverk", "percentage", "posts"), [(4.0, 80, 5), (2.5, 80, 4), (0.8, 80, 1), (0, 80, 0)]
)
def test_arsverk_are_so_many_posts(arsverk, percentage, posts):
    assert posts_of(arsverk, percentage) == posts


@given(st.floats(0, 1000), st.integers(1, 100))
def test_no_post_is_larger_than_it_may_be_and_none_is_missing(arsverk, percentage):
    posts = posts_of(arsverk, percentage)
    assert posts * percentage / 100 >= arsverk - 1e-6
    assert (posts - 1) * percentage / 100 < arsverk or posts == 0


def of(percentage, **values):
    rows = [{**row, "arsverk": 4.0, "position_percentage": percentage}
            for row in document()["staffing"]]  # fmt: skip
    some = plan(staffing=rows, assumptions=assuming(turnover=0.3, leave_share=0, **values))
    setting = setting_of(some)
    return setting, some


def test_whole_posts_fall_vacant():
    setting, some = of(80)
    filled = nurses(setting, drawn(setting, some.assumptions, 200, 1)).filled
    posts = filled[setting.areas.index("11")] / 0.8
    np.testing.assert_allclose(posts, posts.round(), atol=1e-9)
    assert set(np.unique(posts.round())) >= {0, 3, 4, 5}


@pytest.mark.parametrize("percentage", [40, 80, 100])
def test_on_average_as_many_are_there_as_when_all_is_as_assumed(percentage):
    setting, some = of(percentage)
    by_chance = nurses(setting, drawn(setting, some.assumptions, 4000, 1)).filled.mean(axis=2)
    exact = nurses(setting, expected(setting, some.assumptions)).filled[:, :, 0]
    np.testing.assert_allclose(by_chance, exact, atol=0.08)


def test_fewer_and_larger_posts_are_surer_to_be_missed():
    def spread(percentage):
        setting, some = of(percentage)
        filled = nurses(setting, drawn(setting, some.assumptions, 2000, 1)).filled
        return filled[setting.areas.index("11"), -1].std()

    assert spread(100) > spread(40) > 0
