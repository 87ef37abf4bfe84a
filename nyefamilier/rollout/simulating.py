"""Runs a plan in every draw, some draws at a time, and keeps what is asked of it.

Each draw is computed by itself, so that the parts that draws are cut into change no figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nyefamilier.rollout import reaching, spending
from nyefamilier.rollout.draws import Draws, drawn, expected
from nyefamilier.rollout.flow import Flow, flow
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.nurses import Nurses, hours_of_arsverk, hours_per_visit, nurses
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.setting import Setting, setting_of

AT_A_TIME = 128
"""Draws that are computed together: as many as a core's own memory holds well."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MONTHLY = ("active", "admitted", "waiting", "gave_up", "visits", "postponed", "needed", "there")
YEARLY = ("followed", "visited", "admitted", "visits", "cost_nok", "accepted", "arsverk")
LOCAL = ("accepted", "visited", "visits", "arsverk")
"""Yearly figures that are kept bydel by bydel, to be held against what happens."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some draws, computed: the nurses, what happens with them, and what would be without limit."""

    nurses: Nurses
    flow: Flow
    needed: Array


@dataclass(frozen=True, slots=True)
class Simulated:
    """All draws of a plan.

    Args:
        needed: Årsverk that would leave nobody waiting, by area, month and draw; single precision.
        monthly: Figures of the city by month and draw, by their names in ``MONTHLY``.
        yearly: Figures of the city by year and draw, by their names in ``YEARLY``.
        local: Figures by area, year and draw, by their names in ``LOCAL``; single precision.
    """

    setting: Setting
    years: range
    needed: NDArray[np.float32]
    monthly: Mapping[str, Array]
    yearly: Mapping[str, Array]
    local: Mapping[str, NDArray[np.float32]]


def run(setting: Setting, draws: Draws) -> Run:
    """Compute some draws."""
    there = nurses(setting, draws)
    unlimited = flow(setting, draws, None).visits
    unlimited *= hours_per_visit(draws) / hours_of_arsverk(draws)
    return Run(there, flow(setting, draws, there.there), unlimited)


def run_expected(plan: Plan) -> tuple[Setting, Draws, Run]:
    """Compute a plan when all is as it is assumed: the closed form."""
    setting = setting_of(plan)
    draws = expected(setting, plan.assumptions)
    return setting, draws, run(setting, draws)


def simulate(plan: Plan, count: int, seed: int, at_a_time: int = AT_A_TIME) -> Simulated:
    """Compute so many draws of a plan. The same seed gives the same, however they are cut up."""
    setting = setting_of(plan)
    draws = drawn(setting, plan.assumptions, count, seed)
    found = Simulated(
        setting,
        plan.years,
        np.empty((len(setting.areas), setting.months, count), dtype=np.float32),
        {name: np.empty((setting.months, count)) for name in MONTHLY},
        {name: np.empty((len(plan.years), count)) for name in YEARLY},
        {
            name: np.empty((len(setting.areas), len(plan.years), count), dtype=np.float32)
            for name in LOCAL
        },
    )
    for start in range(0, count, at_a_time):
        part = slice(start, min(start + at_a_time, count))
        _keep(found, part, draws.part(part.start, part.stop), plan.policy.price_level)
    return found


def _keep(found: Simulated, part: slice, draws: Draws, price_level: int) -> None:
    setting, done, own = found.setting, run(found.setting, draws), slice(part.stop - part.start)
    found.needed[:, :, part] = done.needed[:, :, own]
    for name, values in found.monthly.items():
        by_area = {"needed": done.needed, "there": done.nurses.there}.get(name)
        summed = (getattr(done.flow, name) if by_area is None else by_area).sum(axis=0)
        values[:, part] = summed[:, own]
    lines = spending.monthly(setting, draws, done.nurses, done.flow, price_level).values()
    cost = sum((line.sum(axis=0) for line in lines), np.zeros(1))
    for row, year in enumerate(found.years):
        months = reaching.months_of(setting, year)
        local = {
            "accepted": done.flow.accepted[:, months].sum(axis=1),
            "visited": reaching.visited(setting, draws, done.flow, year),
            "visits": done.flow.visits[:, months].sum(axis=1),
            "arsverk": done.nurses.there[:, months].mean(axis=1),
        }
        yearly = {
            "followed": reaching.followed(setting, done.flow, year),
            "admitted": done.flow.admitted.sum(axis=0)[months].sum(axis=0),
            "cost_nok": cost[months].sum(axis=0),
            **{name: values.sum(axis=0) for name, values in local.items()},
        }
        for name, values in local.items():
            found.local[name][:, row, part] = values[:, own]
        for name, values in yearly.items():
            found.yearly[name][row, part] = values[own]


def bands(values: NDArray[np.floating], quantiles: tuple[float, ...] = QUANTILES) -> Array:
    """Quantiles over the last axis, one row for each quantile."""
    found: Array = np.quantile(values, quantiles, axis=-1).astype(np.float64)
    return found
