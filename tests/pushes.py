"""What a phone has in its outbox, and how it is pushed, without a phone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import msgspec

from nyefamilier.bootstrap import Programme
from nyefamilier.door.mutations import Operation
from nyefamilier.door.operations import encode
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import Actor
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.pushing import push
from nyefamilier.wire.messages import SCHEMA, PushAnswer
from tests.builders import NOON, Household
from tests.phones import Phone


def note(home: Household, text: str = "Ammer hver tredje time.", **more: Any) -> WriteNote:
    return WriteNote(uuid4(), home.mother, text, **more)


@dataclass
class Outbox:
    """One enrolled phone and what it has to send."""

    programme: Programme
    nurse: Actor
    phone: Phone = field(default_factory=Phone)
    seq: int = 0
    acked: int = 0

    def enrol(self) -> Outbox:
        with self.programme.work(self.nurse, "test") as work:
            enrol(work, self.phone.enrolment)
        return self

    def mutation(self, family_id: UUID, *operations: Operation, **more: Any) -> dict[str, Any]:
        """The next mutation; what is given besides replaces its fields."""
        self.seq += 1
        return {
            "id": str(uuid4()),
            "seq": self.seq,
            "v": SCHEMA,
            "type": "test",
            "family": str(family_id),
            "base_rev": 1,
            "occurred_at": NOON.isoformat(),
            "ops": [encode(one) for one in operations],
        } | more

    def void(self, count: int = 1) -> dict[str, Any]:
        told = {"type": "seq.void", "count": count, "why": "store-damaged", "v": SCHEMA}
        self.seq += count
        return {"id": str(uuid4()), "seq": self.seq - count + 1} | told

    def body(self, *mutations: dict[str, Any], **more: Any) -> bytes:
        told = {"device_id": self.phone.id, "acked_seq": self.acked, "schema": SCHEMA}
        return msgspec.json.encode(told | {"mutations": mutations} | more)

    def send(self, body: bytes) -> PushAnswer:
        return push(lambda actor: self.programme.work(actor, "test"), self.nurse, body)

    def push(self, *mutations: dict[str, Any], **more: Any) -> PushAnswer:
        return self.send(self.body(*mutations, **more))
