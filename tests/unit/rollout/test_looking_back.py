"""The plan of 2013 to 2019 holds against what happened, and the page says where it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nyefamilier.rollout.comparing import changes
from nyefamilier.rollout.looking_back import compared
from nyefamilier.rollout.plan import Programme
from nyefamilier.rollout.reading import packaged_plan, read_toml

PAGE = Path(__file__).parents[3] / "docs" / "rollout-model.md"
ROW = re.compile(
    r"\| (\d{4})(?:-(\d{4}))? \| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) to ([\d,]+) \|"
)


@pytest.fixture(scope="module")
def found():
    return {(one.first_year, one.last_year, one.figure): one for one in compared(1000, 1)}


def test_families_and_visits_of_2018_and_2019_lie_in_the_band(found):
    assert found[2018, 2018, "visits"].is_inside
    assert found[2019, 2019, "families"].is_inside
    assert found[2019, 2019, "visits"].is_inside


def test_the_page_shows_every_figure_with_its_band(found):
    rows = ROW.findall(PAGE.read_text("utf-8"))
    shown = {(int(a), int(b or a), figure): numbers for a, b, figure, *numbers in rows}
    assert shown.keys() == found.keys()
    for key, numbers in shown.items():
        actual, median, low, high = (int(number.replace(",", "")) for number in numbers)
        one = found[key]
        assert actual == one.actual
        assert (low, median, high) == pytest.approx((one.low, one.median, one.high), rel=0.06)
        assert (low <= actual <= high) == one.is_inside


def test_the_page_says_what_was_missed():
    for line in PAGE.read_text("utf-8").splitlines():
        if found := ROW.match(line):
            actual, _, low, high = (int(number.replace(",", "")) for number in found.groups()[3:])
            assert ("inside" in line) == (low <= actual <= high)
            assert ("missed" in line) != (low <= actual <= high)


def test_the_plan_of_2013_to_2019_has_the_five_waves_and_nfp():
    plan = read_toml(packaged_plan("history"))
    starts = sorted(str(wave.start) for wave in plan.waves_of(Programme.NYE_FAMILIER))
    assert {start: starts.count(start) for start in starts} == {
        "2013-01": 1,
        "2016-08": 2,
        "2017-03": 4,
        "2018-07": 4,
        "2019-09": 4,
    }
    assert {wave.bydel for wave in plan.waves_of(Programme.NFP)} == {"01", "15"}
    assert changes(plan, plan) == ()
