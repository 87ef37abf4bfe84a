"""The reference client as a nurse's phone, against the whole app in the same process."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx
from flask import Flask

from nyefamilier.client.client import Client, Saved
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.store import Store
from nyefamilier.client.transport import HttpTransport
from nyefamilier.kernel.ids import new_id
from tests.api.callers import Caller
from tests.api.homes import Home
from tests.builders import HandClock


@dataclass
class Nurse:
    """A nurse with a phone of her own."""

    app: Flask
    clock: HandClock
    folder: Path
    caller: Caller
    secret: bytes = b"s" * 32
    phone: Client = field(init=False)

    def __post_init__(self) -> None:
        self.start()
        self.phone.enrol()

    def start(self) -> None:
        store = Store(self.folder / f"{self.caller.identity.id}.db", self.secret)
        address = f"2001:db8::{uuid4().hex[:4]}:{uuid4().hex[:4]}"
        wsgi = httpx.WSGITransport(app=self.app, remote_addr=address)
        transport = HttpTransport("http://localhost", transport=wsgi)
        clocks = Clocks(self.clock, lambda: self.clock().timestamp(), "boot-1")
        self.phone = Client(store, transport, clocks, chance=lambda: 0.5)
        self.phone.line.token = self.caller.token

    def note(self, home: Home, text: str) -> Saved:
        op = {
            "op": "note.write",
            "note_id": new_id(self.clock()),
            "member_id": UUID(home.mother),
            "text": text,
        }
        return self.phone.save("note.write", UUID(home.id), [op])
