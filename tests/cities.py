"""A small programme for tests: a clock moved by hand, three nurses, a family that said yes."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from nyefamilier.accounts.service import NewAccount, accounts, create_account
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.builders import DAY, HandClock, Household, nurse, send

TERM = DAY + timedelta(days=70)
PASSWORD = "et langt passord 42"
_NURSES = (("stovner1", "11"), ("stovner2", "11"), ("alna1", "12"))


@dataclass
class City:
    """A programme, its clock, and a nurse in Stovner, a second one there, and one in Alna."""

    programme: Programme
    clock: HandClock
    ours: Actor
    colleague: Actor
    theirs: Actor


def build_programme(engine: Engine | Connection, folder: Path) -> Programme:
    """A programme on *engine*, with its keyring in *folder*.

    On a connection that has a transaction open, every commit is a savepoint in it.
    """
    vault = Vault(LocalKeyring.open(folder / "keyring.json"), "test")
    # A phone here lives through days in a second, and its server must not think it in a hurry.
    settings = Settings(environment="test", sync_a_minute=1_000_000)
    programme = assemble(settings, engine.engine, vault, HandClock())
    sessions = sessionmaker(
        engine,
        class_=WriteBehind,
        join_transaction_mode="create_savepoint",
        expire_on_commit=False,
    )
    if isinstance(engine, Engine):
        return replace(programme, sessions=sessions)
    return replace(
        programme, sessions=sessions, snapshots=sessions, glances=lambda: nullcontext(engine)
    )


def build_city(engine: Engine | Connection, folder: Path) -> City:
    """A programme with its clock and the nurses that `people_city` put there."""
    programme = build_programme(engine, folder)
    clock = programme.clock
    assert isinstance(clock, HandClock)
    with programme.work(SYSTEM, "test") as work:
        known = {one.username: one for one in accounts(work)}
    return City(programme, clock, *(nurse(known[name].id, bydel) for name, bydel in _NURSES))


def people_city(engine: Engine, folder: Path) -> None:
    """Open the nurses' accounts; done once, in the template, since a password's hash is slow."""
    programme = build_programme(engine, folder)
    with programme.work(SYSTEM, "test") as work:
        for name, bydel in _NURSES:
            create_account(work, NewAccount(name, name, Role.NURSE, BydelNumber(bydel), PASSWORD))


def settle(city: City) -> Household:
    """A family in Stovner that said yes in pregnancy."""
    home = Household()
    send(
        city.programme,
        city.ours,
        home.id,
        home.registration(),
        home.expects(TERM),
        home.is_offered(),
        home.says(),
    )
    return home
