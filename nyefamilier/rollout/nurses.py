"""Nurses that are there in each month: posts less what is vacant and who is away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nyefamilier.rollout.assumptions import PHASE_VISITS
from nyefamilier.rollout.draws import WHOLE, Draws
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.setting import FULL_AGE, PHASES, Setting

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Nurses:
    """Årsverk by area, month and draw: filled posts are paid, those who are there do the work."""

    filled: Array
    there: Array


def nurses(setting: Setting, draws: Draws) -> Nurses:
    """Who is there. Whoever leaves is replaced after as long as it takes to hire.

    In a draw whole posts fall vacant: of 0.03 that are expected to, one does in three months of a
    hundred. When all is as it is assumed, parts of posts do.
    """
    lead, posts = setting.lead_months, setting.posts
    filled = np.zeros((*posts.shape, len(draws)))
    left = np.zeros_like(filled)
    for month in range(setting.months):
        before = filled[:, month - 1] - left[:, month - 1] if month else np.zeros(1)
        gained = posts[:, month] - (posts[:, month - 1] if month else 0.0)
        replaced = left[:, month - 1 - lead] if month > lead else np.zeros(1)
        filled[:, month] = np.clip(before + replaced + gained[:, None], 0, posts[:, month, None])
        left[:, month] = _left(setting, draws, filled[:, month], month)
    return Nurses(filled, filled * (1 - draws.of["leave_share"]))


def _left(setting: Setting, draws: Draws, filled: Array, month: int) -> Array:
    """Årsverk whose nurses leave at the end of a month."""
    leaving: Array = filled * (draws.of["turnover"] / MONTHS)
    if draws.chance is None:
        return leaving
    size = setting.post_size[:, month, None]
    posts = np.floor(leaving / size + (draws.chance[:, month] + 0.5) / WHOLE)
    found: Array = np.minimum(posts * size, filled)
    return found


def visits_by_phase(draws: Draws) -> list[Array]:
    """Visits that a family has in a month, in each phase."""
    factor = draws.of["visits_factor"]
    return [
        draws.of[name] * factor / len(ages) for name, ages in zip(PHASE_VISITS, PHASES, strict=True)
    ]


def hours_per_visit(draws: Draws) -> Array:
    """A nurse's hours for a visit: there, on the way, notes, an interpreter where one is needed."""
    of = draws.of
    interpreter = of["interpreter_share"] * of["minutes_interpreter"]
    minutes = of["minutes_visit"] + of["minutes_travel"] + of["minutes_notes"] + interpreter
    hours: Array = minutes / 60
    return hours


def hours_of_year(draws: Draws) -> Array:
    """Hours of a year that an årsverk has for visits, supervision taken off."""
    of = draws.of
    hours: Array = of["hours_per_arsverk"] * of["programme_share"] * (1 - of["supervision_share"])
    return hours


def hours_of_arsverk(draws: Draws) -> Array:
    """The same of an average month."""
    hours: Array = hours_of_year(draws) / MONTHS
    return hours


def hours_of_month(setting: Setting, draws: Draws) -> Array:
    """The same of each month, by its working days and the summer; by month and draw."""
    return setting.work.parts(draws.of["holiday_in_july"]) * hours_of_year(draws)


def families_of_arsverk(setting: Setting, draws: Draws) -> Array:
    """The families that an årsverk can follow, by the hours of an average month of a family."""
    rates = visits_by_phase(draws)
    visits = sum((rate * len(ages) for rate, ages in zip(rates, PHASES, strict=True)), np.zeros(1))
    needed = visits / FULL_AGE * hours_per_visit(draws)
    most = hours_of_arsverk(draws) / np.maximum(needed, 1e-9)
    limit = setting.families_per_arsverk
    return most if limit is None else np.minimum(most, limit)
