"""The small town in which every simulated world begins: three nurses, six families.

It is built once in a database that each world copies.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.settings import Settings
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.families.intents import NewChild
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.needs.intents import StateNeed
from nyefamilier.storage import migrating
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.builders import DAY, HandClock, Household, nurse, send
from tests.databases import Databases
from tests.faults.randomness import repeatable_ids

NURSES: Final = (("stovner1", "11"), ("stovner2", "11"), ("alna1", "12"))
FAMILIES: Final = (0, 0, 0, 1, 1, 2)
"""Which nurse each family begins with."""
DATABASE: Final = "town"
TENANT: Final = "faults"

FOR_EVER = Lifetimes(token=timedelta(days=4_000))


@dataclass(frozen=True, slots=True)
class Resident:
    """A nurse, and the token by which the API knows her."""

    actor: Actor
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """Who is there when a world begins."""

    nurses: tuple[Resident, ...]
    families: tuple[UUID, ...]
    keyring: Path


def build_town(databases: Databases, folder: Path) -> Town:
    """Build the town into the database `DATABASE`."""
    databases.create(DATABASE)
    engine = databases.engine(DATABASE)
    try:
        migrating.upgrade(engine)
        with Session(engine) as session, session.begin():
            load_reference_data(session)
        with repeatable_ids("town"):
            return _people(engine, folder / "keyring.json")
    finally:
        engine.dispose()


def _people(engine: Engine, keyring: Path) -> Town:
    vault = Vault(LocalKeyring.open(keyring), TENANT)
    programme = assemble(Settings(environment="test"), engine, vault, HandClock())
    nurses = tuple(_nurse(programme, *one) for one in NURSES)
    chance = random.Random("families")
    homes = [_household(chance) for _ in FAMILIES]
    for number, home in enumerate(homes):
        _settle(programme, nurses[FAMILIES[number]].actor, home, chance, born=number % 2 == 1)
    return Town(nurses, tuple(UUID(int=home.id.int) for home in homes), keyring)


def _nurse(programme: Programme, name: str, bydel: str) -> Resident:
    with programme.work(SYSTEM, "test") as work:
        number = BydelNumber(bydel)
        account = create_account(work, NewAccount(name, name, Role.NURSE, number, None))
        token = issue_token(work, account.id, FOR_EVER)
    return Resident(nurse(account.id, bydel), token.secret)


def _household(chance: random.Random) -> Household:
    made = [_id(chance) for _ in range(6)]
    return Household(FamilyId(made[0]), *made[1:])


def _settle(
    programme: Programme, actor: Actor, home: Household, chance: random.Random, *, born: bool
) -> None:
    term = DAY + timedelta(days=-5 if born else 70)
    begin = (home.registration(), home.expects(term), home.is_offered(), home.says())
    send(programme, actor, home.id, *begin, mutation_id=_id(chance))
    need = StateNeed(_id(chance), home.mother, "sover lite")
    note = WriteNote(_id(chance), home.mother, "Rolig hjem.")
    send(programme, actor, home.id, need, note, mutation_id=_id(chance))
    if born:
        birth = home.gives_birth(DAY - timedelta(days=4), *_twin(chance))
        send(programme, actor, home.id, birth, mutation_id=_id(chance))


def _twin(chance: random.Random) -> tuple[NewChild, ...]:
    return (NewChild(_id(chance), "Minste Sten"),) if chance.random() < 0.3 else ()


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
