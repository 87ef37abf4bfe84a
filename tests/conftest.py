"""Fixtures that every test may use: a real PostgreSQL, filled once, copied for each worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.storage import migrating
from nyefamilier.storage.sessions import WriteBehind
from tests.builders import Household
from tests.cities import City, build_city, people_city, settle
from tests.databases import Databases, databases
from tests.e2e.chromium import ensure_chromium
from tests.keyserver import KeyServer

TEMPLATE = "template"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]

# A busy machine is no defect: how long an example takes is a benchmark's business.
SLOW = hypothesis.HealthCheck.too_slow
hypothesis.settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[SLOW]
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def server(testrun_uid: str) -> Generator[Databases, None, None]:
    """The server of this session, with the template in it."""
    with databases(testrun_uid) as made:
        made.build_once(TEMPLATE, _build)
        yield made


@pytest.fixture(scope="session")
def engine(server: Databases, worker_id: str) -> Generator[Engine, None, None]:
    """The worker's own database. Tests on it roll back; see `committing` for those that can't."""
    server.create(worker_id, TEMPLATE)
    engine = server.engine(worker_id)
    yield engine
    engine.dispose()
    server.drop(worker_id)


@pytest.fixture
def session(engine: Engine) -> Generator[WriteBehind, None, None]:
    """A session whose commits are savepoints; all of it is rolled back after the test."""
    with engine.connect() as connection, connection.begin() as outer:
        with WriteBehind(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_database(
    server: Databases, worker_id: str
) -> Generator[Callable[..., Engine], None, None]:
    """Makes databases that a test may commit to, stop, or drop; a copy of the template each."""
    made: list[tuple[str, Engine]] = []
    numbers = count()

    def make(*, empty: bool = False) -> Engine:
        name = f"{worker_id}_{uuid.uuid4().hex[:8]}_{next(numbers)}"
        server.create(name, None if empty else TEMPLATE)
        made.append((name, server.engine(name)))
        return made[-1][1]

    yield make
    for name, engine in made:
        engine.dispose()
        server.drop(name)


@pytest.fixture
def committing(fresh_database: Callable[..., Engine]) -> Engine:
    """An engine on a database of this test's own, for real commits and real concurrency."""
    return fresh_database()


@pytest.fixture
def city(engine: Engine, tmp_path: Path) -> Generator[City, None, None]:
    """A working programme with three nurses; all that it writes is rolled back after the test."""
    with engine.connect() as connection, connection.begin() as outer:
        yield build_city(connection, tmp_path)
        # References within a family are checked at commit, and this transaction will not commit.
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        outer.rollback()


@pytest.fixture
def real_city(committing: Engine, tmp_path: Path) -> City:
    """A working programme on a database of this test's own, for real commits and concurrency."""
    return build_city(committing, tmp_path)


@pytest.fixture
def home(city: City) -> Household:
    """A family in Stovner that said yes in pregnancy."""
    return settle(city)


@pytest.fixture(scope="session")
def playwright() -> Generator[Playwright, None, None]:
    """What drives browsers: once for each worker, since it will not be started twice in one."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Generator[Browser, None, None]:
    """Chromium, started once."""
    started = playwright.chromium.launch(executable_path=ensure_chromium(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def key_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[KeyServer, None, None]:
    """A real key server, once for each worker. Whoever seals or stops it brings it back."""
    server = KeyServer(tmp_path_factory.mktemp("bao"))
    yield server
    server.end()


def _build(engine: Engine) -> None:
    """Bring an empty database to where the programme wants it."""
    migrating.upgrade(engine)
    with Session(engine) as session, session.begin():
        load_reference_data(session)
    with TemporaryDirectory() as folder:
        people_city(engine, Path(folder))
