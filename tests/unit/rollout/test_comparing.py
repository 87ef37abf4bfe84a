"""What differs between two plans is told by its place."""

from __future__ import annotations

from nyefamilier.rollout.comparing import Change, changes
from tests.unit.rollout.plans import assuming, document, plan


def test_a_plan_does_not_differ_from_itself():
    assert changes(plan(), plan()) == ()


def test_the_order_of_rows_makes_no_difference():
    assert changes(plan(), plan(waves=document()["waves"][::-1])) == ()


def test_what_differs_is_told_with_both_sides():
    rows = document()["waves"]
    other = plan(
        waves=[{**rows[0], "start": "2024-09"}, rows[1]],
        assumptions=assuming(uptake=0.5),
        policy={**document()["policy"], "eligible": ["forste_barn"]},
    )
    found = {one.pointer: (one.before, one.after) for one in changes(plan(), other)}
    assert found["/waves/11 nye_familier/start"] == ("2024-07", "2024-09")
    assert found["/policy/eligible"] == ("forste_barn, forste_barn_i_norge", "forste_barn")
    assert found["/assumptions/uptake/value"] == (0.83, 0.5)
    assert found["/assumptions/uptake/distribution/shape"] == ("triangular", "fixed")


def test_a_row_that_one_side_lacks_is_told_whole():
    found = changes(plan(), plan(budget=[*document()["budget"], extra()]))
    assert Change("/budget/Nye familier 2025/nok", None, 12_000_000) in found
    assert all(one.pointer.startswith("/budget/Nye familier 2025/") for one in found)


def extra():
    return {**document()["budget"][0], "year": 2025, "nok": 12_000_000}
