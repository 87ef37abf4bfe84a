"""Nurses who write and sync all the time: each with the reference client, on a file of its own."""

from __future__ import annotations

import json
import random
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from nyefamilier.client import copies, outbox
from nyefamilier.client.client import Client
from nyefamilier.client.pace import Pace
from nyefamilier.client.report import Report
from nyefamilier.client.store import Store
from nyefamilier.client.transport import HttpTransport, Transport
from tests.faults import evidence, nurse
from tests.faults.evidence import Op, Saved
from tests.faults.history import History
from tests.faults.looking import copies_in, remains_in
from tests.faults.meaning import meant
from tests.faults.nurse import Pen, Rows
from tests.faults.real.people import Person

Carry = Callable[[Transport], Transport]
"""What a test puts between the client and its transport."""

MIX: Final[Mapping[nurse.Wanted, float]] = {
    nurse.write_note: 30, nurse.correct_note: 6, nurse.state_need: 15, nurse.review_need: 7,
    nurse.close_need: 2, nurse.book_visit: 12, nurse.record_visit: 12, nurse.cancel_visit: 2,
    nurse.update_member: 10, nurse.add_member: 0.3, nurse.set_address: 3,
}  # fmt: skip
"""What they write: what can be written in one family again and again, for hours."""
AT_ONCE: Final = 4
"""The most that is written between two rounds."""
MOST_UNSENT: Final = 60
"""What a nurse writes at most while there is no server."""
PAUSE: Final = 0.6
"""The longest pause between two rounds, in seconds."""
LOOKS: Final = 12
"""A nurse looks at a family anew after writing so often in it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a phone was told of one mutation: the server has it, and this is the verdict."""

    device: UUID
    seq: int
    id: UUID
    status: str
    rev: int | None


@dataclass
class Phone:
    """One phone in the hands of its nurse.

    Args:
        name: What the report calls it.
        nurse: Whose it is.
        folder: Where its file lies.
        url: Where it finds the server.
        seed: From which all that she writes follows, given what she sees.
        history: What is written down of it.
        carry: See `Carry`.
    """

    name: str
    nurse: Person
    folder: Path
    url: str
    seed: int
    history: History
    carry: Carry = lambda transport: transport
    saved: list[Saved] = field(default_factory=list)
    told: set[Told] = field(default_factory=set)
    """All that it was ever told is taken in."""
    client: Client = field(init=False)
    line: HttpTransport = field(init=False)
    _chance: random.Random = field(init=False)
    _views: dict[UUID, tuple[int, Rows]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.seed} {self.name}")
        store = Store(self.folder / f"{self.name}.db", self._chance.randbytes(32))
        self.line = HttpTransport(self.url)
        self.client = Client(store, self.carry(self.line), name=self.name)
        self.client.line.token = self.nurse.token

    def begin(self) -> None:
        """Enrol, and fetch the families."""
        self.client.enrol()
        self.round()

    def go_on(self, stop: threading.Event) -> None:
        """Write and sync until *stop*; whatever goes wrong in the client itself is written down."""
        try:
            while not stop.wait(self._chance.random() * PAUSE):
                for _ in range(self._chance.randrange(AT_ONCE + 1)):
                    if self.unsent < MOST_UNSENT:
                        self.write()
                self.round()
        except Exception:  # noqa: BLE001 - whatever it is, the oracle tells it
            self.history.tell("defect", phone=self.name, trace=traceback.format_exc(limit=-6))

    def write(self) -> None:
        """Keep one thing that the nurse means."""
        families = self.client.families()
        if not families:
            return
        family = self._chance.choice(families)
        marker = f"{self.name}.{len(self.saved)}."
        pen = Pen(self._chance, self._view(family), self.client.clocks.wall(),
                  self.nurse.actor.id, marker)  # fmt: skip
        type_, ops = _meant(pen)
        kept = self.client.save(type_, family, ops)
        [one] = [one for one in outbox.unsent(self.client.store) if one.id == kept.id]
        raw = outbox.raw_of(self.client.store, one)
        base = json.loads(raw)["base_rev"]
        self.saved.append(
            Saved(self.name, self.device, kept.seq, kept.id, family, base, tuple(ops), meant(raw))
        )

    def round(self) -> Report:
        """One round with the server, without the rest that a phone gives it after a failure."""
        self.client.pace = Pace(self.client.clocks.running, lambda: 0.0)
        report = self.client.round()
        device = self.device
        for one in report.verdicts:
            self.history.tell("acked", phone=self.name, id=str(one.id))
            self.told.add(Told(device, one.seq, one.id, one.status, one.rev))
        for alarm in report.alarms:
            self.history.tell("alarm", phone=self.name, kind=alarm)
        for has in copies.cursors(self.client.store):
            self.history.tell("copy", phone=self.name, family=str(has.family), rev=has.rev)
        return report

    def close(self) -> None:
        """Put it away."""
        self.client.close()
        self.line.close()

    @property
    def device(self) -> UUID:
        """The id under which the server knows it."""
        return outbox.standing_of(self.client.store).device_id

    @property
    def unsent(self) -> int:
        """How much the server has not named yet."""
        return len(outbox.unsent(self.client.store))

    def journal(self) -> set[Told]:
        """What its own file says that it was told."""
        rows = self.client.store.read("SELECT device, seq, id, status, rev FROM journal")
        return {
            Told(UUID(bytes=device), seq, UUID(bytes=id_), status, rev)
            for device, seq, id_, status, rev in rows
        }

    def look(self) -> evidence.Phone:
        """What is on it."""
        store = self.client.store
        return evidence.Phone(
            self.name,
            self.nurse.actor.id,
            self.device,
            counts=True,
            outbox=frozenset(one.id for one in outbox.unsent(store)),
            copies=copies_in(store),
            remains=remains_in(store),
        )

    def _view(self, family: UUID) -> Rows:
        left, rows = self._views.get(family, (0, {}))
        if left == 0:
            left, rows = LOOKS, self._seen(family)
        self._views[family] = left - 1, rows
        return rows

    def _seen(self, family: UUID) -> Rows:
        rows: dict[str, dict[UUID, Mapping[str, Any]]] = {}
        for one in self.client.family(family).records.values():
            rows.setdefault(one.kind, {})[one.id] = one.body
        return rows


def _meant(pen: Pen) -> tuple[str, list[Op]]:
    """A mutation's type and its operations: one, or now and then a visit with all that is of it."""
    if pen.chance.random() < 0.12:
        whole = [nurse.record_visit(pen), nurse.write_note(pen), nurse.state_need(pen)]
        return "visit", [op for op in whole if op is not None]
    wanted = None
    while wanted is None:
        wanted = pen.chance.choices(list(MIX), list(MIX.values()))[0](pen)
    return str(wanted["op"]), [wanted]
