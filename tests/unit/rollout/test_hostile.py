"""A document that was written to break the reader is refused like any other."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from datetime import UTC, date, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.rollout.flaws import MOST_FLAWS, PlanFlawed
from nyefamilier.rollout.reading import (
    LONGEST_DOCUMENT,
    packaged_assumptions,
    read_json,
    read_plan,
    read_toml,
)
from nyefamilier.rollout.telling import told
from tests.unit.rollout.plans import assuming, document

HUGE = "1" + "0" * 400
ASSUMED = 'unit = "share"\nsource = "test"\nestimate = true'


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 50_000,
        ".".join("a" * 40_000) + " = 1",
        "schema = " + "1" * 5_000,
        f"months = {HUGE}",
        "months = 1e400",
        f"[assumptions.uptake]\nvalue = {HUGE}\n{ASSUMED}",
        f"[assumptions.uptake]\nvalue = 0x{'f' * 9_000}\n{ASSUMED}",
        f"[[staffing]]\narsverk = {HUGE}",
        f"[births.city]\n{HUGE} = {HUGE}",
        f"[births.city]\n{'1' * 5_000} = 9000",
        "name = 1\nname = 2",
        "\x00",
        "[[waves]]\n" * 9_000,
        "[[waves]]\n" * 1_000_000,
        'reform = { units = [{ delbydeler = ["", "", ""] }] }',
    ],
)
def test_it_is_told_as_flaws(text):
    with pytest.raises(PlanFlawed) as refused:
        read_toml(text)
    assert_told(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": ' * 50_000,
        b'{"months": 1e999}',
        b'{"months": -0.0, "first_month": {"a": [[]]}}',
        json.dumps({"births": {"city": {"1" * 5_000: 1}}}).encode(),
        json.dumps({"waves": [{}] * 1_000_000}).encode(),
        json.dumps({str(number): number for number in range(9_000)}).encode(),
        b'{"name": "\xff"}',
    ],
)
def test_json_is_told_as_flaws(body):
    with pytest.raises(PlanFlawed) as refused:
        read_json(body)
    assert_told(refused.value)


def assert_told(refused):
    """Each with its place and how to mend it, not more than anybody reads, none of great length."""
    assert 0 < len(refused.flaws) <= MOST_FLAWS
    for flaw in refused.flaws:
        assert flaw.pointer == "" or flaw.pointer.startswith("/")
        assert flaw.code
        assert flaw.why
        assert flaw.mend
        assert len(str(flaw)) < 8_000


def test_a_document_that_is_too_long_is_not_even_parsed():
    with pytest.raises(PlanFlawed) as refused:
        read_toml("x" * (LONGEST_DOCUMENT + 1))
    assert [one.code for one in refused.value.flaws] == ["too-long"]


def test_a_text_holds_nothing_that_cannot_be_printed():
    with pytest.raises(PlanFlawed) as refused:
        read_toml('name = "A\\u0000B"')
    assert "/name" in [one.pointer for one in refused.value.flaws]


def test_a_word_that_would_move_the_cursor_is_told_as_text():
    with pytest.raises(PlanFlawed) as refused:
        read_toml('"\\u001b[2J" = 1\nbydel = "\\u001b[2J"')
    assert all(str(one).isprintable() for one in refused.value.flaws)


def test_a_map_of_a_day_before_any_boundary_that_is_known_is_named():
    units = [{"name": "All", "bydeler": [], "delbydeler": []}]
    with pytest.raises(PlanFlawed) as refused:
        read_plan(document(reform={"on": "1903-01-01", "source": "test", "units": units}))
    assert [one.pointer for one in refused.value.flaws] == ["/reform/on"]


def test_a_value_may_not_be_spread_so_far_that_nothing_is_known_of_it():
    row = assuming(births_factor=1)["births_factor"]
    row["distribution"] = {"kind": "lognormal", "spread": 1e6}
    with pytest.raises(PlanFlawed) as refused:
        read_plan(document(assumptions={"births_factor": row}))
    assert [one.pointer for one in refused.value.flaws] == [
        "/assumptions/births_factor/distribution/spread"
    ]


def whole():
    """A document in which everything stands that may stand in one."""
    rows = document()
    rows["staffing"][0]["until"] = "2026-01"
    rows["policy"]["families_per_arsverk"] = 60
    rows["births"]["weights"] = {"11": 400}
    rows["births"]["first_shares"] = {"11": 0.5}
    rows["budget"].append({**rows["budget"][0], "year": 2026, "kind": "above", "over": 2024})
    rows["observed"] = [{"bydel": "11", "offered": 100, "accepted": 80, "source": "test"}]
    city = [f"{number:02}" for number in range(1, 18)]
    units = [{"name": "West", "bydeler": city[:8], "delbydeler": ["0301121207"]},
             {"name": "East", "bydeler": city[8:], "delbydeler": []}]  # fmt: skip
    rows["reform"] = {"on": "2026-01-01", "source": "test", "units": units}
    for name, one in packaged_assumptions().items():
        rows.setdefault("assumptions", {})[name] = assuming(**{name: one.value})[name]
    shapes = rows["assumptions"]
    shapes["uptake"]["distribution"] = {"kind": "uniform", "low": 0.5, "high": 0.9}
    shapes["births_factor"]["distribution"] = {"kind": "lognormal", "spread": 0.1}
    shapes["cost_per_visit"]["distribution"] = {"kind": "normal", "spread": 10}
    return rows


def places(value, way=()):
    """The way to every value in a document."""
    yield way
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in pairs:
            yield from places(part, (*way, key))


EVERYWHERE = [way for way in places(whole()) if way]
HOSTILE = [
    None, True, False, 0, -1, 1, 2, 1e-300, -0.0, 1e300, -1e300, math.nan, math.inf, -math.inf,
    10**400, -(10**400), 2**63, "", " ", "\x00", "\x1b[2J", "\ud800", "0" * 2_001, "01", "99",
    "1900-01", "2199-12", "2028-13", "0001-01-01", "9999-12-31", date(1, 1, 1), date(9999, 12, 31),
    datetime(2028, 1, 1, tzinfo=UTC), time(1, 2), [], [[]], [{}], {}, {"": {}}, ["01"] * 3_000,
    [{}] * 3_000, {str(year): 1 for year in range(1890, 2300)},
]  # fmt: skip


def test_the_whole_document_is_a_plan():
    read_plan(whole())


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(EVERYWHERE), st.sampled_from(HOSTILE)), max_size=3))
def test_whatever_stands_anywhere_is_named_or_can_be_computed_with(changes):
    values = whole()
    for way, value in changes:
        put(values, way, deepcopy(value))
    try:
        plan = read_plan(values)
    except PlanFlawed as refused:
        assert_told(refused)
        return
    with np.errstate(all="raise", under="ignore"):
        json.dumps(told(plan, 16, 1), allow_nan=False)


def put(values, way, value):
    """Set a value, where the way to it is still there."""
    for step in way[:-1]:
        if not is_there(values, step):
            return
        values = values[step]
    if is_there(values, way[-1]):
        values[way[-1]] = value


def is_there(values, step):
    """Whether a table has such a word, or a list such a row."""
    if isinstance(values, list):
        return isinstance(step, int) and step < len(values)
    return isinstance(values, dict) and step in values
