"""The simulated city: every family's life from 2013 to a day, for a seed. Pure.

What was published comes out by arithmetic, for any seed; who, when exactly and in which words is
the seed's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from nyefamilier.demo import reference
from nyefamilier.demo.cohorts import OURS, Arrival, Cell, arrivals, cells, first_births, starts
from nyefamilier.demo.courses import (
    Told,
    course,
    expecting_again,
    fitting_calls,
    moves_within,
    other_bydel,
)
from nyefamilier.demo.lives import Ending, Life, Removal, Reply, workday
from nyefamilier.demo.quotas import decide_calls
from nyefamilier.kernel.ids import BydelNumber

FAMILIES_TO_A_NURSE = 17
"""New families a year to each nurse: with two years each, some 30 at a time."""
FROM_LATER_TO_YES = 0.06
VOLUMES_UNTIL = 2019
"""The last year of the published volumes: until then the whole city hangs together."""


def simulate(seed: int, until: date, wanted: Callable[[Cell], bool] = lambda _: True) -> list[Life]:
    """The lives of the families that have become known until and including a day.

    Args:
        seed: Gives another city with the same figures.
        until: The last day on which a family becomes known.
        wanted: Which cells are needed; those that the published volumes hang on come anyway.
    """
    simulated_until = max(until, date(VOLUMES_UNTIL, 12, 31))
    lives = [
        life
        for cell in cells(simulated_until)
        if cell.year <= VOLUMES_UNTIL or wanted(cell)
        for life in _lives_of(seed, cell, simulated_until)
    ]
    seconds = [life.again for life in lives if life.again is not None]
    decide_calls([*lives, *seconds], Random(f"{seed}/quotas"))
    return [life for life in lives if life.identified <= until]


def nurses_in(bydel: BydelNumber) -> int:
    """How many nurses a bydel needs."""
    return max(3, round(first_births()[bydel] / FAMILIES_TO_A_NURSE))


def _lives_of(seed: int, cell: Cell, until: date) -> Iterator[Life]:
    rng = Random(f"{seed}/{cell}")
    assumed = reference.assumed()[cell.bydel]
    replies = _Replies(assumed.uptake if cell.programme == OURS else 1.0)
    leaving = _Leaving(assumed.leaving, rng.random())
    nurses = nurses_in(cell.bydel)
    for arrival in arrivals(cell, until, rng):
        told = Told(replies.next(arrival, rng), 1 + arrival.number % nurses)
        life = course(arrival, told, rng)
        if life.accepts:
            _may_move(life, leaving, until, rng)
            life.calls = fitting_calls(life, rng)
            life.again = expecting_again(life, rng)
        yield life


class _Replies:
    """Deals out replies so that the share of yes is right at every moment, not on average."""

    def __init__(self, uptake: float) -> None:
        self._uptake = uptake
        self._yes, self._other = 0.5, 0.0

    def next(self, arrival: Arrival, rng: Random) -> Reply:
        self._yes += self._uptake
        if self._yes >= 1:
            self._yes -= 1
            return self._a_yes(arrival, rng)
        self._other += 1
        return (Reply.NO, Reply.LATER, Reply.NO, Reply.NONE)[int(self._other) % 4]

    def _a_yes(self, arrival: Arrival, rng: Random) -> Reply:
        # In the autumn of 2016 nobody hesitates: the figure of November must not change afterwards.
        settled = arrival.on.year == 2016 and arrival.on.month >= 8
        hesitates = rng.random() < FROM_LATER_TO_YES
        return Reply.LATER_THEN_YES if hesitates and not settled else Reply.YES


class _Leaving:
    """Lets families leave at a rate a year: one each time so many family-years have passed."""

    def __init__(self, rate: float, phase: float) -> None:
        self._days = 365.25 / rate
        self._left = self._days * phase

    def within(self, days: int) -> int | None:
        """After how many of its *days* this family leaves; None if it stays."""
        if days < self._left:
            self._left -= days
            return None
        after, self._left = int(self._left), self._days
        return after


def _may_move(life: Life, leaving: _Leaving, until: date, rng: Random) -> None:
    ends = min(life.ends, until)
    days = (ends - life.enrolled).days
    if days <= 0:
        return
    after = leaving.within(days)
    if after is not None:
        _leaves(life, workday(life.enrolled + timedelta(days=max(after, 6))), rng)
    elif moves_within(rng, days / 365.25):
        day = workday(life.enrolled + timedelta(days=rng.randint(6, max(7, days - 3))))
        if day < ends:
            life.removals.append(Removal(day, life.bydel))


def _leaves(life: Life, on: date, rng: Random) -> None:
    if on >= life.ends:
        return
    begun = starts(life.programme)
    among = [bydel for bydel, day in begun.items() if day <= on and bydel not in {"16", "17"}]
    to = other_bydel(life.bydel, [one for one in among if one != life.bydel], rng)
    life.removals.append(Removal(on, to))
    if to is None and life.ending in {Ending.COMPLETED, Ending.WITHDRAWN}:
        life.ending, life.ends = Ending.LEFT_OSLO, on
