"""Times to offer and a bydel's week beside a bare query through the same stack; and 10,000 texts.

Run ``python -m bench scheduling``. Twelve nurses of one bydel have appointments for four weeks. The
bare query reads a family's visits by their index and answers with their ids: the same sign-in, the
same unit of work, the same shaping of the answer, and nothing of the programme. The kinds take
turns, so that what else the machine does meets all of them alike. Of the texts see `bench._texts`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from flask import Flask
from marshmallow import fields as ma

from api.app import create_app
from api.doorway import guarded_blueprint, work
from api.fields import Id, Shown
from bench import _texts
from bench._asking import Kind, ask_of, in_turns, print_ratios
from bench._machine import usage
from bench.pull import nurse, private, write
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme
from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily
from nyefamilier.families.states import MemberRole
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.visits import store
from nyefamilier.visits.intents import BookVisit

NURSES = 12
WEEKS = 4
HOURS = (9, 12)
"""When a nurse has her appointments, on each working day."""
FULL = (9, 11, 13)
"""When nothing is left between them, and the answer is looked for outside the window."""

_Ask: TypeAlias = Callable[[str], None]

bare = guarded_blueprint("bare", __name__, "/bare", roles=[Role.NURSE])


class _Ids(Shown):
    ids = ma.List(Id())


@bare.get("/<uuid:family_id>")  # type: ignore[untyped-decorator]
@bare.response(200, _Ids)  # type: ignore[untyped-decorator]
def read_bare(family_id: UUID) -> dict[str, Any]:
    """The ids of a family's visits."""
    with work() as current:
        return {"ids": [row.id for row in store.visits_of(current.session, family_id)]}


def main(words: Sequence[str] = ()) -> None:
    """Fill a bydel's weeks, ask in turns, and print the ratios."""
    options = _parser().parse_args(words)
    for title, hours in ((f"{len(HOURS)} appointments a day", HOURS), ("every day full", FULL)):
        print(f"\n{NURSES} nurses, {title}, each asked {options.turns} times in turn:\n")
        _measure(hours, options.turns)
    _texts.main(options.texts)


def _measure(hours: Sequence[int], turns: int) -> None:
    with private() as programme:
        actor, token = nurse(programme)
        family = _fill(programme, actor, hours)
        client = _app(programme).test_client()
        ask, ask_as_lead = (
            partial(ask_of, client, _signed(one)) for one in (token, _lead(programme))
        )
        kinds, before = _kinds(ask, ask_as_lead, family, programme.clock().date()), usage()
        print_ratios(in_turns(turns, kinds), "question")
        print(f"\nOthers took {(usage() - before).foreign:.0%} of the CPU meanwhile.")


def _app(programme: Programme) -> Flask:
    app = create_app(programme)
    app.register_blueprint(bare)
    return app


def _signed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _kinds(ask: _Ask, ask_as_lead: _Ask, family: UUID, today: date) -> dict[str, Kind]:
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    return {
        "bare": partial(ask, f"/bare/{family}"),
        "slots": partial(ask, f"/api/v1/families/{family}/slots"),
        "week": partial(ask_as_lead, f"/api/v1/calendar/bydel?on={monday}&days=7"),
    }


def _fill(programme: Programme, own: Actor, hours: Sequence[int]) -> UUID:
    """Give every nurse a family and appointments with it; the first nurse's family."""
    colleagues = [_colleague(programme, number) for number in range(NURSES - 1)]
    homes = []
    for number, actor in enumerate([own, *colleagues]):
        homes.append(_family(programme, actor, number))
        for at in _appointments(programme.clock().date(), hours):
            write(programme, actor, homes[-1], _visit(at))
    home = _family(programme, own, NURSES)
    write(programme, own, home, _visit(_at(programme.clock().date(), 120, 9)))
    return home


def _visit(at: datetime) -> BookVisit:
    """A visit whatever day it is: the figures are the same on a holiday."""
    return BookVisit(uuid4(), at, outside_hours="Familien ønsket det.")


def _colleague(programme: Programme, number: int) -> Actor:
    account = NewAccount(
        f"bench{number}", "Rask Bjørk", Role.NURSE, BydelNumber("11"), "fire vanlige ord her"
    )
    with programme.work(SYSTEM, "bench") as current:
        return create_account(current, account).actor


def _lead(programme: Programme) -> str:
    account = NewAccount(
        "benchlead", "Stille Fjell", Role.LEAD, BydelNumber("11"), "fire vanlige ord her"
    )
    with programme.work(SYSTEM, "bench") as current:
        lead = create_account(current, account)
        return issue_token(current, lead.id, Lifetimes()).secret


def _family(programme: Programme, actor: Actor, number: int) -> FamilyId:
    home, today = FamilyId(uuid4()), programme.clock().date()
    place = NewAddress(uuid4(), "0301111101", today, lines=f"Prøveveien {number}")
    mother = NewMember(uuid4(), MemberRole.MOTHER, f"Rask Bjørk {number}")
    write(programme, actor, home, RegisterFamily((mother,), place))
    return home


def _appointments(today: date, hours: Sequence[int]) -> list[datetime]:
    return [
        _at(today, days, hour)
        for days in range(1, 7 * WEEKS)
        for hour in hours
        if (today + timedelta(days)).weekday() < 5 and not is_holiday(today + timedelta(days))
    ]


def _at(today: date, days: int, hour: int) -> datetime:
    return datetime.combine(today + timedelta(days), time(hour), OSLO)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench scheduling", description=__doc__)
    parser.add_argument("--turns", type=int, default=300, help="how often each is asked")
    parser.add_argument("--texts", type=int, default=10_000, help="how many texts are due")
    return parser


if __name__ == "__main__":
    main()
