"""A plan that is opened anew keeps what has started, and is written as it is read."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.rollout.flaws import PlanFlawed
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.plan import Observed
from nyefamilier.rollout.reading import packaged_plan, read_toml
from nyefamilier.rollout.replanning import past_changed, replanned
from nyefamilier.rollout.simulating import simulate
from nyefamilier.rollout.writing import toml_of
from tests.unit.rollout.plans import document, plan

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_is_written_is_read_as_the_same_values(values):
    assert tomllib.loads(toml_of(values)) == values


def test_the_plan_of_history_is_written_as_the_same_plan():
    text = packaged_plan("history")
    assert read_toml(toml_of(tomllib.loads(text))) == read_toml(text)


def test_what_was_seen_takes_the_place_of_what_was_observed_there_before():
    rows = [
        {"bydel": bydel, "offered": 10, "accepted": 5, "source": "old"} for bydel in ("09", "11")
    ]
    seen = [Observed("11", 100, 80, "released")]
    values = replanned(document(observed=rows), Month(2025, 3), seen)
    found = read_toml(toml_of(values))
    assert found.open_from == Month(2025, 3)
    assert found.observed == (Observed("09", 10, 5, "old"), seen[0])
    assert "observed" not in replanned(document(), Month(2025, 3), [])


def test_what_has_started_may_not_be_told_otherwise_and_the_rest_is_open():
    before = plan()
    opened = replace(before, open_from=Month(2024, 12))
    stovner, bjerke = before.waves
    assert list(past_changed(before, before)) == []
    assert list(past_changed(before, opened)) == []
    later = replace(opened, waves=(stovner, replace(bjerke, start=Month(2026, 1))))
    assert list(past_changed(before, later)) == []
    for waves, pointer in (
        ((replace(stovner, start=Month(2024, 8)), bjerke), "/waves/0/start"),
        ((bjerke,), "/waves"),
        ((stovner, replace(bjerke, start=Month(2024, 9))), "/waves/1/start"),
    ):
        (flaw,) = past_changed(before, replace(opened, waves=waves))
        assert (flaw.pointer, flaw.code) == (pointer, "past-changed")


def test_a_plan_is_opened_in_a_month_of_its_own():
    with pytest.raises(PlanFlawed, match="/open_from"):
        plan(open_from="2030-01")


def test_what_was_learned_draws_the_future_towards_it():
    few = replanned(document(), Month(2025, 3), [Observed("11", 2000, 900, "released")])
    some = {"open_from": few["open_from"], "observed": few["observed"]}
    before, after = (simulate(one, 200, 1) for one in (plan(), plan(**some)))
    stovner = before.setting.areas.index("11")
    last = [one.local["accepted"][stovner, -1] for one in (before, after)]
    eligible_share = last[1].mean() / last[0].mean()
    assert eligible_share == pytest.approx(0.45 / 0.783, abs=0.05)
    assert last[1].std() < last[0].std()
