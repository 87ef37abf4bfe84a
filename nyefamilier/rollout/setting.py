"""A plan laid out by area and month: what is the same in every draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.plan import Basis, Hiring, Plan, Programme, Wave
from nyefamilier.rollout.working import WorkingMonths, working_months

BEFORE_BIRTH: Final = 3
"""Months from week 28, when a family can join, to the birth."""
PHASES: Final = (range(3), range(3, 4), range(4, 9), range(9, 15), range(15, 27))
"""Ages in months since week 28: pregnancy, newborn, first and second half year, second year."""
FULL_AGE: Final = 27
"""A family has completed the programme when the child is two years: two and a quarter years."""
SEASON: Final = (0.96, 0.97, 1.02, 1.03, 1.04, 1.04, 1.06, 1.05, 1.04, 0.99, 0.91, 0.89)
"""Births a day in each month, relative to the year. Judgement: spring to autumn has more."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What the model computes with, by area and month.

    Args:
        areas: The numbers of the rows.
        server: The row of the bydel that serves each area; its own, mostly.
        births: Births that are expected three months later: who can join in the month.
        eligible: For each basis of a birth that is not the first, and for first births, whether
            the plan offers the programme.
        ramp: The part of its final uptake that an area has reached; 0 before it starts.
        is_open: 1 where the programme has started, 0 elsewhere.
        has_nfp: 1 where NFP has started, 0 elsewhere.
        destinations: Where those go who move within the city; adds up to 1.
        posts: Årsverk that would be there if none were vacant.
        post_size: Årsverk of a post in the mean; 1 where there is none.
        work: How a nurse's year falls on the months.
    """

    first: Month
    areas: tuple[BydelNumber, ...]
    server: tuple[int, ...]
    births: Array
    first_shares: Array
    eligible: frozenset[Basis]
    ramp: Array
    is_open: Array
    has_nfp: Array
    destinations: Array
    posts: Array
    post_size: Array
    lead_months: int
    wait_months: int
    families_per_arsverk: float | None
    work: WorkingMonths
    observed: tuple[tuple[int, int, int], ...]

    @property
    def months(self) -> int:
        """How many months are computed."""
        return len(self.births[0])


def setting_of(plan: Plan) -> Setting:
    """Lay a plan out by area and month, from the first bydel's start on."""
    areas = tuple(sorted(plan.births.weights))
    server = _servers(plan, areas)
    months = tuple(plan.begins + at for at in range(plan.ends - plan.begins))
    waves = {wave.bydel: wave for wave in plan.waves_of(Programme.NYE_FAMILIER)}
    nfp = {wave.bydel: wave.start for wave in plan.waves_of(Programme.NFP)}
    by_area = [areas[at] for at in server]
    weights = np.array([plan.births.weights[area] for area in areas], dtype=np.float64)

    def since(start: Callable[[BydelNumber], Month | None]) -> Array:
        return np.array([_from(start(bydel), months) for bydel in by_area])

    is_open = since(lambda bydel: waves[bydel].start if bydel in waves else None)
    return Setting(
        first=months[0],
        areas=areas,
        server=server,
        births=np.outer(weights / weights.sum(), _births(plan, months)),
        first_shares=np.array([plan.births.first_shares[area] for area in areas]),
        eligible=plan.policy.eligible,
        ramp=np.array([_ramp(waves.get(bydel), months) for bydel in by_area]),
        is_open=is_open,
        has_nfp=since(nfp.get),
        destinations=weights / weights.sum(),
        posts=np.array([_posts(plan, area, months) for area in areas]),
        post_size=np.array([_post_size(plan, area, months) for area in areas]),
        lead_months=plan.policy.hiring_lead_months,
        wait_months=plan.policy.longest_wait_months,
        families_per_arsverk=plan.policy.families_per_arsverk,
        work=working_months(months),
        observed=tuple((areas.index(o.bydel), o.offered, o.accepted) for o in plan.observed),
    )


def births_in(plan: Plan, month: Month) -> float:
    """Births of the whole city that are expected in a month, by the year's births and the season.

    A year after the last that the plan knows has as many as that one.
    """
    year = min(month.year, max(plan.births.city))
    return plan.births.city[year] * _season(month.year)[month.month - 1]


@lru_cache(maxsize=512)
def _season(year: int) -> tuple[float, ...]:
    """The part of a year's births that falls on each of its months."""
    days = [(Month(year, one) + 1).first_day - Month(year, one).first_day for one in range(1, 13)]
    weights = [one.days * season for one, season in zip(days, SEASON, strict=True)]
    return tuple(weight / sum(weights) for weight in weights)


def _births(plan: Plan, months: Sequence[Month]) -> list[float]:
    return [births_in(plan, month + BEFORE_BIRTH) for month in months]


def _servers(plan: Plan, areas: tuple[BydelNumber, ...]) -> tuple[int, ...]:
    boundaries, on = packaged_boundaries(), plan.first_month.first_day
    return tuple(areas.index(boundaries.serving(area, on) or area) for area in areas)


def _from(start: Month | None, months: Sequence[Month]) -> list[float]:
    return [float(start is not None and month >= start) for month in months]


def _ramp(wave: Wave | None, months: Sequence[Month]) -> list[float]:
    if wave is None:
        return [0.0] * len(months)
    gone = [month - wave.start for month in months]
    return [0.0 if at < 0 else min(1.0, (at + 1) / (wave.ramp_months + 1)) for at in gone]


def _posts(plan: Plan, area: BydelNumber, months: Sequence[Month]) -> list[float]:
    mine = [row for row in plan.hirings if row.bydel == area]
    return [sum(_there(row, plan, month) for row in mine) for month in months]


def _post_size(plan: Plan, area: BydelNumber, months: Sequence[Month]) -> list[float]:
    mine = [row for row in plan.hirings if row.bydel == area]
    found = []
    for month in months:
        there = [(_there(row, plan, month), row.position_percentage) for row in mine]
        posts = sum(posts_of(arsverk, percentage) for arsverk, percentage in there)
        found.append(sum(arsverk for arsverk, _ in there) / posts if posts else 1.0)
    return found


def posts_of(arsverk: float, percentage: int) -> int:
    """How many posts of that size årsverk are; the last one may be smaller."""
    return math.ceil(arsverk * 100 / percentage - 1e-9)


def _there(row: Hiring, plan: Plan, month: Month) -> float:
    hired = row.decided + plan.policy.hiring_lead_months <= month
    return row.arsverk if hired and (row.until is None or month < row.until) else 0.0
