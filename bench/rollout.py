"""Plans in many draws beside the bare array operations, what that weighs, and the wave search.

Run ``python -m bench rollout``. The bare side is `_bare`: the same arrays and the same operations
on them, written flat, month by month: families by age, who waits, who moves, visits by phase, with
nurses and without limit. It is given what is the same in every draw and the draws themselves, cut
up as ours are, and must come to the same families and visits. Ours lays the plan out, draws, and
computes money and families of a year as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from bench._machine import usage
from nyefamilier.rollout.choosing import question
from nyefamilier.rollout.draws import Draws, drawn
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.nurses import (
    families_of_arsverk,
    hours_of_month,
    hours_per_visit,
    nurses,
    visits_by_phase,
)
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.reading import read_plan
from nyefamilier.rollout.searching import Rule, search
from nyefamilier.rollout.setting import FULL_AGE, PHASES, Setting, setting_of
from nyefamilier.rollout.simulating import AT_A_TIME, Simulated, simulate

FIRST_YEAR = 2026
BYDELER = tuple(f"{number:02}" for number in range(1, 16))
MEGABYTE = 2**20
SECONDS = 30.0
"""What the search may take."""
TIGHT = ((5.0, 60), (10.0, 60), (20.0, 30))
"""Årsverk that may be hired in a year, of 60 that the city needs, and millions that it has."""


def main(words: Sequence[str] = ()) -> None:
    """Measure, and print the ratio, the memory and the searches."""
    options = _parser().parse_args(words)
    _print_draws(options.draws, options.turns)
    _print_memory(options.draws)
    _print_searches()


def plan(months: int, arsverk: float = 4.0, nok: int = 60_000_000) -> Plan:
    """A plan of all fifteen bydeler, one more every four months."""
    starts = [8 + 4 * at for at in range(len(BYDELER))]
    return read_plan(
        {
            "schema": 1,
            "name": "All bydeler",
            "first_month": f"{FIRST_YEAR}-01",
            "months": months,
            "policy": {
                "eligible": ["forste_barn", "forste_barn_i_norge"],
                "hiring_lead_months": 4,
                "longest_wait_months": 3,
                "price_level": FIRST_YEAR,
            },
            "births": {
                "source": "bench",
                "estimate": True,
                "city": {str(FIRST_YEAR + year): 9000 for year in range(-(-months // 12))},
            },
            "waves": [
                {"bydel": one, "programme": "nye_familier", "start": _month(start),
                 "preparation_months": 2, "ramp_months": 12, "source": "bench"}
                for one, start in zip(BYDELER, starts, strict=True)
            ],
            "staffing": [
                {"bydel": one, "decided": _month(start - 8), "arsverk": arsverk,
                 "position_percentage": 80, "source": "bench"}
                for one, start in zip(BYDELER, starts, strict=True)
            ],
            "budget": [
                {"line": "Nye familier", "year": FIRST_YEAR, "nok": nok, "kind": "level",
                 "price_level": FIRST_YEAR, "source": "bench"}
            ],
        }
    )  # fmt: skip


def _month(later: int) -> str:
    return f"{FIRST_YEAR + later // 12}-{later % 12 + 1:02}"


def _print_draws(count: int, turns: int) -> None:
    some = plan(120)
    setting = setting_of(some)
    draws = drawn(setting, some.assumptions, count, 1)
    before, took = usage(), []
    for _ in range(turns):
        begun = perf_counter()
        found = simulate(some, count, 1)
        between = perf_counter()
        bare = _bare_in_parts(setting, draws)
        took.append((between - begun, perf_counter() - between))
        _must_be_alike(found, bare)
    ours, limit = (median(one) for one in zip(*took, strict=True))
    shape = f"{count:,} draws of {len(setting.areas)} areas and {setting.months} months"
    print(f"| {shape} | s (median of {turns} in turn) | of the bare one |")
    print("|---|---:|---:|")
    print(f"| bare array operations | {limit:.2f} | 1 |")
    print(f"| a plan simulated | {ours:.2f} | {ours / limit:.2f} |")
    print(f"\nOthers took {(usage() - before).foreign:.0%} of the CPU meanwhile.")


def _must_be_alike(found: Simulated, bare: Mapping[str, Array]) -> None:
    """What computes something else is no measure."""
    for name, values in bare.items():
        if not np.allclose(found.monthly[name], values, rtol=1e-9):
            raise SystemExit(f"The bare side computes other {name}.")


def _bare_in_parts(setting: Setting, draws: Draws) -> Mapping[str, Array]:
    """The figures of the city by month and draw."""
    found = {name: np.empty((setting.months, len(draws))) for name in ("active", "visits")}
    needed = np.empty((len(setting.areas), setting.months, len(draws)), dtype=np.float32)
    for start in range(0, len(draws), AT_A_TIME):
        part = slice(start, min(start + AT_A_TIME, len(draws)))
        some = draws.part(part.start, part.stop)
        own = slice(part.stop - part.start)
        there = nurses(setting, some).there
        limits = there * families_of_arsverk(setting, some), there * _visits_of_month(setting, some)
        accepted = _accepted(setting, some)
        needed[:, :, part] = _bare(setting, some, accepted, None)[1][:, :, own]
        active, visits = _bare(setting, some, accepted, limits)
        found["active"][:, part] = active.sum(axis=0)[:, own]
        found["visits"][:, part] = visits.sum(axis=0)[:, own]
    return found


def _visits_of_month(setting: Setting, draws: Draws) -> Array:
    found: Array = hours_of_month(setting, draws) / hours_per_visit(draws)
    return found


def _accepted(setting: Setting, draws: Draws) -> Array:
    of = draws.of
    first = np.minimum(setting.first_shares[:, None] * of["first_birth_factor"], 1.0)
    share = (1 - first) * of["first_in_norway_share"] + first
    asked: Array = setting.births[:, :, None] * (share * of["births_factor"])[:, None, :]
    asked *= (setting.is_open * setting.ramp)[:, :, None]
    asked *= draws.uptake[:, None, :]
    return asked


def _bare(
    setting: Setting, draws: Draws, accepted: Array, limits: tuple[Array, Array] | None
) -> tuple[Array, Array]:
    """Families followed and visits, by area, month and draw: operations on arrays, no more."""
    areas, months, count = accepted.shape
    out, to_other = draws.of["moves_out_of_the_city"], draws.of["moves_between_bydeler"]
    leaving = 1 - (1 - out - draws.of["withdrawals"]) ** (1 / 12)
    moving = (1 - (1 - to_other) ** (1 / 12)) * (1 - leaving)
    rates = visits_by_phase(draws)
    postponed, before = np.zeros((areas, count)), np.zeros((areas, count))
    families, queue = np.zeros((FULL_AGE, areas, count)), np.zeros((4, areas, count))
    arrivals = np.empty_like(families)
    active, visits = np.zeros((areas, months, count)), np.zeros((areas, months, count))
    for month in range(months):
        completed = families[month % FULL_AGE].copy()
        families[month % FULL_AGE] = 0.0
        going = families.sum(axis=0) * (leaving + moving) + completed
        np.multiply(
            (families.sum(axis=1) * moving)[:, None, :],
            (setting.destinations * setting.is_open[:, month])[None, :, None],
            out=arrivals,
        )
        families *= 1 - leaving - moving
        families += arrivals
        queue[month % 4] = accepted[:, month]
        part: Array | float = 1.0
        if limits is not None:
            free = limits[0][:, month] - families.sum(axis=0)
            part = _part(setting, queue.sum(axis=0), free)
        for waited in range(min(month + 1, 4)):
            joining = queue[(month - waited) % 4] * part
            queue[(month - waited) % 4] -= joining
            families[(month - waited) % FULL_AGE] += joining
        active[:, month] = families.sum(axis=0)
        for ages, rate in zip(PHASES, rates, strict=True):
            rows = [(month - age) % FULL_AGE for age in ages]
            visits[:, month] += families[rows].sum(axis=0) * rate
        if limits is not None:
            postponed *= 1 - np.minimum(going / np.maximum(before, 1e-12), 1.0)
            postponed += visits[:, month]
            part = _part(setting, postponed, limits[1][:, month])
            visits[:, month] = postponed * part
            postponed -= visits[:, month]
        before = active[:, month]
    return active, visits


def _part(setting: Setting, wanted: Array, room: Array) -> Array:
    wanted, room = wanted.copy(), room.copy()
    for area, by in enumerate(setting.server):
        if area != by:
            wanted[by] += wanted[area]
            room[by] += room[area]
    part: Array = np.minimum(np.maximum(room, 0) / np.maximum(wanted, 1e-300), 1.0)
    return part[list(setting.server)]


def _print_memory(count: int) -> None:
    """What a process of its own comes to that does nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
        idle, most = own.submit(_peak_of, 1).result(), own.submit(_peak_of, count).result()
    told = f"{most / MEGABYTE:.0f} MB; with a single draw {idle / MEGABYTE:.0f} MB"
    print(f"\nMemory of a process of its own, at most: {told}.\n")


def _peak_of(count: int) -> int:
    simulate(plan(120), count, 1)
    # Not ru_maxrss: that of a child begins with what its parent had.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _print_searches() -> None:
    print("| search: 15 bydeler, 8 years | options | laid out, s | searched, s | start | gap |")
    print("|---|---:|---:|---:|---:|---:|")
    for arsverk, millions in TIGHT:
        for rule in Rule:
            begun = perf_counter()
            asked = question(plan(96, nok=millions * 10**6), arsverk, rule)
            between = perf_counter()
            answer = search(asked, SECONDS)
            took = f"{between - begun:.1f} | {perf_counter() - between:.1f}"
            gap = "0, proven" if answer.is_proven else f"{answer.gap:.2%}"
            what = f"{rule}, {arsverk:g} årsverk and {millions} mill a year"
            starts = f"{len(answer.chosen)} of {len(BYDELER)}"
            print(f"| {what} | {len(asked.options)} | {took} | {starts} | {gap} |")
    print()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench rollout", description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000, help="draws of each simulation")
    parser.add_argument("--turns", type=int, default=5, help="how often each side takes its turn")
    return parser
