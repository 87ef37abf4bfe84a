"""Which of the city's families a size holds.

``city`` is all of them. ``small`` is some of the very same ones, so that the city can be loaded on
top of it: in Stovner as many of each reply as keep its uptake what it is, elsewhere enough in the
two latest years for a chart, with some bydeler too small to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import groupby

from nyefamilier.demo.cohorts import OURS, Cell
from nyefamilier.demo.lives import Life, Made, Reply
from nyefamilier.demo.showcase import showcase
from nyefamilier.demo.simulating import simulate

STOVNER = "11"
PILOT = (25, 5)
"""Stovner until 2016: so many that say yes and no in each year; 25 of 30 are 83 %."""
SINCE = (5, 1)
LATEST = {
    "01": (19, 5),
    "02": (22, 5),
    "03": (24, 5),
    "05": (18, 5),
    "08": (26, 5),
    "11": (25, 5),
    "12": (21, 5),
    "13": (23, 5),
    "15": (18, 6),
}
"""Yes and no in each of the two latest years, where there are enough of both to be shown."""
ELSEWHERE = (5, 2)


class Size(StrEnum):
    """How much of the city is loaded."""

    SMALL = "small"
    CITY = "city"


def lives_of(size: Size, seed: int, today: date) -> list[Life]:
    """The lives that a size holds on a day, those of today's nurses first."""
    if size is Size.CITY:
        return [*showcase(today), *simulate(seed, today)]
    lives = simulate(seed, today, lambda cell: _is_wanted(cell, today))
    return [*showcase(today), *_some(lives, today)]


def _is_wanted(cell: Cell, today: date) -> bool:
    return cell.programme == OURS and (cell.bydel == STOVNER or cell.year >= today.year - 1)


def _some(lives: Iterable[Life], today: date) -> Iterator[Life]:
    for (bydel, year, programme), group in groupby(lives, _cell_of):
        yes, no = _how_many(bydel, year, programme, today)
        alike = list(group)
        yield from _shortest([one for one in alike if one.reply is Reply.YES], yes)
        yield from _shortest([one for one in alike if one.reply is Reply.NO], no)


def _cell_of(life: Life) -> tuple[str, int, str]:
    return life.bydel, life.identified.year, life.programme


def _how_many(bydel: str, year: int, programme: str, today: date) -> tuple[int, int]:
    if programme != OURS:
        return (1, 0)
    if year >= today.year - 1:
        return LATEST.get(bydel, ELSEWHERE)
    if bydel != STOVNER:
        return (0, 0)
    return PILOT if year <= 2016 else SINCE


def _shortest(lives: list[Life], count: int) -> list[Life]:
    """Those with the fewest visits, so that little is loaded; told in the order they came."""
    by_length = sorted(lives, key=lambda life: (_length(life), life.key))
    return sorted(by_length[:count], key=lambda life: life.key)


def _length(life: Life) -> int:
    made = sum(call.made is not Made.NEVER for call in life.calls)
    # One visit is the shortest that anybody would call taking part.
    return abs(made - 1) * 2 + (life.answered != life.identified)
