"""The starts that a plan's bydeler could have: what each would reach, spend and hire.

A bydel is computed by itself, with enough nurses, as if no other had the programme: who moves to
another bydel is not counted there. Its posts are those that the plan gives it, whenever it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nyefamilier.rollout import spending
from nyefamilier.rollout.budgets import ORE, levels
from nyefamilier.rollout.draws import expected
from nyefamilier.rollout.flow import flow
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.nurses import nurses
from nyefamilier.rollout.plan import Hiring, Plan, Programme, Wave
from nyefamilier.rollout.searching import Option, Question, Rule
from nyefamilier.rollout.setting import setting_of

EVERY = 3
"""Months between the starts that a bydel could have."""
_HUNDREDTHS = 100
_THOUSANDS = 1000


def question(plan: Plan, arsverk_a_year: float, rule: Rule) -> Question:
    """When should the bydeler of a plan start, with its budget and so many hires a year?"""
    growth = plan.assumptions["price_growth"].value
    budget = levels(plan.budget, plan.years, growth)
    return Question(
        options=tuple(option for wave in _candidates(plan) for option in _options(plan, wave)),
        budgets=tuple(budget[year] // ORE // _THOUSANDS for year in plan.years),
        hirings=(round(arsverk_a_year * _HUNDREDTHS),) * len(plan.years),
        rule=rule,
    )


def _candidates(plan: Plan) -> tuple[Wave, ...]:
    return plan.waves_of(Programme.NYE_FAMILIER)


def _options(plan: Plan, wave: Wave) -> Iterator[Option]:
    found = [_option(plan, wave, start) for start in _starts(plan, wave)]
    most = max((option.reach for option in found), default=0)
    for option in found:
        yield replace(option, permille=option.reach * 1000 // max(most, 1))


def _starts(plan: Plan, wave: Wave) -> Iterator[Month]:
    """From when its nurses can be there, if their posts are decided when the plan begins."""
    first = plan.first_month + (plan.policy.hiring_lead_months + wave.preparation_months)
    for later in range(0, plan.ends - first, EVERY):
        yield first + later


def _option(plan: Plan, wave: Wave, start: Month) -> Option:
    decided = start + -(plan.policy.hiring_lead_months + wave.preparation_months)
    own = [row for row in plan.hirings if row.bydel == wave.bydel and row.until is None]
    posts = sum(row.arsverk for row in own)
    alone = _alone(plan, replace(wave, start=start), decided, posts)
    setting = setting_of(alone)
    draws = expected(setting, plan.assumptions)
    done = flow(setting, draws, None)
    lines = spending.monthly(setting, draws, nurses(setting, draws), done, plan.policy.price_level)
    spent = dict.fromkeys(plan.years, 0)
    for cost in spending.costs(setting, lines):
        spent[cost.year] += cost.ore
    hired = round(posts * _HUNDREDTHS)
    return Option(
        bydel=wave.bydel,
        start=str(start),
        reach=round(float(done.active.sum())),
        permille=0,
        spending=tuple(-(-spent[year] // (ORE * _THOUSANDS)) for year in plan.years),
        hiring=tuple(hired if year == decided.year else 0 for year in plan.years),
    )


def _alone(plan: Plan, wave: Wave, decided: Month, arsverk: float) -> Plan:
    """The plan with one bydel in it."""
    posts = Hiring(wave.bydel, decided, arsverk, 100, "the plan's own posts")
    return replace(plan, waves=(wave,), hirings=(posts,), observed=())
