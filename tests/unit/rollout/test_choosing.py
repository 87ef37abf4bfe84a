"""A plan's bydeler have options, and the best of them keep its money and its posts."""

from __future__ import annotations

from itertools import pairwise

from nyefamilier.rollout.choosing import question
from nyefamilier.rollout.searching import Rule, limits, search
from tests.unit.rollout.plans import plan


def test_a_later_start_reaches_fewer_and_starts_when_nurses_can_be_there():
    asked = question(plan(), 10, Rule.MOST_SOONEST)
    own = [option for option in asked.options if option.bydel == "11"]
    assert own[0].start == "2024-07"
    assert own[0].permille == 1000
    assert all(one.reach > other.reach for one, other in pairwise(own))
    assert [sum(option.hiring) for option in own] == [500] * len(own)


def test_with_posts_for_one_bydel_a_year_the_second_waits_a_year():
    answer = search(question(plan(), 5, Rule.MOST_EVEN))
    decided = {one.bydel: one.hiring.index(max(one.hiring)) for one in answer.chosen}
    assert sorted(decided.values()) == [0, 1]
    assert answer.is_proven


def test_the_budget_of_the_plan_is_kept():
    asked = question(plan(), 100, Rule.MOST_SOONEST)
    answer = search(asked)
    assert min(limits(asked, answer)["budgets"]) >= 0
    assert answer.reach > 0
