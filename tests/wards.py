"""A city behind its app: nurses whose phones are on or off the network, and people who call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from flask import Flask
from werkzeug.test import TestResponse

from api.app import create_app
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme
from nyefamilier.client.client import Client
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.store import Store
from nyefamilier.client.transport import Asked, Got, HttpTransport
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber, UserId
from tests.cities import PASSWORD, City

LONG = Lifetimes(token=timedelta(days=366))
"""What is told here takes weeks, and is not about tokens."""


@dataclass
class Ward:
    """A city's app, which may be another one after a restore; phones and people reach it."""

    city: City
    folder: Path
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.city.programme)

    def serve(self, programme: Programme) -> None:
        """From now on another programme answers, as after a restore."""
        self.city.programme = programme
        self.app = create_app(programme)

    def token(self, account: UserId) -> str:
        with self.city.programme.work(SYSTEM, "test") as work:
            return issue_token(work, account, LONG).secret

    def phone(self, nurse: Actor) -> Client:
        """A phone of the nurse's that has enrolled."""
        address = f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"
        wsgi = httpx.WSGITransport(app=self._answer, remote_addr=address)
        clock = self.city.clock
        clocks = Clocks(clock, lambda: clock().timestamp(), "boot-1")
        store = Store(self.folder / f"{uuid4()}.db", b"s" * 32)
        transport = Listener(HttpTransport("http://localhost", transport=wsgi))
        phone = Client(store, transport, clocks, chance=lambda: 0.5)
        phone.line.token = self.token(nurse.id)
        phone.enrol()
        return phone

    def person(self, role: Role, bydel: str | None = None) -> Person:
        works_in = None if bydel is None else BydelNumber(bydel)
        with self.city.programme.work(SYSTEM, "test") as work:
            new = NewAccount(f"{role.value[:5]}-{uuid4().hex[:8]}", "Rask Bjørk", role, works_in,
                             PASSWORD)  # fmt: skip
            account = create_account(work, new)
        return Person(self, self.token(account.id))

    def as_person(self, nurse: Actor) -> Person:
        return Person(self, self.token(nurse.id))

    def _answer(self, *told: Any) -> Any:
        return self.app(*told)


@dataclass
class Person:
    """Somebody with a token, who calls the API."""

    ward: Ward
    token: str

    def get(self, path: str) -> Any:
        return self._good(self.call("GET", path))

    def post(self, path: str, **body: Any) -> Any:
        return self._good(self.call("POST", path, json=body))

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid4())}
        client = self.ward.app.test_client()
        return client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    @staticmethod
    def _good(answer: TestResponse) -> Any:
        assert answer.status_code < 300, answer.json
        return answer.json


@dataclass
class Listener:
    """Carries requests, and remembers what travelled."""

    line: HttpTransport
    heard: list[tuple[Asked, Got]] = field(default_factory=list)

    def send(self, asked: Asked) -> Got:
        got = self.line.send(asked)
        self.heard.append((asked, got))
        return got
