"""A plan's other map: how much of each bydel lies in each of its units, by weights of delbydeler.

A reform moves boundaries, not families or nurses: what is computed for the bydeler of today is told
by unit, each bydel's figures divided by the children who live in its delbydeler. So the city's sums
are the same on both maps, and so is every month before the reform and after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import numpy as np

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.rollout.budgets import Cost, divided
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.plan import Plan, ReformMap

EVENLY = "judgement: divided evenly between its delbydeler, whose children are not known here"


@dataclass(frozen=True, slots=True)
class Divided:
    """A bydel, and what of it lies in each unit: whole numbers that add up to the whole bydel."""

    bydel: BydelNumber
    weights: tuple[int, ...]
    source: str
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Weight:
    """Children in a delbydel, and who counted them."""

    children: int
    source: str


def divisions(reform: ReformMap, areas: Iterable[BydelNumber]) -> tuple[Divided, ...]:
    """How each area is divided between the units of another map, in the order of the units."""
    return tuple(_division(reform, area) for area in areas)


def shares(parts: tuple[Divided, ...]) -> Array:
    """The part of each area that each unit has, by unit and area; the parts of an area add to 1."""
    weights = np.array([part.weights for part in parts], dtype=np.float64)
    found: Array = (weights / weights.sum(axis=1, keepdims=True)).T
    return found


def is_in_force(reform: ReformMap, month: Month) -> bool:
    """Whether a month begins on that map."""
    return reform.on <= month.first_day


def redrawn(plan: Plan, costs: Iterable[Cost], parts: tuple[Divided, ...]) -> Iterator[Cost]:
    """Costs by the map that is in force when their year begins, divided to the øre."""
    own = {part.bydel: part.weights for part in parts}
    for cost in costs:
        if plan.reform is None or not is_in_force(plan.reform, Month(cost.year, 1)):
            yield cost
            continue
        amounts = divided(cost.ore, own[cost.bydel])
        for unit, ore in zip(plan.reform.units, amounts, strict=True):
            yield replace(cost, bydel=BydelNumber(unit.name), ore=ore)


def _division(reform: ReformMap, area: BydelNumber) -> Divided:
    known, boundaries = _weights(), packaged_boundaries()
    codes = [one.code for one in boundaries.delbydeler_in(area, reform.on)]
    is_known = bool(codes) and all(code in known for code in codes)
    weights = [0] * len(reform.units)
    for code in codes:
        weights[_unit_of(reform, code, area)] += known[code].children if is_known else 1
    source = known[codes[0]].source if is_known else EVENLY
    is_whole = sum(weight > 0 for weight in weights) == 1
    return Divided(area, tuple(weights), source, is_estimate=not (is_known or is_whole))


def _unit_of(reform: ReformMap, code: DelbydelCode, area: BydelNumber) -> int:
    """A delbydel that is named by itself goes its own way."""
    for number, unit in enumerate(reform.units):
        if code in unit.delbydeler:
            return number
    return next(number for number, unit in enumerate(reform.units) if area in unit.bydeler)


@cache
def _weights() -> Mapping[DelbydelCode, Weight]:
    file = resources.files("nyefamilier.rollout") / "data" / "delbydel_weights.csv"
    lines = (line for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {
        DelbydelCode(row["delbydel"]): Weight(int(row["children_aged_0"]), row["source"])
        for row in csv.DictReader(lines)
    }
