"""A plan document is right, or all that is wrong with it is said at once."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.rollout.assumptions import KNOWN, Shape
from nyefamilier.rollout.cells import Cells
from nyefamilier.rollout.flaws import PlanFlawed
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.plan import Basis, Programme
from nyefamilier.rollout.reading import packaged_assumptions, read_json, read_plan, read_toml
from tests.unit.rollout.plans import assuming, document, plan

TOML = """
schema = 1
name = "One bydel"
first_month = "2024-01"
months = 24
[policy]
eligible = ["forste_barn"]
hiring_lead_months = 4
longest_wait_months = 3
price_level = 2024
[births]
source = "test"
estimate = true
[births.city]
2024 = 9000
2025 = 9000
[[waves]]
bydel = "11"
programme = "nye_familier"
start = "2024-07"
preparation_months = 2
ramp_months = 6
source = "test"
[[staffing]]
bydel = "11"
decided = "2024-01"
arsverk = 2.5
position_percentage = 80
source = "test"
[[budget]]
line = "Nye familier"
year = 2024
nok = 2000000
kind = "level"
price_level = 2024
source = "test"
[assumptions.uptake]
value = 0.8
unit = "share"
distribution = { kind = "triangular", low = 0.7, high = 0.9 }
source = "test"
estimate = true
"""


def flaws(**parts):
    with pytest.raises(PlanFlawed) as refused:
        read_plan(document(**parts))
    return {(flaw.pointer, flaw.code) for flaw in refused.value.flaws}


def changed(part, number, **words):
    rows = document()[part]
    rows[number] = {**rows[number], **words}
    return {part: rows}


def test_toml_is_read_with_all_its_words():
    found = read_toml(TOML)
    wave = found.waves[0]
    assert (wave.bydel, wave.programme, wave.start) == (
        "11",
        Programme.NYE_FAMILIER,
        Month(2024, 7),
    )
    assert found.policy.eligible == {Basis.FIRST_CHILD}
    assert found.assumptions["uptake"].distribution.shape is Shape.TRIANGULAR
    assert (found.hirings[0].arsverk, found.budget[0].nok) == (2.5, 2_000_000)


def test_json_says_the_same_as_toml():
    assert read_json(json.dumps(tomllib.loads(TOML)).encode()) == read_toml(TOML)


def test_what_a_plan_does_not_assume_is_assumed_for_it():
    found = plan(assumptions=assuming(uptake=0.5)).assumptions
    assert found.keys() == KNOWN.keys()
    assert found["uptake"].value == 0.5
    assert found["turnover"] == packaged_assumptions()["turnover"]


def test_the_package_assumes_something_of_everything_that_can_be_assumed():
    assert packaged_assumptions().keys() == KNOWN.keys()


def test_a_bydel_without_weight_of_its_own_has_that_of_the_estimates():
    found = plan().births
    assert found.weights["11"] == 360
    assert found.first_shares["11"] == 150 / 360
    assert len(found.weights) == 17


def test_a_bydel_that_starts_twice_is_named():
    rows = document()["waves"]
    found = flaws(waves=[*rows, rows[0]])
    assert found == {("/waves/2", "started-twice")}


def test_a_bydel_may_have_both_programmes():
    rows = document()["waves"]
    plan(waves=[*rows, {**rows[0], "programme": "nfp"}])


def test_a_bydel_that_starts_before_its_nurses_is_named():
    assert flaws(**changed("waves", 0, start="2024-06")) == {
        ("/waves/0/start", "before-its-nurses")
    }


def test_a_bydel_may_start_in_the_month_in_which_its_nurses_are_prepared():
    plan(**changed("waves", 0, start="2024-07", preparation_months=2))


def test_a_bydel_without_nurses_is_named():
    assert flaws(staffing=document()["staffing"][:1]) == {("/waves/1/start", "before-its-nurses")}


def test_negative_staffing_is_named_and_nothing_beside_it():
    assert flaws(**changed("staffing", 1, arsverk=-2)) == {("/staffing/1/arsverk", "out-of-range")}


@pytest.mark.parametrize("value", [1.01, 83, 2])
def test_a_share_over_one_is_named(value):
    found = flaws(assumptions=assuming(uptake=value))
    assert found == {("/assumptions/uptake/value", "share-over-one")}


def test_a_distribution_that_reaches_over_one_is_named():
    row = assuming(uptake=0.9)["uptake"]
    shape = {"kind": "triangular", "low": 0.8, "high": 1.2}
    assert flaws(assumptions={"uptake": {**row, "distribution": shape}}) == {
        ("/assumptions/uptake/distribution/high", "share-over-one")
    }


def test_a_share_has_ends():
    row = assuming(uptake=0.9)["uptake"]
    shape = {"kind": "normal", "spread": 0.1}
    assert flaws(assumptions={"uptake": {**row, "distribution": shape}}) == {
        ("/assumptions/uptake/distribution/kind", "share-without-ends")
    }


def test_minutes_that_could_be_negative_are_named():
    row = assuming(minutes_visit=60)["minutes_visit"]
    shape = {"kind": "normal", "spread": 20}
    assert flaws(assumptions={"minutes_visit": {**row, "distribution": shape}}) == {
        ("/assumptions/minutes_visit/distribution/spread", "spread-too-wide")
    }


def test_a_value_outside_its_distribution_is_named():
    row = assuming(uptake=0.5)["uptake"]
    shape = {"kind": "uniform", "low": 0.6, "high": 0.9}
    assert flaws(assumptions={"uptake": {**row, "distribution": shape}}) == {
        ("/assumptions/uptake/distribution/low", "value-outside")
    }


def test_an_assumption_in_another_unit_is_named():
    row = assuming(uptake=0.5)["uptake"]
    assert flaws(assumptions={"uptake": {**row, "unit": "minutes"}}) == {
        ("/assumptions/uptake/unit", "wrong-unit")
    }


def test_an_assumption_that_nobody_knows_is_named():
    assert flaws(assumptions={"luck": {"value": 1}}) == {("/assumptions/luck", "unknown-word")}


def test_a_year_without_births_is_named():
    births = document()["births"]
    del births["city"]["2026"]
    assert flaws(births=births) == {("/births/city", "missing-year")}


def test_the_births_of_a_bydel_that_started_before_the_plan_are_asked_for():
    early = changed("staffing", 0, decided="2022-12")
    assert flaws(**early, **changed("waves", 0, start="2023-07")) == {
        ("/births/city", "missing-year")
    }


def test_nurses_that_no_budget_line_covers_are_named():
    budget = [{**document()["budget"][0], "year": 2025}]
    assert flaws(budget=budget) == {("/budget", "no-budget-line")}
    assert flaws(budget=[]) == {("/budget", "no-budget-line")}


def test_money_above_a_year_that_has_no_line_is_named():
    row = {**document()["budget"][0], "year": 2025, "kind": "above", "over": 2023}
    assert flaws(budget=[document()["budget"][0], row]) == {("/budget/1/over", "no-such-level")}


@pytest.mark.parametrize(("bydel", "mend"), [("16", "bydel 04"), ("42", "as 11")])
def test_an_area_without_administration_and_an_unknown_one_are_named(bydel, mend):
    with pytest.raises(PlanFlawed) as refused:
        read_plan(document(**changed("waves", 0, bydel=bydel)))
    flaw = next(one for one in refused.value.flaws if one.code == "unknown-bydel")
    assert flaw.pointer == "/waves/0/bydel"
    assert mend in flaw.mend


CITY = [f"{number:02}" for number in range(1, 18)]


def reform(*units):
    rows = [
        {"name": f"Unit {n}", "bydeler": bydeler, "delbydeler": delbydeler}
        for n, (bydeler, delbydeler) in enumerate(units)
    ]
    return {"on": "2028-01-01", "source": "test", "units": rows}


def test_another_map_is_read():
    found = plan(reform=reform((CITY[:9], ["0301121207"]), (CITY[9:], []))).reform
    assert found.units[0].delbydeler == ("0301121207",)


def test_an_unknown_delbydel_in_another_map_is_named():
    found = flaws(reform=reform((CITY[:9], ["0301999999"]), (CITY[9:], [])))
    assert found == {("/reform/units/0/delbydeler/0", "unknown-delbydel")}


def test_a_retired_delbydel_in_another_map_is_named():
    found = flaws(reform=reform((CITY[:9], ["0301020207"]), (CITY[9:], [])))
    assert found == {("/reform/units/0/delbydeler/0", "unknown-delbydel")}


def test_a_delbydel_and_a_bydel_that_are_placed_twice_are_named():
    found = flaws(reform=reform((CITY[:9], ["0301121207"]), (CITY[8:], ["0301121207"])))
    assert found == {
        ("/reform/units/1/bydeler/0", "placed-twice"),
        ("/reform/units/1/delbydeler/0", "placed-twice"),
    }


def test_a_map_that_leaves_a_delbydel_out_is_named():
    assert flaws(reform=reform((CITY[:-1], []))) == {("/reform/units", "left-out")}


def test_two_units_of_one_name_are_named():
    rows = reform((CITY[:9], []), (CITY[9:], []))
    rows["units"][1]["name"] = "Unit 0"
    assert flaws(reform=rows) == {("/reform/units/1/name", "named-twice")}


def test_everything_is_named_at_once_with_its_place_and_how_to_mend_it():
    rows = document()["waves"]
    waves = [{**rows[0], "start": "2024-13"}, rows[1], rows[1]]
    staffing = changed("staffing", 0, arsverk=-1)["staffing"]
    with pytest.raises(PlanFlawed) as refused:
        read_plan(
            document(
                waves=waves,
                staffing=staffing,
                budget=[],
                assumptions=assuming(uptake=2, leave_share=0.95),
                months="many",
            )
        )
    assert [flaw.pointer for flaw in refused.value.flaws] == [
        "/assumptions/leave_share/value",
        "/assumptions/uptake/value",
        "/months",
        "/staffing/0/arsverk",
        "/waves/0/start",
    ]
    assert all(flaw.why and flaw.mend for flaw in refused.value.flaws)


def test_flaws_of_a_row_do_not_hide_those_between_other_rows():
    rows = document()["waves"]
    found = flaws(waves=[{**rows[0], "ramp_months": -1}, rows[1], rows[1]], budget=[])
    assert found == {
        ("/waves/0/ramp_months", "out-of-range"),
        ("/waves/2", "started-twice"),
        ("/budget", "no-budget-line"),
    }


@pytest.mark.parametrize(
    ("text", "code"), [("schema = ", "not-toml"), ("schema = 1\nschema = 1", "not-toml")]
)
def test_what_is_not_toml_is_refused(text, code):
    with pytest.raises(PlanFlawed) as refused:
        read_toml(text)
    assert [flaw.code for flaw in refused.value.flaws] == [code]


@pytest.mark.parametrize("body", [b"[1]", b'{"a": 1, "a": 2}', b"\xff", b'{"a": NaN}'])
def test_what_is_not_strict_json_is_refused(body):
    with pytest.raises(PlanFlawed) as refused:
        read_json(body)
    assert [flaw.code for flaw in refused.value.flaws] == ["not-json"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
PLACES = [
    *((part,) for part in document()),
    *(("policy", word) for word in document()["policy"]),
    *(("waves", 0, word) for word in document()["waves"][0]),
    *(("staffing", 0, word) for word in document()["staffing"][0]),
    *(("budget", 0, word) for word in document()["budget"][0]),
    *(("births", word) for word in document()["births"]),
]


@given(place=st.sampled_from(PLACES), value=ANYTHING)
def test_whatever_stands_at_a_place_is_taken_or_named(place, value):
    values = document()
    at = values
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with suppress(PlanFlawed):
        read_plan(values)


def test_a_flaw_in_a_nested_list_is_told_by_its_number():
    cells = Cells("", {"waves": [{}, 3]})
    assert [row.pointer for row in cells.rows("waves")] == ["/waves/0"]
    assert [flaw.pointer for flaw in cells.flaws] == ["/waves/1"]


def test_a_start_that_cannot_be_read_is_told_and_no_year_is_missed_for_its_sake():
    some = document()
    some["waves"][0]["start"] = "soon"
    with pytest.raises(PlanFlawed) as flawed:
        read_plan(some)
    assert [(one.pointer, one.code) for one in flawed.value.flaws] == [
        ("/waves/0/start", "wrong-kind")
    ]
