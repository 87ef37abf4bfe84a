"""Which assumption matters most: each alone at its 10 % and its 90 % value, the rest as assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nyefamilier.rollout import reaching, spending
from nyefamilier.rollout.draws import Draws, expected, quantiles, spread_of
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.setting import setting_of
from nyefamilier.rollout.simulating import run

ENDS = (0.1, 0.9)


@dataclass(frozen=True, slots=True)
class Bar:
    """What an assumption alone does to a figure of the whole plan."""

    assumption: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far it carries."""
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Tornado:
    """The figures when all is as assumed, and bars for each, the widest first."""

    expected: dict[str, float]
    bars: dict[str, tuple[Bar, ...]]


def tornado(plan: Plan) -> Tornado:
    """The tornado of families taken on, visits, and cost, each over the plan's years."""
    setting = setting_of(plan)
    varied = [name for name, one in sorted(plan.assumptions.items()) if spread_of(one)]
    draws = _one_at_a_time(expected(setting, plan.assumptions), plan, varied)
    done = run(setting, draws)
    months = [at for year in plan.years for at in reaching.months_of(setting, year)]
    lines = spending.monthly(setting, draws, done.nurses, done.flow, plan.policy.price_level)
    figures = {
        "families": done.flow.admitted[:, months].sum(axis=0).sum(axis=0),
        "visits": done.flow.visits[:, months].sum(axis=0).sum(axis=0),
        "arsverk_needed": done.needed.sum(axis=0).max(axis=0),
        "cost_nok": sum(line[:, months].sum(axis=0).sum(axis=0) for line in lines.values()),
    }
    return Tornado(
        {name: float(values[0]) for name, values in figures.items()},
        {name: _bars(varied, np.asarray(values).tolist()) for name, values in figures.items()},
    )


def _one_at_a_time(base: Draws, plan: Plan, varied: list[str]) -> Draws:
    """The first draw is as assumed, then two for each assumption."""
    count = 1 + len(ENDS) * len(varied)
    of = {name: np.repeat(values, count) for name, values in base.of.items()}
    for row, name in enumerate(varied):
        at = 1 + len(ENDS) * row
        of[name][at : at + len(ENDS)] = quantiles(plan.assumptions[name], np.array(ENDS))
    uptake = np.repeat(base.uptake, count, axis=1)
    uptake += (of["uptake"] - base.of["uptake"])[None, :]
    return Draws(of, np.clip(uptake, 0, 1))


def _bars(varied: list[str], values: list[float]) -> tuple[Bar, ...]:
    bars = [Bar(name, values[1 + 2 * row], values[2 + 2 * row]) for row, name in enumerate(varied)]
    return tuple(sorted(bars, key=lambda bar: (-bar.width, bar.assumption)))
