"""Families by area and month: who joins, waits, is followed, moves, completes and leaves.

Expected values: a family is a fraction where it must be. A month goes so: those whose child is two
have completed; some withdraw, some leave the city, some move within it, and of these whoever comes
to a bydel without the programme is lost to it; then new families say yes, and are followed as far
as nurses reach. Those who wait join later at their age, or give up when they have waited too long.
Visits fall due by phase. Those for which the month has no hours are made later; they lapse with
the families that go.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from nyefamilier.rollout.draws import Draws
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.nurses import (
    MONTHS,
    families_of_arsverk,
    hours_of_month,
    hours_per_visit,
    visits_by_phase,
)
from nyefamilier.rollout.plan import Basis
from nyefamilier.rollout.setting import FULL_AGE, PHASES, Setting

_NOBODY = 1e-12
"""What rounding leaves of families that have all gone."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What happens, by area, month and draw. Stocks are at the end of the month.

    ``active`` is what it was, and ``admitted`` and ``moved_in``, less ``completed``, ``moved_away``
    and ``left``. All ``accepted`` so far are ``admitted``, ``waiting`` or ``gave_up``. All visits
    ``due`` so far are made (``visits``), ``postponed`` or have ``lapsed``.
    """

    eligible: Array
    accepted: Array
    admitted: Array
    gave_up: Array
    waiting: Array
    moved_in: Array
    moved_away: Array
    left: Array
    completed: Array
    active: Array
    due: Array
    visits: Array
    postponed: Array
    lapsed: Array


def flow(setting: Setting, draws: Draws, there: Array | None) -> Flow:
    """What happens when so many årsverk are *there*; None: when there are always enough."""
    shape = (len(setting.areas), setting.months, len(draws))
    found = Flow(*(np.zeros(shape) for _ in fields(Flow)))
    found.eligible[:] = eligible(setting, draws)
    np.multiply(found.eligible, setting.ramp[:, :, None], out=found.accepted)
    np.multiply(found.accepted, draws.uptake[:, None, :], out=found.accepted)
    room = None if there is None else there * families_of_arsverk(setting, draws)
    most = (
        None if there is None else there * (hours_of_month(setting, draws) / hours_per_visit(draws))
    )
    city = _City(setting, draws)
    for month in range(setting.months):
        city.complete(month, found)
        city.move(month, found)
        city.take_on(month, found, None if room is None else room[:, month])
        city.fall_due(month, found)
        if most is None:
            found.visits[:, month] = found.due[:, month]
        else:
            city.visit(month, found, most[:, month])
    return found


def eligible(setting: Setting, draws: Draws) -> Array:
    """Families that may be offered the programme, by area, month and draw; NFP's are left out."""
    of = draws.of
    first = np.minimum(setting.first_shares[:, None] * of["first_birth_factor"], 1.0)
    later = np.zeros(1)
    for basis, name in (
        (Basis.FIRST_TOGETHER, "first_together_share"),
        (Basis.FIRST_IN_NORWAY, "first_in_norway_share"),
        (Basis.EXTENDED_NEED, "extended_need_share"),
    ):
        later = later + (of[name] if basis in setting.eligible else 0.0)
    share = (1 - first) * np.minimum(later, 1.0)
    share = share + (first if Basis.FIRST_CHILD in setting.eligible else 0.0)
    own = setting.births[:, :, None] * (share * of["births_factor"])[:, None, :]
    own *= 1 - setting.has_nfp[:, :, None] * of["nfp_share"]
    own *= setting.is_open[:, :, None]
    return own


class _City:
    """The families of the month that is computed, by age; a cohort keeps its row as it ages."""

    def __init__(self, setting: Setting, draws: Draws) -> None:
        areas, count = len(setting.areas), len(draws)
        self.setting = setting
        self.families = np.zeros((FULL_AGE, areas, count))
        self.by_age = np.zeros((FULL_AGE, count))
        self.active = np.zeros((areas, count))
        self.postponed = np.zeros((areas, count))
        self.queue = np.zeros((setting.wait_months + 1, areas, count))
        self.rates = visits_by_phase(draws)
        gone = 1 - draws.of["moves_out_of_the_city"] - draws.of["withdrawals"]
        self.leaving = 1 - np.maximum(gone, 0.0) ** (1 / MONTHS)
        self.moving = (1 - (1 - draws.of["moves_between_bydeler"]) ** (1 / MONTHS)) * (
            1 - self.leaving
        )
        self.arrivals = np.empty_like(self.families)

    def complete(self, month: int, found: Flow) -> None:
        """The cohort that joined 27 months ago has completed; its row is for the new one."""
        row = month % FULL_AGE
        found.completed[:, month] = self.families[row]
        self.active -= self.families[row]
        self.families[row] = 0.0
        self.by_age[row] = 0.0

    def move(self, month: int, found: Flow) -> None:
        """Some leave, some move; where they come to the programme, they stay in it."""
        to = self.setting.destinations * self.setting.is_open[:, month]
        moving = self.by_age * self.moving
        np.multiply(self.active, self.leaving, out=found.left[:, month])
        np.multiply(self.active, self.moving, out=found.moved_away[:, month])
        np.multiply(to[:, None], moving.sum(axis=0), out=found.moved_in[:, month])
        staying = 1 - self.leaving - self.moving
        self.families *= staying
        np.multiply(moving[:, None, :], to[None, :, None], out=self.arrivals)
        self.families += self.arrivals
        self.by_age *= staying
        self.by_age += moving * to.sum()
        self.active -= found.left[:, month] + found.moved_away[:, month]
        self.active += found.moved_in[:, month]

    def take_on(self, month: int, found: Flow, room: Array | None) -> None:
        """Follow those who said yes as far as nurses reach, and the same part of every age."""
        row = month % len(self.queue)
        found.gave_up[:, month] = self.queue[row]
        self.queue[row] = found.accepted[:, month]
        part = 1.0 if room is None else self._part(self.queue.sum(axis=0), room, self.active)
        for waited in range(min(month + 1, len(self.queue))):
            joining = self.queue[(month - waited) % len(self.queue)] * part
            self.queue[(month - waited) % len(self.queue)] -= joining
            self.families[(month - waited) % FULL_AGE] += joining
            self.by_age[(month - waited) % FULL_AGE] += joining.sum(axis=0)
            found.admitted[:, month] += joining
        self.active += found.admitted[:, month]
        found.active[:, month] = self.active
        found.waiting[:, month] = self.queue.sum(axis=0)

    def _part(self, wanted: Array, room: Array, taken: Array | None = None) -> Array:
        """The part of what is wanted that there is room for, the same in all areas of one bydel."""
        waiting, free = self._served(wanted), self._served(room)
        if taken is not None:
            free = np.maximum(free - self._served(taken), 0.0)
        part = np.ones_like(waiting)
        np.divide(free, waiting, out=part, where=waiting > free)
        found: Array = part[list(self.setting.server)]
        return found

    def _served(self, by_area: Array) -> Array:
        """Sums by the bydel that serves; an area that another serves has nothing of its own."""
        found = by_area.copy()
        for area, server in enumerate(self.setting.server):
            if area != server:
                found[server] += by_area[area]
                found[area] = 0.0
        return found

    def visit(self, month: int, found: Flow, most: Array) -> None:
        """Make what is due and what was postponed, as far as the month has hours."""
        before = self._before(month, found)
        gone = found.completed[:, month] + found.left[:, month] + found.moved_away[:, month]
        part = np.zeros_like(gone)
        np.divide(gone, before, out=part, where=before > _NOBODY)
        np.multiply(self.postponed, np.minimum(part, 1.0), out=found.lapsed[:, month])
        self.postponed -= found.lapsed[:, month]
        self.postponed += found.due[:, month]
        np.multiply(self.postponed, self._part(self.postponed, most), out=found.visits[:, month])
        self.postponed -= found.visits[:, month]
        found.postponed[:, month] = self.postponed

    def _before(self, month: int, found: Flow) -> Array:
        """Families followed at the end of the month before."""
        return found.active[:, month - 1] if month else np.zeros_like(self.active)

    def fall_due(self, month: int, found: Flow) -> None:
        """Visits that fall due in the month, by the phase that each cohort is in."""
        visits = found.due[:, month]
        for ages, rate in zip(PHASES, self.rates, strict=True):
            newest, oldest = (month - ages[0]) % FULL_AGE, (month - ages[-1]) % FULL_AGE
            if oldest <= newest:
                families = self.families[oldest : newest + 1].sum(axis=0)
            else:  # the rows go round
                families = self.families[: newest + 1].sum(axis=0)
                families += self.families[oldest:].sum(axis=0)
            families *= rate
            visits += families
