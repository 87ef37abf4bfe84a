"""A programme on a database of the test's own, with reference data and nurses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.settings import Settings
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.builders import HandClock, nurse


@dataclass
class City:
    """A programme, its clock, and a nurse in Stovner, a second one there, and one in Alna."""

    programme: Programme
    clock: HandClock
    ours: Actor
    colleague: Actor
    theirs: Actor


@pytest.fixture
def city(committing: Engine, tmp_path: Path) -> City:
    clock = HandClock()
    vault = Vault(LocalKeyring.open(tmp_path / "keyring.json"), "test")
    programme = assemble(Settings(environment="test"), committing, vault, clock)
    nurses = [_nurse(programme, name, bydel) for name, bydel in NURSES]
    return City(programme, clock, *nurses)


NURSES = (("stovner1", "11"), ("stovner2", "11"), ("alna1", "12"))


def _nurse(programme: Programme, name: str, bydel: str) -> Actor:
    new = NewAccount(name, name, Role.NURSE, BydelNumber(bydel), "et langt passord 42")
    with programme.work(SYSTEM, "test") as work:
        return nurse(create_account(work, new).id, bydel)
