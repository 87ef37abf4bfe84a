"""Where a benchmark of the phones' protocol runs: its folder, and the one PostgreSQL for all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench._machine import parent
from config.settings import read_settings
from nyefamilier.storage.embedded import open_embedded

INSTALLED = Path("var/bench")
"""What is installed for benchmarks stays here."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of the run's own, and a PostgreSQL server that makes databases."""

    var: Path
    url: str
    postgres: int | None
    version: str

    def database(self, name: str) -> str:
        """The libpq URL of a new, empty database."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            which = sql.Identifier(name)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(which))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(which))
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        """The libpq URL of a database."""
        return _libpq(make_url(self.url).set(database=name).render_as_string(hide_password=False))

    def settle(self) -> None:
        """Let the server write out what it has in memory, so that no run pays for the last one."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")


@contextmanager
def place(var: Path) -> Iterator[Place]:
    """A place in *var*, on the PostgreSQL that the settings name or the embedded one."""
    given = read_settings().database_url
    if given is not None:
        yield _place(var, _libpq(given.get_secret_value()))
        return
    with open_embedded(var, options={"max_connections": "200"}) as embedded:
        yield _place(var, _libpq(embedded.url))


def _place(var: Path, url: str) -> Place:
    with psycopg.connect(url) as connection:
        [backend] = connection.execute("SELECT pg_backend_pid()").fetchone() or [0]
        [version] = connection.execute("SHOW server_version").fetchone() or [""]
        try:
            postgres = parent(backend)
        except (OSError, IndexError):
            postgres = None
    return Place(var, url, postgres, str(version))


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
