"""Families of a year, from the months: how many were followed, and how many had a visit."""

from __future__ import annotations

import numpy as np

from nyefamilier.rollout.draws import Draws
from nyefamilier.rollout.flow import Flow
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.nurses import MONTHS, visits_by_phase
from nyefamilier.rollout.setting import FULL_AGE, PHASES, Setting


def followed(setting: Setting, flow: Flow, year: int) -> Array:
    """Families in the city that were followed at some time of a year, by draw."""
    months = months_of(setting, year)
    carried = flow.active[:, months[0] - 1].sum(axis=0) if months[0] else 0.0
    found: Array = carried + flow.admitted.sum(axis=0)[months].sum(axis=0)
    return found


def visited(setting: Setting, draws: Draws, flow: Flow, year: int) -> Array:
    """Families that had a visit in a year, by area where they joined and draw: an approximation.

    A cohort's visits fall on its families by chance alone (Poisson), thinned by those who leave the
    city; a family that waited is counted as if it had joined at week 28.
    """
    months, of_age = months_of(setting, year), _visits_at_age(draws)
    found = np.zeros((len(setting.areas), len(draws)))
    for joined in range(max(0, months[0] - FULL_AGE + 1), months[-1] + 1):
        ages = [month - joined for month in months if 0 <= month - joined < FULL_AGE]
        found += flow.admitted[:, joined] * -np.expm1(-of_age[ages].sum(axis=0))
    return found


def months_of(setting: Setting, year: int) -> list[int]:
    """The numbers of a year's months."""
    return [at for at in range(setting.months) if (setting.first + at).year == year]


def _visits_at_age(draws: Draws) -> Array:
    """Visits that a family which joined has at each age, those who have left counted as none."""
    staying = 1 - draws.of["moves_out_of_the_city"] - draws.of["withdrawals"]
    monthly = np.maximum(staying, 0.0) ** (1 / MONTHS)
    rates = zip(PHASES, visits_by_phase(draws), strict=True)
    return np.array([rate * monthly**age for ages, rate in rates for age in ages])
