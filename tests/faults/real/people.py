"""Who is there when the faults begin: four nurses, five phones, families, half of them shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme
from nyefamilier.families.intents import CoverNurse
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from tests.builders import Household, address, nurse, send

BYDEL: Final = "11"
NURSES: Final = ("a", "b", "c", "d")
PHONES: Final = (("a1", "a"), ("b1", "b"), ("c1", "c"), ("c2", "c"), ("d1", "d"))
"""Each phone with its nurse; one nurse has two."""
COVERED: Final = (("a", "b"), ("c", "d"))
"""Whose families another nurse covers: two write on them, or three."""
FAMILIES: Final = 4
"""Of each nurse's own."""
_LONG: Final = Lifetimes(token=timedelta(hours=12))


@dataclass(frozen=True, slots=True)
class Person:
    """A nurse, and the token by which the API knows her."""

    actor: Actor
    token: str


@dataclass(frozen=True, slots=True)
class People:
    """The nurses by name, and which families each of them follows."""

    nurses: dict[str, Person]
    follows: frozenset[tuple[UUID, UUID]]
    """Family and nurse."""


def settle(programme: Programme) -> People:
    """Let nurses and families be there."""
    nurses = {name: _nurse(programme, name) for name in NURSES}
    homes = {name: [_family(programme, one) for _ in range(FAMILIES)]
             for name, one in nurses.items()}  # fmt: skip
    follows = {(home, nurses[name].actor.id) for name, own in homes.items() for home in own}
    for covered, by in COVERED:
        for home in homes[covered]:
            _cover(programme, nurses[covered].actor, home, nurses[by].actor)
            follows.add((home, nurses[by].actor.id))
    return People(nurses, frozenset(follows))


def _nurse(programme: Programme, name: str) -> Person:
    with programme.work(SYSTEM, "test") as work:
        number = BydelNumber(BYDEL)
        account = create_account(work, NewAccount(name * 3, name, Role.NURSE, number, None))
        token = issue_token(work, account.id, _LONG)
    return Person(nurse(account.id, BYDEL), token.secret)


def _family(programme: Programme, person: Person) -> UUID:
    home, today = Household(), _today(programme)
    begin = (
        home.registration(address(on=today)),
        home.expects(today + timedelta(days=70)),
        home.is_offered(today),
        home.says(on=today),
    )
    send(programme, person.actor, home.id, *begin)
    return UUID(int=home.id.int)


def _cover(programme: Programme, own: Actor, family: UUID, by: Actor) -> None:
    to, until = FamilyId(family), _today(programme) + timedelta(days=14)
    send(programme, own, to, CoverNurse(uuid4(), by.id, until))


def _today(programme: Programme) -> date:
    return programme.clock().date()
