"""The forecast agrees with lives that are drawn one by one; it knows no formula of the forecast's.

``LIVES=200000 pytest tests/unit/visits/test_forecast_simulated.py`` draws more of each bydel.

How near is near enough: the only difference that is allowed is what drawing so many lives and no
more leaves to chance. A mean of N lives errs by its standard error, the spread over the root of N;
a share s of them by the root of s(1-s)/N. Five of those are allowed, which one comparison in
1.7 million exceeds by chance, and about a thousand are made. Where almost no life has a visit in a
week, the spread is not seen either: five lives more are allowed for that. P10 and P90 are whole
numbers, so they are right where the share that stays at or below them is at least theirs, and the
share below them at most theirs.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from random import Random

import pytest

from nyefamilier.visits.forecast import WEEKS, Unvisited, Week, newborn_forecast
from nyefamilier.visits.reading import packaged_gestation

LIVES = int(os.environ.get("LIVES", "2000"))
ERRORS = 5
DAY = timedelta(days=1)

EASTER = frozenset(date(2027, 3, day) for day in (25, 26, 28, 29))
CHRISTMAS = frozenset({date(2028, 12, 25), date(2028, 12, 26), date(2029, 1, 1)})
HOLIDAYS = EASTER | CHRISTMAS
IN_MARCH, IN_DECEMBER = date(2027, 3, 3), date(2028, 12, 6)


@dataclass(frozen=True)
class Pregnancy:
    """One that somebody has told of: how many children, and whether it was lost before today."""

    term: date
    children: int = 1
    lost: bool = False


@dataclass(frozen=True)
class Bydel:
    """What is known in a bydel on a day."""

    today: date
    pregnancies: tuple[Pregnancy, ...]
    born: tuple[date, ...] = ()


def bydel(
    today: date, many: int, first: int, last: int, *, twins: float = 0, losses: float = 0
) -> Bydel:
    """Some pregnancies whose terms lie from one day to another, counted from today."""
    chance = Random(many * 1000 + last)  # noqa: S311 - nothing secret is drawn
    found = tuple(
        Pregnancy(
            today + timedelta(days=chance.randrange(first, last + 1)),
            children=2 if chance.random() < twins else 1,
            lost=chance.random() < losses,
        )
        for _ in range(many)
    )
    return Bydel(today, found, (today - 4 * DAY, today - 2 * DAY))


BYDELER = {
    "a few families": bydel(IN_MARCH, 6, -5, 90),
    "a small bydel in Easter": bydel(IN_MARCH, 45, -12, 150),
    "a large bydel": bydel(IN_MARCH, 220, -14, 180),
    "many past their term": bydel(IN_MARCH, 60, -27, 0),
    "every second has twins": bydel(IN_MARCH, 50, -10, 120, twins=0.5),
    "a third was lost": bydel(IN_MARCH, 70, -10, 120, losses=0.33),
    "a small bydel in Christmas": bydel(IN_DECEMBER, 30, -14, 35),
    "a large bydel in Christmas": bydel(IN_DECEMBER, 150, -14, 120, twins=0.02, losses=0.05),
}


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


@pytest.mark.parametrize("name", BYDELER)
def test_the_forecast_agrees_with_lives_that_are_drawn_one_by_one(name):
    known = BYDELER[name]
    # What is lost is counted no more, and twins are visited together.
    terms = [one.term for one in known.pregnancies if not one.lost]
    born = [Unvisited(one) for one in known.born]
    told = newborn_forecast(terms, born, known.today, packaged_gestation(), is_working)
    drawn = lived(known, Random(f"{name} {LIVES}"))  # noqa: S311 - nothing secret is drawn

    assert len(told.weeks) == WEEKS
    wrong = [why for week in told.weeks for why in differs(week, drawn[week.monday])]
    assert not wrong


def differs(week: Week, seen: Counter[int]) -> Iterator[str]:
    """What of a week is further from the drawn lives than chance explains.

    Args:
        week: As it is told.
        seen: How many of the lives had so many visits in it.
    """
    mean = sum(n * times for n, times in seen.items()) / LIVES
    spread = sqrt(sum(times * (n - mean) ** 2 for n, times in seen.items()) / LIVES)
    if abs(mean - week.mean) > ERRORS * spread / sqrt(LIVES) + ERRORS / LIVES:
        yield f"{week.monday}: mean {week.mean}, drawn {mean}"
    for most, share in ((week.p10, 0.1), (week.p90, 0.9)):
        error = ERRORS * sqrt(share * (1 - share) / LIVES)
        within = sum(times for n, times in seen.items() if n <= most) / LIVES
        below = sum(times for n, times in seen.items() if n < most) / LIVES
        if within < share - error or below > share + error:
            yield f"{week.monday}: {share} is {most}, drawn {below} below and {within} within"


def lived(known: Bydel, chance: Random) -> dict[date, Counter[int]]:
    """By week: how many of the lives had so many visits in it."""
    first = known.today - known.today.weekday() * DAY
    visits = [bytearray(LIVES) for _ in range(WEEKS)]
    for one in known.born:
        week = visits[(visited(one, known.today) - first).days // 7]
        week[:] = bytes(n + 1 for n in week)
    for pregnancy in known.pregnancies:
        if not pregnancy.lost:
            _give_birth(pregnancy, known.today, first, visits, chance)
    return {first + 7 * n * DAY: Counter(week) for n, week in enumerate(visits)}


def _give_birth(
    pregnancy: Pregnancy, today: date, first: date, visits: Sequence[bytearray], chance: Random
) -> None:
    """Draw a birth for each life, and count the one visit to whoever is born then."""
    week_of: dict[int, int] = {}
    for life, day in enumerate(_births(pregnancy.term, today, chance)):
        if day not in week_of:
            born_on = pregnancy.term + (day - 280) * DAY
            each = {visited(born_on, today) for _ in range(pregnancy.children)}
            (visit,) = each
            week_of[day] = (visit - first).days // 7
        if week_of[day] < WEEKS:
            visits[week_of[day]][life] += 1


def _births(term: date, today: date, chance: Random) -> list[int]:
    """For each life the day of the pregnancy on which it ends: none of those that have passed."""
    lasted = 280 + (today - term).days
    left = {day: p for day, p in packaged_gestation().probability.items() if day >= lasted}
    return chance.choices(list(left), weights=left.values(), k=LIVES)


def visited(born_on: date, today: date) -> date:
    """Day 8, else 7, 9, 10; when none is a working day 6, 5, 11, 12, 13; when late, from today."""
    tried = (8, 7, 9, 10, 6, 5, 11, 12, 13)
    day = next(on for days in tried if is_working(on := born_on + days * DAY))
    while day < today or not is_working(day):
        day = max(day + DAY, today)
    return day
