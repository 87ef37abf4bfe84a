"""The real server in a simulated world: each request a task.

It can lose a worker at any statement, all workers at once, its keys for a while, and ten minutes
of its history.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from nyefamilier.bootstrap import Programme
from tests.faults import early
from tests.faults.machine import WORKERS, Machine
from tests.faults.network import Answered, Asked, Network, Packet
from tests.faults.statements import terminate
from tests.faults.tasks import Scheduler, Task

Watch = Callable[[Task, Packet, Answered | None], None]
"""Told when a request begins (without an answer), and when it has one."""


class Server:
    """The programme behind the virtual network."""

    def __init__(self, machine: Machine, scheduler: Scheduler) -> None:
        self._machine = machine
        self._scheduler = scheduler
        self.network: Network | None = None
        self.watch: Watch = _nobody
        early.listen(self._answer_early)

    @property
    def programme(self) -> Programme:
        """What a use case is called with."""
        return self._machine.programme

    @property
    def admin(self) -> psycopg.Connection[Any]:
        """A session of the database's owner, beside all tasks."""
        return self._machine.admin

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
        self._machine.restart()

    def lose_keys(self) -> None:
        """The key provider is away."""
        self._machine.lose_keys()

    def find_keys(self) -> None:
        """The key provider is back."""
        self._machine.find_keys()

    def back_up(self) -> None:
        """Copy the database as it is now."""
        self._machine.back_up()

    def restore(self) -> None:
        """Put the backup in the database's place."""
        self.crash()
        self._machine.restore()

    def close(self) -> None:
        """Let every worker die."""
        for task in self.busy:
            self._scheduler.kill(task)

    def _answer(self, task: Task, packet: Packet) -> None:
        assert self.network is not None
        self.watch(task, packet, None)
        answered = _ask(self._machine.app, packet.content)
        self.watch(task, packet, answered)
        self.network.answer(packet, answered)

    def _answer_early(self, body: bytes) -> None:
        task = self._scheduler.current
        packet = None if task is None else task.notes.get("packet")
        if isinstance(packet, Packet) and self.network is not None:
            headers = (("content-type", "application/json"),)
            self.network.answer(packet, Answered(200, headers, body))
            self._scheduler.pause("answered early")


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
