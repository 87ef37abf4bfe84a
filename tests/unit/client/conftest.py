"""A phone, a server and the time between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from nyefamilier.client.client import Client, Saved
from nyefamilier.client.store import Store
from tests.unit.client.phones import FAMILY, SECRET, Hook, Time
from tests.unit.client.servers import Family, LittleServer


@dataclass
class World:
    """One nurse's phone and her server."""

    folder: Path
    time: Time = field(default_factory=Time)
    hook: Hook = field(default_factory=Hook)
    server: LittleServer = field(init=False)
    store: Store = field(init=False)
    phone: Client = field(init=False)

    def __post_init__(self) -> None:
        self.server = LittleServer(self.time, families={FAMILY: Family()}, scope={FAMILY})
        self.server.families[FAMILY].write("member", UUID(int=1), {"name": "Kari Prøve"})
        self.start()

    def start(self, chance: float = 0.5) -> Client:
        """The app is started, and nobody has ended it before: as after a crash."""
        self.store = Store(self.folder / "phone.db", SECRET, hook=self.hook)
        self.phone = Client(self.store, self.server, self.time.clocks(), chance=lambda: chance)
        return self.phone

    def crash(self) -> Client:
        """The app is gone from one moment to the next, and started again."""
        self.store.close()
        return self.start()

    def note(self, text: str = "Barnet trives.", family: UUID = FAMILY) -> Saved:
        op = {"op": "note.write", "note_id": uuid4(), "member_id": UUID(int=1), "text": text}
        return self.phone.save("note.write", family, [op])

    def texts(self) -> list[str]:
        """The notes that the server has, over all families."""
        return sorted(
            told.decode().split('"')[3]
            for family in self.server.families.values()
            for (kind, _), (_, told) in family.rows.items()
            if kind == "note"
        )


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.phone.enrol()
    return made
