"""Families for those who sign in to a demonstration: a handful each, as they are today.

Each nurse of the demonstration has a pregnancy with a visit agreed, a newborn on its sixth day, a
baby of five months, a family with an interpreter; some have a bereaved family, a protected one,
twins who came home late, a family that has moved in. The lead has offers that nobody has answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

from nyefamilier.accounts.service import DEMO_BYDELER
from nyefamilier.demo.cohorts import OURS
from nyefamilier.demo.lives import (
    AGREED_VISIT,
    NEWBORN_VISIT,
    PREGNANCY_VISIT,
    Call,
    Ending,
    Life,
    Made,
    Removal,
    Reply,
    workday,
)
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import Basis

Scenario: TypeAlias = Callable[[Life, date], Life]

SEATS = (1, 2, 3)
TERM_DAYS = 280


def showcase(today: date) -> list[Life]:
    """The families of the demonstration's nurses on a day."""
    return [
        scenario(_plain(BydelNumber(bydel), seat, number, today), today)
        for bydel in sorted(DEMO_BYDELER)
        for seat in SEATS
        for number, scenario in enumerate(_scenarios(bydel, seat))
    ]


def _scenarios(bydel: str, seat: int) -> list[Scenario]:
    everybody = [_expects, _sixth_day, _five_months, _with_interpreter, _unanswered]
    some = [[_bereaved, _toddler], [_protected, _toddler], [_twins_home_late, _unanswered]][
        seat - 1
    ]
    moved = [_moved_in] if bydel == "12" and seat == 1 else []
    return [*everybody, *some, *moved]


def _plain(bydel: BydelNumber, seat: int, number: int, today: date) -> Life:
    """A family that said yes in week 20 and whose child is due in nine weeks."""
    term = today + timedelta(weeks=9)
    known = workday(term - timedelta(weeks=20))
    return Life(
        key=f"showcase/{bydel}/{seat}/{number}",
        bydel=bydel,
        seat=seat,
        programme=OURS,
        basis=Basis.FIRST_CHILD,
        identified=known,
        reply=Reply.YES,
        answered=workday(known + timedelta(days=4)),
        enrolled=workday(known + timedelta(days=4)),
        term=term,
        born=term,
        homecoming=term + timedelta(days=2),
        children=1,
        ending=Ending.COMPLETED,
        ends=date(term.year + 2, term.month, min(term.day, 28)),
    )


def _born(life: Life, born: date, *weeks: int) -> Life:
    """The same family with its child born on a day, visited before, soon after, and in *weeks*."""
    known = workday(born - timedelta(weeks=21))
    visits = [
        Call(workday(born - timedelta(weeks=9)), PREGNANCY_VISIT, Made.COUNTED),
        Call(workday(born + timedelta(days=8)), NEWBORN_VISIT, Made.COUNTED),
    ]
    visits += [
        Call(workday(born + timedelta(weeks=week)), AGREED_VISIT, Made.COUNTED) for week in weeks
    ]
    return replace(
        life,
        identified=known,
        answered=known,
        enrolled=known,
        term=born + timedelta(days=3),
        born=born,
        homecoming=born + timedelta(days=2),
        ends=date(born.year + 2, born.month, min(born.day, 28)) + timedelta(days=6),
        calls=visits,
    )


def _expects(life: Life, today: date) -> Life:
    agreed = workday(today - timedelta(days=4))
    visit = Call(workday(today + timedelta(days=2 + life.seat)), PREGNANCY_VISIT)
    return replace(life, booked=(min(agreed, today - timedelta(days=2)), visit))


def _sixth_day(life: Life, today: date) -> Life:
    born = today - timedelta(days=6)
    life = _born(life, born)
    newborn = life.calls.pop()
    return replace(life, booked=(born + timedelta(days=4), newborn))


def _five_months(life: Life, today: date) -> Life:
    return _born(life, today - timedelta(days=150 + life.seat), 3, 6, 11, 16, 24)


def _with_interpreter(life: Life, today: date) -> Life:
    speaks = ("so", "ti", "ar")[life.seat - 1]
    life = _born(life, today - timedelta(days=52), 3, 6, 10)
    return replace(life, speaks=speaks, basis=Basis.FIRST_CHILD_IN_NORWAY)


def _unanswered(life: Life, today: date) -> Life:
    known = workday(today - timedelta(days=9 + 3 * life.seat))
    term = known + timedelta(weeks=19)
    return replace(
        life,
        identified=known,
        answered=known,
        enrolled=known,
        reply=Reply.NONE,
        term=term,
        born=term,
        homecoming=term,
    )


def _bereaved(life: Life, today: date) -> Life:
    """Stillborn three weeks ago; the nurse has come once, because they asked her to."""
    life = _born(life, today - timedelta(days=21))
    life.calls.pop()
    return replace(life, ending=Ending.STILLBORN, ends=life.born)


def _protected(life: Life, today: date) -> Life:
    return replace(_born(life, today - timedelta(days=75), 4, 9), protected=True)


def _toddler(life: Life, today: date) -> Life:
    return _born(life, today - timedelta(days=430 + 9 * life.seat), 4, 9, 15, 26, 40, 52, 60)


def _twins_home_late(life: Life, today: date) -> Life:
    """Born in week 33, home three weeks ago: the clock that counts is that of homecoming."""
    born = today - timedelta(days=52)
    life = _born(life, born, 6, 9)
    came_home = born + timedelta(days=29)
    newborn = Call(workday(came_home + timedelta(days=4)), NEWBORN_VISIT, Made.COUNTED)
    calls = [life.calls[0], newborn, *(call for call in life.calls[2:] if call.on > newborn.on)]
    term = born + timedelta(weeks=7)
    return replace(life, children=2, term=term, homecoming=came_home, calls=calls)


def _moved_in(life: Life, today: date) -> Life:
    """From Alna to Stovner, with a handover."""
    life = _born(life, today - timedelta(days=120), 3, 7, 12, 18)
    on = workday(today - timedelta(days=20))
    return replace(life, removals=[Removal(on, BydelNumber("11"))])
