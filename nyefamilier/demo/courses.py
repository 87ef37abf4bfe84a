"""How one family's days fall: term, birth, losses, moves, and the visits that would fit.

Rates are round numbers near what is known and mean nothing beyond this demonstration.

Sources: docs/demo-city.md, "Assumptions".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from nyefamilier.demo.cohorts import OURS, Arrival
from nyefamilier.demo.lives import (
    AGREED_VISIT,
    NEWBORN_VISIT,
    PREGNANCY_VISIT,
    Call,
    Ending,
    Life,
    Reply,
    workday,
)
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import Basis

TWINS = 0.016
PREMATURE = 0.06
AFTER_BIRTH = 0.12
"""Families that become known with the child already born: moved here, or new in Norway."""
LOST, STILLBORN, CHILD_DIED = 0.009, 0.003, 0.002
WITHDRAWS = 0.03
"""From ours. Who leaves the other programme becomes eligible for ours, and a single such family in
a bydel's early year would hide its neighbours' figures."""
PROTECTED = 0.004
UNREGISTERED = 0.003
"""Families of which no register knows the address."""
PROTECTED_FROM = 2020
"""No family is protected or unregistered from the first day before then: beside the lone pilot's
line in the table another one with a family or two would hide its figures."""
EXPECTS_AGAIN = 0.08
NEEDS_IT_AGAIN = 0.4
AGAIN_FROM = 2020
LATEST_AGAIN = timedelta(days=4 * 365)

_WEEKS = (3, 5, 8, 11, 15, 19, 23, 28, 33, 38, 44, 52, 60, 70, 82, 95)
_BASES = (
    (Basis.FIRST_CHILD, 0.74),
    (Basis.FIRST_CHILD_TOGETHER, 0.84),
    (Basis.FIRST_CHILD_IN_NORWAY, 0.95),
    (Basis.EXTENDED_NEED, 1.0),
)
_PILOT_UNTIL = 2016
_NFP_WEEKS = (*range(1, 7), *range(8, 88, 4))


@dataclass(frozen=True, slots=True)
class Told:
    """What was decided for all families together, so that published shares come out."""

    reply: Reply
    seat: int


def course(arrival: Arrival, told: Told, rng: Random) -> Life:
    """The life of the family that *arrival* is, with every visit that would fit it."""
    cell = arrival.cell
    term, born = _days_of_birth(arrival, rng)
    ending, ends = _ending(arrival, born, rng)
    answered = _answered(arrival, rng)
    later = told.reply is Reply.LATER_THEN_YES
    enrolled = workday(answered + timedelta(days=rng.randint(25, 60))) if later else answered
    life = Life(
        key=f"{cell}/{arrival.number:03}",
        bydel=cell.bydel,
        seat=told.seat,
        programme=cell.programme,
        basis=_basis(arrival, rng),
        identified=arrival.on,
        reply=told.reply,
        answered=answered,
        enrolled=enrolled,
        term=term,
        born=born,
        homecoming=_homecoming(term, born, rng),
        children=2 if rng.random() < TWINS else 1,
        ending=ending,
        ends=max(ends, enrolled + timedelta(days=5)),
    )
    life.protected = cell.year >= PROTECTED_FROM and rng.random() < PROTECTED
    life.unregistered = cell.year >= PROTECTED_FROM and rng.random() < UNREGISTERED
    return life


def fitting_calls(life: Life, rng: Random) -> list[Call]:
    """The visits that would fit a family that said yes, by day; more than anybody makes."""
    calls = _nfp_calls(life, rng) if life.programme == "nfp" else _calls(life, rng)
    fitting = [call for call in calls if life.enrolled < call.on < life.ends]
    by_day = {call.on: call for call in reversed(fitting)}
    return [by_day[day] for day in sorted(by_day)]


def expecting_again(life: Life, rng: Random) -> Life | None:
    """The couple's next pregnancy; only some need the programme again, and those are offered it.

    From 2020 on only, so that no published figure has second children in it.
    """
    known = workday(life.ends + timedelta(days=rng.randint(20, 400)))
    if life.ending is not Ending.COMPLETED or rng.random() > EXPECTS_AGAIN:
        return None
    if known.year < AGAIN_FROM or known - life.born > LATEST_AGAIN:
        return None
    term = known + timedelta(weeks=40 - rng.randint(13, 24))
    born = term - timedelta(days=round(rng.gauss(3, 8)))
    again = replace(
        life,
        key=f"{life.key}/2",
        basis=Basis.EXTENDED_NEED if rng.random() < NEEDS_IT_AGAIN else None,
        identified=known,
        reply=Reply.YES,
        answered=known,
        enrolled=known,
        term=term,
        born=born,
        homecoming=born + timedelta(days=2),
        children=1,
        ends=_two_years_after(born) + timedelta(days=rng.randint(3, 20)),
        removals=[],
        calls=[],
    )
    if again.basis is None:
        return replace(again, reply=Reply.NONE)
    again.calls = [call for call in _calls(again, rng) if known < call.on < again.ends]
    return again


def _days_of_birth(arrival: Arrival, rng: Random) -> tuple[date, date]:
    known, is_nfp = arrival.on, arrival.cell.programme == "nfp"
    if rng.random() < AFTER_BIRTH and not is_nfp:
        born = known - timedelta(days=rng.randint(4, 70))
        return born + timedelta(days=rng.randint(-8, 12)), born
    term = known + timedelta(weeks=40 - rng.randint(13, 24 if is_nfp else 30))
    early = rng.randint(25, 70) if rng.random() < PREMATURE else round(rng.gauss(1, 8))
    born = term - timedelta(days=max(-13, early))
    return term, max(born, known + timedelta(days=8))


def _ending(arrival: Arrival, born: date, rng: Random) -> tuple[Ending, date]:
    dice, known = rng.random(), arrival.on
    pregnant = born > known + timedelta(days=30)
    if pregnant and dice < LOST:
        return Ending.LOST, known + (born - known) * rng.uniform(0.2, 0.6)
    if pregnant and dice < LOST + STILLBORN:
        return Ending.STILLBORN, born
    if dice > 1 - CHILD_DIED:
        return Ending.CHILD_DIED, max(born, known) + timedelta(days=rng.randint(12, 200))
    if dice > 1 - CHILD_DIED - WITHDRAWS and arrival.cell.programme != "nfp":
        return Ending.WITHDRAWN, max(born, known) + timedelta(days=rng.randint(40, 500))
    return Ending.COMPLETED, _two_years_after(born) + timedelta(days=rng.randint(3, 20))


def _two_years_after(born: date) -> date:
    return date(born.year + 2, born.month, min(born.day, 28))


def _homecoming(term: date, born: date, rng: Random) -> date:
    weeks_early = (term - born).days // 7
    if weeks_early < 4:
        return born + timedelta(days=rng.choice((2, 2, 2, 3)))
    return born + timedelta(days=weeks_early * 4 + rng.randint(0, 6))


def _answered(arrival: Arrival, rng: Random) -> date:
    """Half of them answer as they are asked; the others think about it."""
    wait = 0 if rng.random() < 0.5 else rng.randint(3, 14)
    if arrival.cell.bydel == "11" and arrival.on.year == _PILOT_UNTIL and arrival.on.month >= 10:
        wait = 0  # so that the figure of November 2016 read the same on that day as it does today
    return arrival.on if wait == 0 else workday(arrival.on + timedelta(days=wait))


def _basis(arrival: Arrival, rng: Random) -> Basis:
    dice = rng.random()
    if arrival.cell.programme == "nfp" or arrival.cell.year < _PILOT_UNTIL:
        return Basis.FIRST_CHILD
    return next(basis for basis, up_to in _BASES if dice < up_to)


def _calls(life: Life, rng: Random) -> list[Call]:
    calls = []
    if life.enrolled + timedelta(days=4) < life.born:
        opens = max(life.term - timedelta(days=82), life.enrolled + timedelta(days=4))
        day = workday(opens + timedelta(days=rng.randint(0, 30)))
        if day < min(life.born, life.term):
            calls.append(Call(day, PREGNANCY_VISIT))
    if life.is_born:
        soon = max(life.born + timedelta(days=rng.randint(7, 8)), life.homecoming)
        calls.append(Call(workday(soon), NEWBORN_VISIT))
        calls += _agreed(life, rng)
    if life.programme != OURS:
        # The other programme has a rhythm and no anchors: its nurse and the family agree.
        return [Call(call.on, AGREED_VISIT) for call in calls]
    return calls


def _agreed(life: Life, rng: Random) -> list[Call]:
    wanted = min(len(_WEEKS), round(rng.expovariate(1 / _appetite(life.identified.year))))
    reach = min(len(_WEEKS), wanted + 5)
    weeks = sorted(rng.sample(_WEEKS[:reach], wanted))
    days = [life.homecoming + timedelta(weeks=week, days=rng.randint(-5, 5)) for week in weeks]
    return [Call(workday(day), AGREED_VISIT) for day in days]


def _appetite(year: int) -> float:
    """How many agreed visits would fit on average: many in the pilot, few when it was for all."""
    if year < _PILOT_UNTIL - 1:
        return 9.0
    return 6.0 if year < 2020 else 2.0


def _nfp_calls(life: Life, rng: Random) -> list[Call]:
    before = [
        life.enrolled + timedelta(days=days)
        for days in (7, 14, 21, *range(35, (life.born - life.enrolled).days - 5, 21))
    ]
    after = [life.homecoming + timedelta(weeks=week) for week in _NFP_WEEKS]
    kept = [day for day in (*before, *after) if rng.random() < 0.85]
    return [Call(workday(day), AGREED_VISIT) for day in kept]


def moves_within(rng: Random, years: float) -> bool:
    """Whether the family changes address inside its bydel: 8 % a year, as in Alna in 2017."""
    return rng.random() < 0.08 * years


def other_bydel(origin: BydelNumber, among: list[BydelNumber], rng: Random) -> BydelNumber | None:
    """Where a family goes that leaves its bydel; None for out of Oslo.

    In Alna, 204 of 511 children under five who left in 2017 stayed in Oslo (bydelsfakta, probable).
    """
    if not among or rng.random() > 204 / 511:
        return None
    return rng.choice([bydel for bydel in among if bydel != origin])
