"""A whole programme behind a test client, with somebody of every role to sign in as."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from config.settings import Settings
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.api.callers import PASSWORD, Caller
from tests.api.homes import Home
from tests.builders import HandClock
from tests.databases import Databases

LIFETIMES = Lifetimes()
FOR_A_YEAR = Lifetimes(token=timedelta(days=366))
"""For tests that move the clock and are not about tokens."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="module")
def database(server: Databases, worker_id: str) -> Generator[object, None, None]:
    """A database of the module's own, for tests that commit."""
    name = f"{worker_id}_api_{uuid4().hex[:8]}"
    server.create(name, "template")
    engine = server.engine(name)
    yield engine
    engine.dispose()
    server.drop(name)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    path: Path = tmp_path_factory.mktemp("keys") / "keyring.json"
    return Vault(LocalKeyring.open(path), "test")


@pytest.fixture
def programme(database: object, vault: Vault, clock: HandClock) -> Programme:
    return assemble(Settings(environment="test"), database, vault, clock)


@pytest.fixture
def app(programme: Programme) -> Flask:
    return create_app(programme)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    # An address of its own, since failed attempts are counted by address.
    client.environ_base["REMOTE_ADDR"] = f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"
    return client


@pytest.fixture
def person(programme: Programme) -> Callable[..., AccountIdentity]:
    """Opens an account of a role."""

    def open_account(role: Role = Role.NURSE, bydel: str = "11") -> AccountIdentity:
        works_in = BydelNumber(bydel) if role in {Role.NURSE, Role.LEAD} else None
        name = f"{role.value.replace('_', '-')}-{uuid4().hex[:8]}"
        with programme.work(SYSTEM, "test") as work:
            return create_account(work, NewAccount(name, "Rask Bjørk", role, works_in, PASSWORD))

    return open_account


@pytest.fixture
def caller(client: FlaskClient, programme: Programme, person) -> Callable[..., Caller]:
    """Somebody of a role with a token."""

    def call_as(
        role: Role = Role.NURSE, bydel: str = "11", lifetimes: Lifetimes = LIFETIMES
    ) -> Caller:
        identity = person(role, bydel)
        with programme.work(SYSTEM, "test") as work:
            token = issue_token(work, identity.id, lifetimes).secret
        return Caller(client, token, identity)

    return call_as


@pytest.fixture
def home(caller: Callable[..., Caller]) -> Home:
    """A family in Stovner that expects a child, registered by its nurse."""
    return Home(caller(lifetimes=FOR_A_YEAR)).register()


@pytest.fixture
def log_of(caller: Callable[..., Caller]) -> Callable[[Home], list[dict[str, object]]]:
    """The newest entries of the access log of a family, as the privacy officer reads them."""
    officer = caller(Role.PRIVACY_OFFICER)
    path = "/api/v1/access-log?limit=100&family_id="
    return lambda home: officer("GET", path + home.id).json["items"]
