"""On another map the same families are told by other bydeler, and none is lost between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.rollout import spending
from nyefamilier.rollout.draws import drawn
from nyefamilier.rollout.flow import flow
from nyefamilier.rollout.maps import divisions, redrawn, shares
from nyefamilier.rollout.nurses import nurses
from nyefamilier.rollout.setting import setting_of
from nyefamilier.rollout.simulating import run_expected
from nyefamilier.rollout.telling import told
from tests.unit.rollout.plans import plan
from tests.unit.rollout.test_flow import plans, so_far

CITY = [f"{number:02}" for number in range(1, 18)]
CODES = sorted(
    one.code
    for area in CITY
    for one in packaged_boundaries().delbydeler_in(area, plan().first_month.first_day)
)
ALTERNATIVE_A = {
    "North": (["06", "07", "08", "17"], []),
    "West": (["04", "05", "16"], ["0301060605"]),
    "Centre": (["01", "02", "03"], []),
    "East": (["09"], ["0301121207", "0301010110", "0301010111", "0301020208", "0301020209"]),
    "Rest": (["10", "11", "12", "13", "14", "15"], []),
}
"""Cut as the hearing of 2025 proposed it, as far as that is described; the rest is one unit."""


def reform(units, on="2026-01-01"):
    rows = [{"name": n, "bydeler": b, "delbydeler": d} for n, (b, d) in units.items()]
    return {"on": on, "source": "test", "units": rows}


@st.composite
def maps(draw):
    """Six to eight units, each bydel somewhere, some delbydeler elsewhere."""
    count = draw(st.integers(1, 8))
    units = {f"Unit {number}": ([], []) for number in range(count)}
    where = st.sampled_from(sorted(units))
    for bydel in CITY:
        units[draw(where)][0].append(bydel)
    for code in draw(st.lists(st.sampled_from(CODES), max_size=12, unique=True)):
        units[draw(where)][1].append(code)
    return plan(reform=reform(units)).reform


@settings(max_examples=25)
@given(plans(), maps())
def test_families_that_came_are_active_completed_or_have_left_in_each_unit_and_month(
    some, drawn_map
):
    setting = setting_of(some)
    draws = drawn(setting, some.assumptions, 3, 1)
    found = flow(setting, draws, nurses(setting, draws).there)
    parts = shares(divisions(drawn_map, setting.areas))

    def by_unit(values):
        return np.tensordot(parts, values, 1)

    came = so_far(by_unit(found.admitted + found.moved_in))
    gone = so_far(by_unit(found.completed + found.moved_away + found.left))
    np.testing.assert_allclose(came, by_unit(found.active) + gone, atol=1e-8)
    said_yes = so_far(by_unit(found.admitted + found.gave_up)) + by_unit(found.waiting)
    np.testing.assert_allclose(so_far(by_unit(found.accepted)), said_yes, atol=1e-8)
    for values in (found.active, found.visits, found.waiting):
        np.testing.assert_allclose(by_unit(values).sum(axis=0), values.sum(axis=0), atol=1e-8)


@settings(max_examples=15)
@given(maps())
def test_money_on_another_map_adds_up_to_the_ore(drawn_map):
    some = plan()
    setting, draws, one = run_expected(some)
    lines = spending.monthly(setting, draws, one.nurses, one.flow, 2024)
    costs = list(spending.costs(setting, lines))
    new = list(redrawn(replace(some, reform=drawn_map), costs, divisions(drawn_map, setting.areas)))
    assert sums(costs) == sums(new)
    assert {cost.bydel for cost in new if cost.year < 2026} <= set(CITY)
    assert {cost.bydel for cost in new if cost.year >= 2026} == {u.name for u in drawn_map.units}


def sums(costs):
    found = Counter()
    for cost in costs:
        found[cost.year, cost.line] += cost.ore
    return found


def test_a_bydel_is_divided_by_the_children_of_its_delbydeler_where_they_are_known():
    units = plan(reform=reform(ALTERNATIVE_A)).reform
    alna = divisions(units, ["12"])[0]
    assert dict(zip(ALTERNATIVE_A, alna.weights, strict=True)) == {
        "North": 0, "West": 0, "Centre": 0, "East": 89, "Rest": 683 - 89,
    }  # fmt: skip
    assert "Alna" in alna.source
    assert not alna.is_estimate


def test_a_bydel_of_which_nothing_is_known_is_divided_evenly_and_that_is_an_estimate():
    units = plan(reform=reform(ALTERNATIVE_A)).reform
    ullern = divisions(units, ["06"])[0]
    assert ullern.is_estimate
    assert "evenly" in ullern.source
    assert ullern.weights[1] == 1


def test_a_plan_tells_the_map_in_force_and_the_other_one_beside_it():
    before, after = told(plan(), 50, 1), told(plan(reform=reform(ALTERNATIVE_A)), 50, 1)
    assert [one["bydel"] for one in after["bydeler"]] == ["East", "Rest"]
    assert after["other_map"] == before["bydeler"]
    assert before["other_map"] == []
    assert after["city"] == before["city"]
    for name in ("active", "admitted", "waiting", "visits", "arsverk_there"):
        there = np.sum([one[name] for one in after["bydeler"]], axis=0)
        np.testing.assert_allclose(
            there, np.sum([one[name] for one in before["bydeler"]], axis=0), atol=0.05
        )


def test_a_unit_starts_when_its_first_bydel_does():
    merged = {"All": (CITY, [])}
    (one,) = told(plan(reform=reform(merged)), 10, 1)["bydeler"]
    assert (one["start"], one["first_possible_start"]) == ("2024-07", "2024-07")


def test_a_map_that_comes_into_force_after_the_plan_is_told_beside_it():
    found = told(plan(reform=reform({"All": (CITY, [])}, "2040-01-01")), 10, 1)
    assert [one["bydel"] for one in found["bydeler"]] == ["11", "09"]
    assert [one["bydel"] for one in found["other_map"]] == ["All"]


def test_what_a_bydel_is_divided_by_is_told_with_its_source():
    found = told(plan(reform=reform(ALTERNATIVE_A)), 10, 1)["reform"]
    assert found["on"] == "2026-01-01"
    alna = next(one for one in found["divided"] if one["bydel"] == "12")
    assert alna["shares"] == pytest.approx({"East": 89 / 683, "Rest": 594 / 683}, abs=1e-4)
    assert {"source", "is_estimate"} <= alna.keys()
