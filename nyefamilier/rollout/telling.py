"""A simulated plan as plain values that JSON takes: bands, what was assumed, and warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from nyefamilier.rollout import spending
from nyefamilier.rollout.budgets import ORE, Balance, balances, levels
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.plan import Plan, Programme, Wave
from nyefamilier.rollout.setting import Setting
from nyefamilier.rollout.simulating import (
    MONTHLY,
    QUANTILES,
    YEARLY,
    Run,
    Simulated,
    bands,
    run_expected,
    simulate,
)
from nyefamilier.rollout.tornado import tornado

_NAMES = tuple(f"p{round(at * 100):02}" for at in QUANTILES)
_A_FAMILY = 0.5
"""Half a family that waits is none."""


def told(plan: Plan, count: int, seed: int) -> dict[str, Any]:
    """All that a simulation says of a plan."""
    found = simulate(plan, count, seed)
    setting, draws, one = run_expected(plan)
    lines = spending.monthly(setting, draws, one.nurses, one.flow, plan.policy.price_level)
    growth = plan.assumptions["price_growth"].value
    budget = levels(plan.budget, plan.years, growth)
    costs = [cost for cost in spending.costs(setting, lines) if cost.year in plan.years]
    money = balances(budget, costs)
    return {
        "plan": plan.name,
        "draws": count,
        "seed": seed,
        "first_month": str(setting.first),
        "months": setting.months,
        "bydeler": [_bydel(plan, setting, one, found, wave) for wave in _ours(plan)],
        "city": {name: _banded(found.monthly[name]) for name in MONTHLY},
        "years": [_year(found, row, balance) for row, balance in enumerate(money)],
        "costs_ore": [asdict(cost) for cost in costs if cost.ore],
        "cost_per_family_nok": _banded(_ratio(found, "admitted")),
        "cost_per_visit_nok": _banded(_ratio(found, "visits")),
        "warnings": list(_warnings(plan, setting, one, money)),
        "tornado": asdict(tornado(plan)),
        "assumptions": {name: asdict(plan.assumptions[name]) for name in sorted(plan.assumptions)},
    }


def first_possible(plan: Plan, wave: Wave) -> str | None:
    """The first month in which a bydel's nurses are there and prepared; None without nurses."""
    posts = [row.decided for row in plan.hirings if row.bydel == wave.bydel]
    months = plan.policy.hiring_lead_months + wave.preparation_months
    return str(min(posts) + months) if posts else None


def breaks(setting: Setting, done: Run, bydel: str) -> str | None:
    """The first month in which a family of a bydel waits for a nurse; None when none ever does."""
    served = [at for at, row in enumerate(setting.server) if setting.areas[row] == bydel]
    waiting = done.flow.waiting[served, :, 0].sum(axis=0)
    months = np.flatnonzero(waiting > _A_FAMILY)
    return str(setting.first + int(months[0])) if len(months) else None


def _ours(plan: Plan) -> tuple[Wave, ...]:
    return plan.waves_of(Programme.NYE_FAMILIER)


def _bydel(plan: Plan, setting: Setting, one: Run, found: Simulated, wave: Wave) -> dict[str, Any]:
    served = [at for at, row in enumerate(setting.server) if setting.areas[row] == wave.bydel]
    stocks = {
        name: np.round(getattr(one.flow, name)[served, :, 0].sum(axis=0), 2).tolist()
        for name in ("active", "admitted", "waiting", "visits")
    }
    return {
        "bydel": wave.bydel,
        "start": str(wave.start),
        "first_possible_start": first_possible(plan, wave),
        "families_wait_from": breaks(setting, one, wave.bydel),
        "arsverk_needed": _banded(found.needed[served].sum(axis=0)),
        "arsverk_there": np.round(one.nurses.there[served, :, 0].sum(axis=0), 2).tolist(),
        **stocks,
    }


def _year(found: Simulated, row: int, balance: Balance) -> dict[str, Any]:
    return {
        "year": balance.year,
        **{name: _banded(found.yearly[name][row]) for name in YEARLY},
        "expected_cost_ore": balance.cost_ore,
        "budget_ore": balance.budget_ore,
        "missing_ore": balance.missing_ore,
    }


def _banded(values: Any) -> dict[str, Any]:  # noqa: ANN401 - an array of any precision
    return {
        name: np.round(band, 2).tolist() for name, band in zip(_NAMES, bands(values), strict=True)
    }


def _ratio(found: Simulated, name: str) -> Array:
    """The whole plan's cost for each of what is counted, by draw."""
    count = found.yearly[name].sum(axis=0)
    ratio: Array = found.yearly["cost_nok"].sum(axis=0) / np.maximum(count, 1.0)
    return ratio


def _warnings(
    plan: Plan, setting: Setting, one: Run, money: tuple[Balance, ...]
) -> Iterator[dict[str, str]]:
    for balance in money:
        if balance.missing_ore:
            nok = f"{balance.missing_ore / ORE:,.0f}"
            why = f"The budget lines of {balance.year} lack {nok} NOK of the expected cost."
            yield {"code": "under-funded", "where": str(balance.year), "why": why}
    for wave in _ours(plan):
        if month := breaks(setting, one, wave.bydel):
            why = f"Families of bydel {wave.bydel} wait for a nurse from {month} on."
            yield {"code": "families-wait", "where": wave.bydel, "why": why}
