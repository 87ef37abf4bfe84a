"""How many families are in the target group, whether or not anybody has found them: an estimate.

Births of the year, by the bydel's part of them, by the share that the programme is for. Nothing of
it is counted. So it comes with a range: what it would be if every assumption lay at its low or at
its high end at once. That is no 95 % interval. Pure; docs/indicators.md says the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from nyefamilier.bydeler.reading import (
    Assumption,
    BydelEstimate,
    YearBirths,
    packaged_births,
    packaged_eligibility,
    packaged_estimates,
    packaged_rollout,
)
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import COVERS_INSTEAD, Share
from nyefamilier.uptake.suppression import is_small

SMALLEST_ESTIMATE: Final = 10
"""Nothing is a share of an estimate that may be lower than this."""
_NOT_THE_FIRST: Final = ("first_together_share", "first_in_norway_share", "extended_need_share")
"""Whom the programme is for among births that are not the mother's first."""

_End: TypeAlias = Callable[[Assumption], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Families, estimated.

    Args:
        value: How many, if every assumption is right.
        low: How many if every one lies at the end that gives the fewest.
        high: How many if every one lies at the end that gives the most.
    """

    value: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the estimate is made of.

    Args:
        births: The city's births by year.
        bydeler: Each bydel's weight among them, and its first births.
        assumed: The factors and shares, by name.
        nfp_since: The year from which NFP has been in a bydel.
    """

    births: Mapping[int, YearBirths]
    bydeler: Mapping[BydelNumber, BydelEstimate]
    assumed: Mapping[str, Assumption]
    nfp_since: Mapping[BydelNumber, int]


@cache
def packaged() -> Grounds:
    """What ships with the package."""
    return Grounds(
        births=packaged_births(),
        bydeler={one.bydel: one for one in packaged_estimates()},
        assumed=packaged_eligibility(),
        nfp_since={
            row.bydel: row.valid_from.year
            for row in packaged_rollout()
            if row.programme == COVERS_INSTEAD
        },
    )


def eligible(
    bydel: BydelNumber | None, year: int, grounds: Grounds | None = None
) -> Estimate | None:
    """The families in the target group with a child born in a year; None where nobody can say.

    Args:
        bydel: The bydel; None for the city, which is the sum of them.
        year: The year of birth.
        grounds: What it is made of; by default what ships with the package.
    """
    known = grounds or packaged()
    if year not in known.births or (bydel is not None and bydel not in known.bydeler):
        return None
    value, low, high = (
        round(_families(bydel, year, known, end, covering))
        for end, covering in ((_value, _value), (_low, _high), (_high, _low))
    )
    return Estimate(value, low, high)


def reach(visited: int | None, of: Estimate | None) -> Share | None:
    """Families visited by those estimated, with the range that the estimate alone gives it.

    None where the count is hidden or of one to four, or the estimate is of too few. An estimate may
    be too low, and then more are visited than there should be: a share is cut at 1.
    """
    if visited is None or is_small(visited) or of is None or of.low < SMALLEST_ESTIMATE:
        return None
    return Share(*(min(1.0, visited / whole) for whole in (of.value, of.high, of.low)))


def _families(
    bydel: BydelNumber | None, year: int, grounds: Grounds, end: _End, covering: _End
) -> float:
    of_year, of = grounds.births[year], grounds.assumed
    births = of_year.births * (end(of["births_in_year"]) if of_year.is_estimate else 1)
    weights = sum(one.births_per_year for one in grounds.bydeler.values())
    total = 0.0
    for number in grounds.bydeler if bydel is None else (bydel,):
        one = grounds.bydeler[number]
        has_nfp = grounds.nfp_since.get(number, year + 1) <= year
        covered = covering(of["nfp_share"]) if has_nfp else 0
        own = births * one.births_per_year / weights * _target(one, of, end) * (1 - covered)
        # The city's births are what they are, however they fall on the bydeler.
        total += own if bydel is None else own * end(of["births_in_bydel"])
    return total


def _target(one: BydelEstimate, of: Mapping[str, Assumption], end: _End) -> float:
    """The share of a bydel's births whose family the programme is for."""
    first = one.first_births_per_year / one.births_per_year * end(of["first_birth_factor"])
    first = min(1.0, first)
    return first + (1 - first) * min(1.0, sum(end(of[name]) for name in _NOT_THE_FIRST))


def _value(one: Assumption) -> float:
    return one.value


def _low(one: Assumption) -> float:
    return one.low


def _high(one: Assumption) -> float:
    return one.high
