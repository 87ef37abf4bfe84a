"""The search is never worse than trying everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from nyefamilier.rollout.searching import (
    Option,
    Question,
    Rule,
    binding,
    limits,
    one_more,
    search,
)

INSTANCES = 240


def instance(seed):
    """Two to four bydeler with two to four starts each, in two or three years."""
    chance = Random(seed)  # noqa: S311 - an instance, no secret
    years = chance.randint(2, 3)
    options = []
    for bydel in range(chance.randint(2, 4)):
        cost, posts, most = chance.randint(1, 9), chance.randint(50, 400), chance.randint(50, 500)
        for start in range(chance.randint(2, 4)):
            from_year = min(start, years - 1)
            reach = max(1, most - start * chance.randint(5, 60))
            options.append(
                Option(
                    bydel=str(bydel),
                    start=str(start),
                    reach=reach,
                    permille=1000 * reach // most,
                    spending=tuple(cost if year >= from_year else 0 for year in range(years)),
                    hiring=tuple(posts if year == from_year else 0 for year in range(years)),
                )
            )
    return Question(
        options=tuple(options),
        budgets=tuple(sorted(chance.randint(2, 25) for _ in range(years))),
        hirings=tuple(chance.randint(100, 900) for _ in range(years)),
        rule=chance.choice(list(Rule)),
    )


def all_choices(question):
    """Every choice that keeps the limits."""
    bydeler = sorted({one.bydel for one in question.options})
    ways = [[None, *(one for one in question.options if one.bydel == b)] for b in bydeler]
    for way in product(*ways):
        chosen = [one for one in way if one is not None]
        if keeps(question, chosen):
            yield chosen


def keeps(question, chosen):
    return all(
        sum(getattr(one, part)[year] for one in chosen) <= has
        for part, limit in (("spending", question.budgets), ("hiring", question.hirings))
        for year, has in enumerate(limit)
    )


def worth(question, chosen):
    reach = sum(one.reach for one in chosen)
    if question.rule is Rule.MOST_SOONEST:
        return (reach,)
    reached = dict.fromkeys((one.bydel for one in question.options), 0)
    reached.update({one.bydel: one.permille for one in chosen})
    return min(reached.values()), reach


@pytest.mark.parametrize("tens", range(INSTANCES // 10))
def test_the_search_is_as_good_as_trying_everything(tens):
    for seed in range(tens * 10, tens * 10 + 10):
        question = instance(seed)
        answer = search(question)
        best = max(worth(question, chosen) for chosen in all_choices(question))
        assert answer.is_proven
        assert keeps(question, answer.chosen)
        assert len({one.bydel for one in answer.chosen}) == len(answer.chosen)
        assert worth(question, answer.chosen) == best
        assert answer.reach == sum(one.reach for one in answer.chosen)


def test_the_instances_are_of_both_rules_and_have_limits_that_bind():
    questions = [instance(seed) for seed in range(INSTANCES)]
    assert {question.rule for question in questions} == set(Rule)
    bound = [min(limits(q, search(q))["hirings"]) < 100 for q in questions[:40]]
    assert 0 < sum(bound) < len(bound)


def two(**limit):
    options = tuple(
        Option(bydel, "2024-01", reach, 1000, (5,), (200,))
        for bydel, reach in (("a", 10), ("b", 7))
    )
    return Question(options, **{"budgets": (10,), "hirings": (400,), **limit})


def test_a_limit_that_binds_is_told_by_what_is_left():
    answer = search(two(hirings=(300,)))
    assert [one.bydel for one in answer.chosen] == ["a"]
    assert limits(two(hirings=(300,)), answer) == {"budgets": (5,), "hirings": (100,)}


def best_by_hand(question):
    return max(worth(question, chosen) for chosen in all_choices(question))


@pytest.mark.parametrize("tens", range(6))
def test_a_limit_stands_in_the_way_when_trying_everything_without_it_finds_better(tens):
    for seed in range(tens * 10, tens * 10 + 10):
        question = instance(seed)
        answer, best = search(question), best_by_hand(question)
        found = binding(question, answer)
        for name, limit in (("budgets", question.budgets), ("hirings", question.hirings)):
            for year in range(len(limit)):
                free = (*limit[:year], 10**6, *limit[year + 1 :])
                better = best_by_hand(replace(question, **{name: free})) > best
                assert found[name][year] == better


@pytest.mark.parametrize("tens", range(6))
def test_one_more_arsverk_buys_what_trying_everything_with_it_gives(tens):
    for seed in range(tens * 10, tens * 10 + 10):
        question = instance(seed)
        for year in range(len(question.hirings)):
            more = list(question.hirings)
            more[year] += 100
            by_hand = best_by_hand(replace(question, hirings=tuple(more)))
            assert worth(question, one_more(question, year).chosen) == by_hand
            assert by_hand >= best_by_hand(question)


def test_what_is_fairest_comes_before_what_reaches_most():
    options = (
        Option("a", "2024-01", 900, 1000, (5,), (200,)),
        Option("a", "2024-07", 500, 555, (5,), (100,)),
        Option("b", "2024-01", 200, 1000, (5,), (200,)),
    )
    limits_of = {"options": options, "budgets": (10,), "hirings": (300,)}
    fair = search(Question(**limits_of, rule=Rule.MOST_EVEN))
    most = search(Question(**limits_of, rule=Rule.MOST_SOONEST))
    assert (fair.least_permille, fair.reach) == (555, 700)
    assert (most.least_permille, most.reach) == (0, 900)
    fairer = one_more(Question(**limits_of, rule=Rule.MOST_EVEN), 0)
    assert (fairer.least_permille, fairer.reach) == (1000, 1100)


def test_what_one_more_arsverk_buys_is_the_difference():
    question = two(hirings=(300,))
    assert one_more(question, 0).reach - search(question).reach == 7


def test_where_nothing_can_start_nothing_is_chosen():
    answer = search(two(budgets=(4,)))
    assert (answer.chosen, answer.reach, answer.least_permille) == ((), 0, 0)
    assert answer.is_proven
