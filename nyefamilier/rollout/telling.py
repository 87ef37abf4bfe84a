"""A simulated plan as plain values that JSON takes: bands, what was assumed, and warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nyefamilier.rollout import maps, spending
from nyefamilier.rollout.budgets import ORE, Balance, balances, levels
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.plan import Plan, Programme, Wave
from nyefamilier.rollout.setting import Setting
from nyefamilier.rollout.simulating import (
    LOCAL,
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
_STOCKS = ("active", "admitted", "waiting", "visits", "postponed")
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
    parts = maps.divisions(plan.reform, setting.areas) if plan.reform is not None else ()
    places = _old_places(plan, setting), _new_places(plan, setting, parts)
    bydeler, other = places if _ends_on_today_s_map(plan) else places[::-1]
    return {
        "plan": plan.name,
        "draws": count,
        "seed": seed,
        "first_month": str(setting.first),
        "months": setting.months,
        "bydeler": [_bydel(plan, setting, one, found, place) for place in bydeler],
        "other_map": [_bydel(plan, setting, one, found, place) for place in other],
        "reform": _reform(plan, parts),
        "city": {name: _banded(found.monthly[name]) for name in MONTHLY},
        "years": [_year(found, row, balance) for row, balance in enumerate(money)],
        "costs_ore": [asdict(cost) for cost in maps.redrawn(plan, costs, parts) if cost.ore],
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
    return _waits_from(setting, _by_month(done.flow.waiting, _served(setting, bydel)))


def _waits_from(setting: Setting, waiting: Array) -> str | None:
    months = np.flatnonzero(waiting > _A_FAMILY)
    return str(setting.first + int(months[0])) if len(months) else None


def _ours(plan: Plan) -> tuple[Wave, ...]:
    return plan.waves_of(Programme.NYE_FAMILIER)


@dataclass(frozen=True, slots=True)
class _Place:
    """A bydel of one of the two maps: the waves that start in it, and what it has of each area."""

    name: str
    waves: tuple[Wave, ...]
    has: Array


def _served(setting: Setting, bydel: str) -> Array:
    """1 for the areas that a bydel serves, itself among them."""
    return np.array([float(setting.areas[at] == bydel) for at in setting.server])


def _old_places(plan: Plan, setting: Setting) -> list[_Place]:
    return [_Place(one.bydel, (one,), _served(setting, one.bydel)) for one in _ours(plan)]


def _new_places(plan: Plan, setting: Setting, parts: tuple[maps.Divided, ...]) -> list[_Place]:
    """The units of the other map in which something starts."""
    if plan.reform is None:
        return []
    found = []
    for unit, has in zip(plan.reform.units, maps.shares(parts), strict=True):
        starts = [one for one in _ours(plan) if (has * _served(setting, one.bydel)).any()]
        if starts:
            found.append(_Place(unit.name, tuple(starts), has))
    return found


def _ends_on_today_s_map(plan: Plan) -> bool:
    return plan.reform is None or not maps.is_in_force(plan.reform, plan.ends + -1)


def _reform(plan: Plan, parts: tuple[maps.Divided, ...]) -> dict[str, Any] | None:
    """What each bydel that is cut is divided by, and where that is from."""
    if plan.reform is None:
        return None
    names = [unit.name for unit in plan.reform.units]
    return {
        "on": str(plan.reform.on),
        "source": plan.reform.source,
        "divided": [
            {
                "bydel": part.bydel,
                "shares": {
                    name: round(weight / sum(part.weights), 4)
                    for name, weight in zip(names, part.weights, strict=True)
                    if weight
                },
                "source": part.source,
                "is_estimate": part.is_estimate,
            }
            for part in parts
        ],
    }


def _bydel(
    plan: Plan, setting: Setting, one: Run, found: Simulated, place: _Place
) -> dict[str, Any]:
    stocks = {name: _by_month(getattr(one.flow, name), place.has) for name in _STOCKS}
    possible = [month for wave in place.waves if (month := first_possible(plan, wave))]
    return {
        "bydel": place.name,
        "start": str(min(wave.start for wave in place.waves)),
        "first_possible_start": min(possible, default=None),
        "families_wait_from": _waits_from(setting, stocks["waiting"]),
        "arsverk_needed": _banded(_sums(found.needed, place.has)),
        "arsverk_there": np.round(_by_month(one.nurses.there, place.has), 2).tolist(),
        **{name: np.round(values, 2).tolist() for name, values in stocks.items()},
        "years": _years(found, place),
    }


def _years(found: Simulated, place: _Place) -> list[dict[str, Any]]:
    """What a bydel has in each year, to be held against what happens."""
    of = {name: _banded(_sums(found.local[name], place.has)) for name in LOCAL}
    return [
        {
            "year": year,
            **{name: {at: values[row] for at, values in of[name].items()} for name in LOCAL},
        }
        for row, year in enumerate(found.years)
    ]


def _by_month(values: Array, has: Array) -> Array:
    """A figure of the one draw in which all is as assumed."""
    return _sums(values, has)[:, 0]


def _sums(values: Any, has: Array) -> Array:  # noqa: ANN401 - an array of any precision
    """A figure of some areas, of each as much as is told, by month and draw."""
    rows = np.flatnonzero(has)
    found: Array = np.tensordot(has[rows], values[rows], 1)
    return found


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
