"""A phone's copy as a test keeps it: it takes in answers by the book and checks all that it can."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import msgspec

from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import Actor
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.pulling import answer_pull, take_receipts
from nyefamilier.wire.chain import after, checksum, have_hash
from nyefamilier.wire.messages import (
    Change,
    Drop,
    Held,
    Item,
    Partial,
    Pull,
    PullAnswer,
    Receipt,
    Receipts,
    Snapshot,
)
from nyefamilier.wire.texts import as_text, from_text
from tests.phones import Phone


@dataclass
class Held1:
    """One family on the phone."""

    rev: int
    chain: bytes
    rows: dict[tuple[str, UUID], Item] = field(default_factory=dict)

    @property
    def checksum(self) -> int:
        return checksum((kind, id_, item.rev) for (kind, id_), item in self.rows.items())

    def of_kind(self, kind: str) -> list[dict[str, object]]:
        return [
            msgspec.json.decode(item.body) for (one, _), item in self.rows.items() if one == kind
        ]


@dataclass
class Replica:
    """A phone of a nurse's that pulls."""

    programme: Programme
    actor: Actor
    id: UUID = field(default_factory=uuid4)
    families: dict[UUID, Held1] = field(default_factory=dict)
    staged: dict[UUID, list[Snapshot]] = field(default_factory=dict)
    scope: set[UUID] = field(default_factory=set)
    scope_hash: str | None = None
    to_delete: dict[UUID, Drop] = field(default_factory=dict)
    max_bytes: int | None = None

    def enrol(self) -> Replica:
        with self.programme.work(self.actor, "test") as work:
            enrol(work, Phone(self.id).enrolment)
        return self

    def request(self, **other: object) -> Pull:
        told = {
            "device_id": self.id,
            "acked_seq": 0,
            "schema": 1,
            "scope_hash": self.scope_hash,
            "max_bytes": self.max_bytes,
            "partial": {
                id_: Partial(at=parts[-1].at, parts=len(parts))
                for id_, parts in self.staged.items()
            }
            or None,
        }
        return Pull(**(told | other))

    @property
    def hash(self) -> str:
        return have_hash((id_, one.rev, one.chain) for id_, one in self.families.items())

    def have(self, *, rows: bool = False) -> dict[UUID, Held]:
        return {
            id_: Held(rev=one.rev, chain=as_text(one.chain), rows=one.checksum if rows else None)
            for id_, one in self.families.items()
        }

    def ask(self, **other: object) -> PullAnswer:
        """One request, its answer not taken in; with its vector unless something else is told."""
        if not {"have", "have_hash"} & other.keys():
            other["have"] = self.have()
        request = self.request(**other)
        travelled = msgspec.json.decode(msgspec.json.encode(request), type=Pull)
        answer = answer_pull(
            lambda: self.programme.glance(self.actor),
            lambda: self.programme.snapshot(self.actor, "test"),
            travelled,
        )
        return msgspec.json.decode(msgspec.json.encode(answer), type=PullAnswer)

    def pull(self, *, receipts: bool = True) -> list[PullAnswer]:
        """A whole round: until there is no more, then the purge and its receipts."""
        answers = []
        while True:
            answer = self.ask(have_hash=self.hash)
            if answer.ask == "have":
                answer = self.ask()
            self.take(answer)
            answers.append(answer)
            assert len(answers) < 200
            if not answer.more:
                break
        if receipts:
            self.purge()
        return answers

    def take(self, answer: PullAnswer) -> None:
        if answer.scope is not None:
            self.scope, self.scope_hash = set(answer.scope.families), answer.scope.hash
        for one in answer.reset:
            self.families.pop(one.family, None)
            self.staged.pop(one.family, None)
        for one in answer.drop:
            self.to_delete[one.family] = one
        for change in answer.changes:
            self._change(change)
        for part in answer.snapshots:
            self._part(part)

    def purge(self) -> None:
        if not self.to_delete:
            return
        receipts = []
        for id_, drop in self.to_delete.items():
            self.staged.pop(id_, None)
            gone = self.families.pop(id_, None)
            rows = len(gone.rows) if gone else 0
            receipts.append(Receipt(purge_id=drop.purge_id, family=id_, rows=rows))
        with self.programme.work(self.actor, "test") as work:
            take_receipts(work, Receipts(device_id=self.id, receipts=receipts))
        self.to_delete.clear()

    def _change(self, change: Change) -> None:
        held = self.families[change.family]
        assert held.rev == change.from_
        assert len(change.links) == change.to - change.from_
        for rev, link in enumerate(change.links, held.rev + 1):
            held.chain = after(held.chain, rev, from_text(link))
        assert as_text(held.chain) == change.chain
        held.rev = change.to
        for item in change.items:
            assert change.from_ < item.rev <= change.to
            held.rows[item.kind, item.id] = item
        assert held.checksum == change.rows

    def _part(self, part: Snapshot) -> None:
        parts = self.staged.setdefault(part.family, [])
        if part.part == 1 or (parts and parts[-1].at != part.at):
            parts.clear()
        assert part.part == len(parts) + 1
        parts.append(part)
        if part.part < part.parts:
            return
        rows = {(item.kind, item.id): item for one in parts for item in one.items}
        held = Held1(part.at, from_text(part.chain), rows)
        assert held.checksum == part.rows
        self.families[part.family] = held
        del self.staged[part.family]
