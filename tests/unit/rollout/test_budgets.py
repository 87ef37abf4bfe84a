"""Money adds up to the øre."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.rollout import spending
from nyefamilier.rollout.budgets import ORE, balances, divided, levels
from nyefamilier.rollout.plan import BudgetKind, BudgetLine
from nyefamilier.rollout.simulating import run_expected
from tests.unit.rollout.plans import plan
from tests.unit.rollout.test_flow import plans

MILLION = 1_000_000


def line(year, millions, kind, over=None, price_level=None):
    level = price_level or year
    return BudgetLine("Nye familier", year, millions * MILLION, kind, level, "test", over)


def millions(lines, years, growth=0.0):
    return [ore / ORE / MILLION for ore in levels(lines, years, growth).values()]


def test_increases_of_2017_to_2021_come_on_top_of_the_level_before():
    lines = [
        line(2017 + at, amount, BudgetKind.INCREASE) for at, amount in enumerate((8, 4, 12, 16, 16))
    ]
    assert millions(lines, range(2017, 2022)) == [8, 12, 24, 40, 56]


def test_the_same_amounts_may_be_read_as_above_the_level_of_2017():
    lines = [
        line(2017, 8, BudgetKind.LEVEL),
        *(
            line(2018 + at, amount, BudgetKind.ABOVE, over=2017)
            for at, amount in enumerate((4, 12, 16, 16))
        ),
    ]
    assert millions(lines, range(2017, 2022)) == [8, 12, 20, 24, 24]


def test_a_line_stays_and_grows_with_prices():
    assert millions([line(2020, 10, BudgetKind.LEVEL)], range(2020, 2023), 0.1) == pytest.approx(
        [10, 11, 12.1]
    )


def test_an_amount_at_older_prices_is_brought_to_its_year():
    assert millions(
        [line(2022, 10, BudgetKind.LEVEL, price_level=2020)], range(2022, 2023), 0.1
    ) == (pytest.approx([12.1]))


def test_lines_of_two_names_are_added():
    other = BudgetLine("Annet", 2018, 5 * MILLION, BudgetKind.LEVEL, 2018, "test")
    assert millions([line(2017, 8, BudgetKind.LEVEL), other], range(2017, 2019)) == [8, 13]


@settings(max_examples=20)
@given(plans())
def test_money_by_line_and_bydel_adds_up_to_the_ore(some):
    setting, draws, done = run_expected(some)
    lines = spending.monthly(setting, draws, done.nurses, done.flow, 2024)
    costs = list(spending.costs(setting, lines))
    budget = levels(some.budget, range(setting.first.year, some.years.stop), 0.02)
    money = balances(budget, costs)
    assert all(isinstance(cost.ore, int) for cost in costs)
    assert sum(one.cost_ore for one in money) == sum(cost.ore for cost in costs)
    for one in money:
        assert one.missing_ore == max(0, one.cost_ore - one.budget_ore)
    kroner = sum(float(amount.sum()) for amount in lines.values())
    assert abs(sum(cost.ore for cost in costs) - kroner * ORE) <= len(costs) / 2 + 1


def test_an_area_that_another_bydel_serves_costs_nothing_to_start():
    setting, draws, done = run_expected(plan())
    lines = spending.monthly(setting, draws, done.nurses, done.flow, 2024)
    starting = {
        (cost.year, cost.bydel)
        for cost in spending.costs(setting, lines)
        if cost.line == "starting" and cost.ore
    }
    assert starting == {(2024, "11"), (2025, "09")}


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=17).filter(any))
def test_what_is_divided_is_whole_again(ore, weights):
    parts = divided(ore, weights)
    assert sum(parts) == ore
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - ore * weight / sum(weights)) <= 1 + ore * 1e-12


@pytest.mark.parametrize("weights", [[0, 0], [3, -1], []])
def test_nothing_is_divided_by_no_weight(weights):
    with pytest.raises(ValueError, match="weights"):
        divided(100, weights)
