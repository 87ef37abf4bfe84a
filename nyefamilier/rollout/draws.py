"""Draws every assumption from its distribution: seeded, stratified, each from a stream of its own.

The range from 0 to 1 is cut into as many equal parts as there are draws and each part is drawn from
once, in random order; so a quantile of what depends on one assumption alone is met nearly exactly.
All is drawn before anything is computed: the result does not depend on how draws are cut up.

Sources: McKay, Beckman and Conover 1979, doi 10.1080/00401706.1979.10489755 (Latin hypercube).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nyefamilier.rollout.assumptions import Assumption, Shape
from nyefamilier.rollout.numbers import Array
from nyefamilier.rollout.setting import Setting

WHOLE: Final = 2**16
_LANES = 16


@dataclass(frozen=True, slots=True)
class Draws:
    """Values of every assumption, one for each draw, and the uptake of every area.

    Args:
        of: The values, by the assumptions' names.
        uptake: Of each area.
        chance: By area, month and draw, in parts of ``WHOLE``: whether a nurse leaves, where more
            than whole posts are expected to fall vacant; None where what is expected happens.
    """

    of: Mapping[str, Array]
    uptake: Array
    chance: NDArray[np.uint16] | None = None

    def __len__(self) -> int:
        return len(self.of["uptake"])

    def part(self, start: int, stop: int) -> Draws:
        """Some of the draws, and the last once more until a processor's lanes are full.

        A processor computes what is left over at the end of an array in another way than the rest,
        and may round it differently: so nothing is ever left over.
        """
        filled = -(-(stop - start) // _LANES) * _LANES
        rows = np.minimum(np.arange(start, start + filled), stop - 1)
        chance = None if self.chance is None else self.chance[:, :, rows]
        return Draws({n: v[rows] for n, v in self.of.items()}, self.uptake[:, rows], chance)


def expected(setting: Setting, assumptions: Mapping[str, Assumption]) -> Draws:
    """One draw in which everything is as it is assumed."""
    of = {name: np.array([one.value]) for name, one in assumptions.items()}
    return Draws(of, _uptake(setting, of, np.zeros((len(setting.areas), 1))))


def drawn(setting: Setting, assumptions: Mapping[str, Assumption], count: int, seed: int) -> Draws:
    """So many draws. The same seed draws the same."""
    of = {name: quantiles(one, _strata(name, count, seed)) for name, one in assumptions.items()}
    between = np.zeros((len(setting.areas), count))
    if assumptions["uptake_between_bydeler"].value > 0:
        for row, area in enumerate(setting.areas):
            between[row] = _normal(_strata(f"uptake of {area}", count, seed))
    chance = np.stack([_chance(area, setting.months, count, seed) for area in setting.areas])
    return Draws(of, _uptake(setting, of, between), chance)


def quantiles(assumption: Assumption, at: Array) -> Array:
    """The values under which the distribution has these parts of its mass."""
    value, shape = assumption.value, assumption.distribution
    match shape.shape:
        case Shape.FIXED:
            return np.full_like(at, value)
        case Shape.UNIFORM:
            return shape.low + at * (shape.high - shape.low)
        case Shape.TRIANGULAR:
            return _triangular(shape.low, value, shape.high, at)
        case Shape.NORMAL:
            return value + shape.spread * _normal(at)
        case Shape.LOGNORMAL:
            return value * np.exp(shape.spread * _normal(at))


def _triangular(low: float, top: float, high: float, at: Array) -> Array:
    if high <= low:
        return np.full_like(at, top)
    bend = (top - low) / (high - low)
    rising = low + np.sqrt(at * (high - low) * (top - low))
    falling = high - np.sqrt((1 - at) * (high - low) * (high - top))
    return np.where(at < bend, rising, falling)


def _normal(at: Array) -> Array:
    inverse = NormalDist().inv_cdf
    return np.array([inverse(one) for one in np.clip(at, 1e-12, 1 - 1e-12).tolist()])


def _chance(area: str, months: int, count: int, seed: int) -> NDArray[np.uint16]:
    """Two bytes each: there are as many as of all that is kept."""
    stream = _stream(f"posts of {area}", seed)
    return stream.integers(0, WHOLE, (months, count), dtype=np.uint16)


def _strata(name: str, count: int, seed: int) -> Array:
    stream = _stream(name, seed)
    return (stream.permutation(count) + stream.random(count)) / count


def _stream(name: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(name.encode())]))


def _uptake(setting: Setting, of: Mapping[str, Array], between: Array) -> Array:
    """Each area's uptake: the city's, a bydel's own way, and what its own families have shown.

    Prior and observation are weighed by their precision, both as normal.
    """
    mean = np.broadcast_to(of["uptake"], between.shape).copy()
    spread = np.broadcast_to(of["uptake_between_bydeler"], between.shape).copy()
    for row, offered, accepted in setting.observed:
        noise = np.maximum(mean[row] * (1 - mean[row]), 1e-6) / max(offered, 1e-9)
        weight = spread[row] ** 2 / (spread[row] ** 2 + noise)
        shown = accepted / offered if offered else mean[row]
        mean[row] = mean[row] + weight * (shown - mean[row])
        spread[row] = spread[row] * np.sqrt(1 - weight)
    found: Array = np.clip(mean + spread * between, 0, 1)
    served: Array = found[list(setting.server)]
    return served


def spread_of(assumption: Assumption) -> bool:
    """Whether an assumption varies at all."""
    shape = assumption.distribution
    return math.fabs(shape.high - shape.low) + shape.spread > 0
