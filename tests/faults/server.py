"""The real server in a simulated world: each request a task, on a database of the world's own.

It can lose a worker at any statement, all workers at once, its keys for a while, and ten minutes
of its history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import EnvironBuilder, run_wsgi_app

from api.app import create_app
from config.settings import Settings
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.storage.engine import make_engine
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.provider import ProviderAway, Wrapped
from nyefamilier.vault.vault import Vault
from tests.databases import Databases
from tests.faults import early
from tests.faults.clocks import WorldClock
from tests.faults.network import Answered, Asked, Network, Packet
from tests.faults.statements import Statements, terminate
from tests.faults.tasks import Scheduler, Task
from tests.faults.town import DATABASE, TENANT, Town

WORKERS: Final = 8
"""Requests that are answered at the same time; more of them wait outside."""

Watch = Callable[[Task, Packet, Answered | None], None]
"""Told when a request begins (without an answer), and when it has one."""


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


class Server:
    """The programme behind the virtual network."""

    def __init__(  # noqa: PLR0917 - what a world has
        self,
        databases: Databases,
        name: str,
        town: Town,
        clock: WorldClock,
        scheduler: Scheduler,
        committed: Callable[[Task | None], None],
    ) -> None:
        self._databases = databases
        self._name = name
        self._scheduler = scheduler
        self.network: Network | None = None
        self.watch: Watch = _nobody
        self.defects: list[BaseException] = []
        databases.create(name, DATABASE)
        keyring = Keyring.open(town.keyring)
        assert isinstance(keyring, Keyring)
        self.keyring = keyring
        self.vault = Vault(keyring, TENANT, stopwatch=clock.seconds)
        self.engine = self._engine()
        Statements(self.engine, scheduler, committed)
        # The server's pace follows the real clock, which no history may depend on.
        settings = Settings(environment="test", sync_a_minute=1_000_000)
        self.programme = assemble(settings, self.engine, self.vault, clock)
        self._app = _app(self.programme)
        self._backup: str | None = None
        self.admin = self._connect()
        early.listen(self._answer_early)

    @property
    def busy(self) -> list[Task]:
        """The requests that are being answered."""
        return [task for task in self._scheduler.tasks if task.kind == "server"]

    def serve(self, packet: Packet) -> None:
        """A request has arrived; a worker takes it, if one is free."""
        assert self.network is not None
        if len(self.busy) >= WORKERS:
            self.network.flying.append(packet)
            return
        task = self._scheduler.spawn("server", _name_of(packet), lambda: self._answer(task, packet))
        task.notes["exchange"], task.notes["packet"] = packet.exchange, packet

    def act(self, name: str, use_case: Callable[[Programme], None]) -> Task:
        """Do something that no phone asked for: a lead's page, a job, the operator."""

        def run() -> None:
            use_case(self.programme)

        return self._scheduler.spawn("server", name, run)

    def terminate(self, task: Task) -> bool:
        """End the database session of a request."""
        return terminate(self.admin, task)

    def crash(self) -> None:
        """All workers die; what was under way is lost."""
        for task in self.busy:
            self._scheduler.kill(task)
        self.engine.dispose()
        self.vault.forget()

    def lose_keys(self) -> None:
        """The key provider is away, and what was in memory is forgotten."""
        self.keyring.away = True
        self.vault.forget()

    def find_keys(self) -> None:
        """The key provider is back."""
        self.keyring.away = False

    def back_up(self) -> None:
        """Copy the database as it is now; every worker has finished or died."""
        before, self._backup = self._backup, f"{self._name}_backup"
        if before is not None:
            self._databases.drop(before)
        self._copy(self._name, self._backup)

    def restore(self) -> bool:
        """Put the backup in the database's place; whether there was one."""
        if self._backup is None:
            return False
        self.crash()
        self.admin.close()
        self._databases.drop(self._name)
        self._databases.create(self._name, self._backup)
        self.admin = self._connect()
        return True

    def close(self) -> None:
        """Take everything down."""
        self.crash()
        self.admin.close()
        for name in (self._name, self._backup):
            if name is not None:
                self._databases.drop(name)

    def _copy(self, source: str, target: str) -> None:
        self.engine.dispose()
        self.admin.close()
        self._databases.create(target, source)
        self.admin = self._connect()

    def _answer(self, task: Task, packet: Packet) -> None:
        assert self.network is not None
        self.watch(task, packet, None)
        answered = _ask(self._app, packet.content)
        self.watch(task, packet, answered)
        self.network.answer(packet, answered)

    def _answer_early(self, body: bytes) -> None:
        task = self._scheduler.current
        packet = None if task is None else task.notes.get("packet")
        if isinstance(packet, Packet) and self.network is not None:
            headers = (("content-type", "application/json"),)
            self.network.answer(packet, Answered(200, headers, body))
            self._scheduler.pause("answered early")

    def _engine(self) -> Engine:
        url = self._databases.url(self._name).render_as_string(hide_password=False)
        settings = Settings(environment="test", database_pool=WORKERS * 2)
        return make_engine(url, settings, name="nyefamilier-faults")

    def _connect(self) -> psycopg.Connection[Any]:
        url = self._databases.url(self._name).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _app(programme: Programme) -> Flask:
    app = create_app(programme)
    # A defect is shown, and not only answered with a 500.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _ask(app: Flask, asked: Asked | Answered) -> Answered:
    assert isinstance(asked, Asked)
    path, _, query = asked.path.partition("?")
    builder = EnvironBuilder(
        path,
        query_string=query,
        method=asked.method,
        headers=list(asked.headers),
        data=asked.body,
    )
    body, status, headers = run_wsgi_app(app, builder.get_environ())
    content = b"".join(body)
    return Answered(int(status.split()[0]), tuple(headers.to_wsgi_list()), content)


def _name_of(packet: Packet) -> str:
    assert isinstance(packet.content, Asked)
    return f"{packet.exchange.sender} {packet.content.path}"


def _nobody(_task: Task, _packet: Packet, _answered: Answered | None) -> None:
    return
