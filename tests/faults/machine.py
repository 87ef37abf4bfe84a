"""What outlives a world: one database, one engine, one application. World after world uses them.

Making a database, an engine and an application anew for each world cost more than what happened in
it. A world begins by putting back the town's rows, which lie in a schema of their own; a backup is
a second such schema.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import Engine

from api.app import create_app
from config.settings import Settings
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.storage.engine import make_engine
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.provider import ProviderAway, Wrapped
from nyefamilier.vault.vault import Vault
from tests.databases import Databases
from tests.faults.clocks import WorldClock
from tests.faults.statements import Statements
from tests.faults.tasks import Scheduler, Task
from tests.faults.town import DATABASE, TENANT, Town

WORKERS: Final = 8
"""Requests that are answered at the same time; more of them wait outside."""

SETTINGS: Final = Settings(
    environment="test",
    database_pool=WORKERS * 2,
    # By the real clock: in a world of virtual time they would only make one run unlike the next.
    sync_at_once=WORKERS * 2,
    sync_a_minute=1_000_000,
)

_TABLES: Final = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND c.relname <> 'alembic_version' ORDER BY 1
"""
_COLUMNS: Final = """
SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0
  AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
_COUNTED: Final = """
SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attidentity <> ''
"""


class Keyring(LocalKeyring):
    """The keys, which can be out of reach."""

    away = False

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """See `KeyProvider`."""
        self._ask()
        return super().unwrap(wrapped, context)

    def unwrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[bytes]:
        """See `KeyProvider`."""
        self._ask()
        return [super(Keyring, self).unwrap(*item) for item in items]

    def mac(self, key_name: str, data: bytes) -> tuple[int, bytes]:
        """See `KeyProvider`."""
        self._ask()
        return super().mac(key_name, data)

    def _ask(self) -> None:
        if self.away:
            raise ProviderAway("switched off")


class Machine:
    """The programme on the town's database. One world at a time."""

    def __init__(self, databases: Databases, town: Town) -> None:
        self._url = databases.url(DATABASE)
        self.clock = WorldClock()
        keyring = Keyring.open(town.keyring)
        assert isinstance(keyring, Keyring)
        self.keyring = keyring
        self.vault = Vault(keyring, TENANT, stopwatch=self.clock.seconds)
        self.engine = self._engine()
        self.statements = Statements(self.engine)
        self.programme: Programme = assemble(SETTINGS, self.engine, self.vault, self.clock)
        self.app: Flask = create_app(self.programme)
        # A defect is shown, and not only answered with a 500.
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.admin = self._connect()
        self._shelves = Shelves(self.admin)
        self._shelves.lay_out("town")
        self._shelves.lay_out("backup")
        self._shelves.copy("public", "town")

    def begin(self, scheduler: Scheduler, committed: Callable[[Task | None], None]) -> WorldClock:
        """Be as on the first day, for a world whose tasks are *scheduler*'s."""
        self.clock.begin_again()
        self.engine.dispose()
        self._shelves.copy("town", "public")
        self.find_keys()
        self.vault.forget()
        self.statements.attend(scheduler, committed)
        with self.engine.connect():
            pass  # what an engine asks a server only once is no part of any world
        return self.clock

    @contextmanager
    def without(self, rule: tuple[str, str, str] | None) -> Generator[None]:
        """Let the database do without a rule that rows be unique: table, name and columns."""
        if rule is None:
            yield
            return
        table, name, columns = rule
        self.engine.dispose()
        self.admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            self.engine.dispose()
            self._shelves.copy("town", "public")
            rule_again = f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})"
            self.admin.execute(rule_again)

    def restart(self) -> None:
        """Forget what was in memory; all tasks are dead."""
        self.engine.dispose()
        self.vault.forget()

    def back_up(self) -> None:
        """Keep the database as it is now."""
        self._shelves.copy("public", "backup")

    def restore(self) -> None:
        """Put the backup in the database's place; all tasks are dead."""
        self._shelves.copy("backup", "public")

    def lose_keys(self) -> None:
        """The key provider is away, and what was in memory is forgotten."""
        self.keyring.away = True
        self.vault.forget()

    def find_keys(self) -> None:
        """The key provider is back."""
        self.keyring.away = False

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
        self.admin.close()

    def _engine(self) -> Engine:
        url = self._url.render_as_string(hide_password=False)
        return make_engine(url, SETTINGS, name="nyefamilier-faults")

    def _connect(self) -> psycopg.Connection[Any]:
        url = self._url.set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


class Shelves:
    """Schemas beside the database's own, each with a copy of all rows."""

    def __init__(self, admin: psycopg.Connection[Any]) -> None:
        self._admin = admin
        names = [name for (name,) in admin.execute(_TABLES).fetchall()]
        self._columns = {name: self._columns_of(name) for name in names}
        self._counted = admin.execute(_COUNTED).fetchall()

    def lay_out(self, shelf: str) -> None:
        """Make a schema with the same tables, and no rows in them."""
        self._admin.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(_name(shelf)))
        self._admin.execute(sql.SQL("CREATE SCHEMA {}").format(_name(shelf)))
        for table in self._columns:
            made = sql.SQL("CREATE TABLE {} AS SELECT * FROM {} LIMIT 0")
            self._admin.execute(made.format(_name(shelf, table), _name("public", table)))

    def copy(self, source: str, target: str) -> None:
        """Let *target* have the rows of *source*, and no others."""
        tables = sql.SQL(", ").join(_name(target, table) for table in self._columns)
        steps = [
            # As at one instant, whatever is being written.
            sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
            # Rules that a row was let in by need not be asked again, in whatever order it comes.
            sql.SQL("SET LOCAL session_replication_role = replica"),
            sql.SQL("TRUNCATE {}").format(tables),
            *(self._filled(source, target, table) for table in self._columns),
            *(self._count_on(*counted) for counted in self._counted if target == "public"),
        ]
        with self._admin.transaction():
            self._admin.execute(sql.SQL("; ").join(steps))

    def _columns_of(self, table: str) -> sql.Composed:
        found = self._admin.execute(_COLUMNS, (f'public."{table}"',)).fetchall()
        return sql.SQL(", ").join(sql.Identifier(name) for (name,) in found)

    def _filled(self, source: str, target: str, table: str) -> sql.Composed:
        fill = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}")
        columns = self._columns[table]
        return fill.format(_name(target, table), columns, columns, _name(source, table))

    @staticmethod
    def _count_on(table: str, column: str, sequence: str) -> sql.Composed:
        following = sql.SQL("SELECT setval({}, (SELECT coalesce(max({}), 0) + 1 FROM {}), false)")
        return following.format(sql.Literal(sequence), _name(column), _name("public", table))


def _name(*parts: str) -> sql.Identifier:
    return sql.Identifier(*parts)
