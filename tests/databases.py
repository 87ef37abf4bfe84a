"""Databases for tests: one server a session, one template, one copy for each worker."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TextIO

import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL

from config.settings import Settings
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import database_url, make_engine

HERE = Path(__file__).parent.parent
GIVEN = "NYEFAMILIER_TEST_DATABASE_URL"
PREFIX = "test_nyefamilier_"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Databases:
    """Makes and drops the databases of one test session on one server."""

    server: URL
    session: str

    def engine(self, name: str) -> Engine:
        """An engine on the database *name*."""
        url = self.url(name).render_as_string(hide_password=False)
        return make_engine(url, Settings(environment="test"), name="nyefamilier-test")

    def url(self, name: str) -> URL:
        return self.server.set(database=f"{PREFIX}{self.session}_{name}")

    def create(self, name: str, template: str | None = None) -> URL:
        copied = f' TEMPLATE "{self.url(template).database}"' if template else ""
        self._run(f'CREATE DATABASE "{self.url(name).database}"{copied}')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self.url(name).database}" WITH (FORCE)')

    def drop_leftovers(self) -> None:
        """Drop what killed sessions left behind."""
        for name in self._names():
            if name.startswith(PREFIX):
                self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def build_once(self, name: str, build: Callable[[Engine], None]) -> None:
        """Build the database *name* unless another worker of this session has."""
        with _locked("template"):
            if self.url(name).database in self._names():
                return
            self.create("unfinished")
            engine = self.engine("unfinished")
            build(engine)
            engine.dispose()
            finished = self.url(name).database
            self._run(f'ALTER DATABASE "{self.url("unfinished").database}" RENAME TO "{finished}"')

    def _names(self) -> set[str]:
        return {str(name) for (name,) in self._run("SELECT datname FROM pg_database")}

    def _run(self, statement: str) -> list[tuple[object, ...]]:
        plain = self.server.set(drivername="postgresql", database="postgres")
        address = plain.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []


@contextmanager
def databases(session: str) -> Generator[Databases, None, None]:
    """The databases of test session *session*, on the given server or on the embedded one."""
    name = re.sub(r"[^0-9a-z]", "", session.lower())[:12]
    with _server() as server, (_var() / "sessions").open("w") as present:
        made = Databases(server, name)
        if _alone(present):
            made.drop_leftovers()
        fcntl.flock(present, fcntl.LOCK_SH)
        yield made


@cache
def _var() -> Path:
    """This checkout's folder for tests: throwaway, and open to the server's account on any path."""
    place = hashlib.sha256(os.fsencode(HERE)).hexdigest()[:12]
    var = Path(tempfile.gettempdir()) / f"nyefamilier-tests-{os.geteuid()}-{place}"
    var.mkdir(mode=0o711, exist_ok=True)
    if var.lstat().st_uid != os.geteuid():
        raise PermissionError(f"{var} belongs to somebody else; remove it.")
    return var


@contextmanager
def _server() -> Generator[URL, None, None]:
    given = os.environ.get(GIVEN)
    if given:
        yield database_url(given)
        return
    with open_embedded(_var(), options=FAST) as embedded:
        yield make_url(embedded.url)


def _alone(present: TextIO) -> bool:
    """Whether no other session is at work here; then none can come until we have tidied up."""
    try:
        fcntl.flock(present, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(name: str) -> Generator[None, None, None]:
    with (_var() / name).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
