"""How many newborn visits a bydel will have each week, before anybody knows when. Pure.

Each pregnancy that goes on today is one visit in a week that nobody knows yet; its term says how
likely each week is. Nothing is booked from this: it is what to keep free.

Sources: the days of pregnancy in ``data/gestation.csv``, an estimate; a sum of independent visits
is Poisson binomial, and its distribution is worked out exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from nyefamilier.visits.newborn import IsWorking, day_after

WEEKS: Final = 26
"""How many weeks ahead are told, this one included."""
LOW, HIGH = 0.1, 0.9
"""One week in ten has no more visits than P10, nine in ten no more than P90."""

_TERM_DAY: Final = 280
_LEAST: Final = 1e-12
"""What adding up may leave of a certainty."""


@dataclass(frozen=True, slots=True)
class Gestation:
    """How likely a birth is on each day of a pregnancy; day 280 is the term."""

    probability: Mapping[int, float]

    def births(self, term: date, today: date) -> dict[date, float]:
        """How likely a birth is on each day from today on, for a child not born before today.

        Empty for a pregnancy that would be longer than any that is known.
        """
        lasted = _TERM_DAY + (today - term).days
        ahead = {day: one for day, one in self.probability.items() if day >= lasted}
        total = sum(ahead.values())
        return {term + timedelta(day - _TERM_DAY): one / total for day, one in ahead.items()}


@dataclass(frozen=True, slots=True)
class Week:
    """The newborn visits to expect in a week.

    Args:
        monday: Its first day.
        mean: How many on average.
        p10: So many or fewer, one week in ten at least.
        p90: So many or fewer, nine weeks in ten at least: what to keep free.
    """

    monday: date
    mean: float
    p10: int
    p90: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What to expect week by week.

    Args:
        pregnancies: How many pregnancies it counts.
        without_news: Pregnancies past every known length, which it does not count: the birth, or
            how the pregnancy ended, has not been told.
    """

    weeks: tuple[Week, ...]
    pregnancies: int
    without_news: int


@dataclass(frozen=True, slots=True)
class Unvisited:
    """A child whom nobody has visited: when it was born, and for which day a visit is agreed on."""

    born_on: date
    agreed_on: date | None = None


def newborn_forecast(
    terms: Sequence[date],
    born: Sequence[Unvisited],
    today: date,
    gestation: Gestation,
    is_working: IsWorking,
) -> Forecast:
    """The newborn visits to expect in each of the next weeks.

    Args:
        terms: The terms of the pregnancies that go on today.
        born: The births after which the visit has not been made; that visit is certain.
        today: The day on which nobody has been told of another birth.
        gestation: How long pregnancies last.
        is_working: Whether nurses work on a day.
    """
    counted = [births for term in terms if (births := gestation.births(term, today))]
    certain = [{_visited_on(one, today, is_working): 1.0} for one in born]
    chances = _chances([*_visits(counted, is_working), *certain])
    first = monday_of(today)
    mondays = [first + timedelta(weeks=n) for n in range(WEEKS)]
    return Forecast(
        weeks=tuple(_week(monday, chances[monday]) for monday in mondays),
        pregnancies=len(counted),
        without_news=len(terms) - len(counted),
    )


def monday_of(day: date) -> date:
    """The first day of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def counts(chances: Iterable[float]) -> list[float]:
    """How likely it is that none, one, two … of some independent things happen."""
    found = [1.0]
    for chance in chances:
        stays = [one * (1 - chance) for one in found]
        rises = [one * chance for one in found]
        found = [a + b for a, b in zip([*stays, 0.0], [0.0, *rises], strict=True)]
    return found


def quantile(likely: Sequence[float], share: float) -> int:
    """The least number that is not exceeded with that probability."""
    within = accumulate(likely)
    return next((n for n, sum_ in enumerate(within) if sum_ >= share - _LEAST), len(likely) - 1)


def _visited_on(one: Unvisited, today: date, is_working: IsWorking) -> date:
    """The day that was agreed on; else the best one. What is late is not made on a Sunday."""
    if one.agreed_on is not None and one.agreed_on >= today:
        return one.agreed_on
    day = max(day_after(one.born_on, is_working), today)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def _visits(
    births: Iterable[Mapping[date, float]], is_working: IsWorking
) -> Iterator[dict[date, float]]:
    """How likely the visit is on each day, for each pregnancy."""
    visited_on: dict[date, date] = {}
    for one in births:
        found: dict[date, float] = defaultdict(float)
        for born_on, chance in one.items():
            if born_on not in visited_on:
                visited_on[born_on] = day_after(born_on, is_working)
            found[visited_on[born_on]] += chance
        yield found


def _chances(visits: Iterable[Mapping[date, float]]) -> dict[date, list[float]]:
    """For each week, by its Monday: how likely it is to hold each of the visits."""
    found: dict[date, list[float]] = defaultdict(list)
    for one in visits:
        weekly: dict[date, float] = defaultdict(float)
        for day, chance in one.items():
            weekly[monday_of(day)] += chance
        for monday, chance in weekly.items():
            found[monday].append(chance)
    return found


def _week(monday: date, chances: Sequence[float]) -> Week:
    likely = counts(chances)
    return Week(monday, sum(chances), quantile(likely, LOW), quantile(likely, HIGH))
