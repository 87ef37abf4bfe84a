"""What a plan costs: by bydel and line to the øre when all is as assumed, by year in every draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nyefamilier.rollout.budgets import ORE, Cost, CostLine
from nyefamilier.rollout.draws import Draws
from nyefamilier.rollout.flow import Flow
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.nurses import MONTHS, Nurses
from nyefamilier.rollout.setting import Setting


def monthly(
    setting: Setting, draws: Draws, nurses: Nurses, flow: Flow, price_level: int
) -> dict[CostLine, Array]:
    """Kroner of each line by area, month and draw, at the prices of each month's year."""
    of = draws.of
    interpreted = of["interpreter_share"] * of["cost_per_interpreted_visit"]
    kroner = {
        CostLine.NURSES: nurses.filled * (of["cost_per_arsverk"] / MONTHS),
        CostLine.VISITS: flow.visits * of["cost_per_visit"],
        CostLine.INTERPRETERS: flow.visits * interpreted,
        CostLine.STARTING: _started(setting)[:, :, None] * of["cost_of_starting"],
    }
    years = np.array([year - price_level for year in years_of(setting)])
    prices = (1 + of["price_growth"])[None, :] ** years[:, None]
    return {line: amount * prices for line, amount in kroner.items()}


def costs(setting: Setting, expected: dict[CostLine, Array]) -> Iterator[Cost]:
    """The expected costs of each bydel, line and year, rounded to the øre once and for all."""
    years = np.array(years_of(setting))
    for line, amount in expected.items():
        for year in sorted(set(years_of(setting))):
            sums = amount[:, years == year, 0].sum(axis=1)
            for area, kroner in zip(setting.areas, sums.tolist(), strict=True):
                yield Cost(year, area, line, round(kroner * ORE))


def years_of(setting: Setting) -> list[int]:
    """The year of each month."""
    return [(setting.first + at).year for at in range(setting.months)]


def _started(setting: Setting) -> Array:
    """1 where a bydel starts; an area that another serves starts with it and costs nothing."""
    before = np.zeros_like(setting.is_open)
    before[:, 1:] = setting.is_open[:, :-1]
    own = np.array([server == row for row, server in enumerate(setting.server)], dtype=np.float64)
    found: Array = (setting.is_open - before) * own[:, None]
    return found
