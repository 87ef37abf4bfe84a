"""A small server for a phone's tests: it keeps what it is sent, and can be made to misbehave.

It speaks the agreed messages and nothing more; what it decides is as plain as can be.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import msgspec

from nyefamilier.client.transport import Asked, Got, Unreachable
from nyefamilier.vault.escrow import open_escrowed
from nyefamilier.vault.signing import is_signed_by
from nyefamilier.wire import chain, messages
from nyefamilier.wire.digests import content_digest, is_whole, told_digest
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import as_text, from_text
from nyefamilier.wire.verdicts import DropReason, Verdict
from tests.unit.client.phones import ACCOUNT, EPOCH, ESCROW, SHARE, Time

LEASE = timedelta(hours=72)


@dataclass
class Family:
    """One family's log and rows."""

    links: list[bytes] = field(default_factory=list)
    rows: dict[tuple[str, UUID], tuple[int, bytes]] = field(default_factory=dict)

    @property
    def rev(self) -> int:
        return len(self.links)

    def chain_at(self, rev: int) -> bytes:
        at = chain.ORIGIN
        for number, link in enumerate(self.links[:rev], 1):
            at = chain.after(at, number, link)
        return at

    @property
    def checksum(self) -> int:
        return chain.checksum((kind, told, rev) for (kind, told), (rev, _) in self.rows.items())

    def write(self, kind: str, record_id: UUID, body: object) -> int:
        self.links.append(chain.link(uuid4(), msgspec.json.encode(body)))
        self.rows[kind, record_id] = (self.rev, msgspec.json.encode(body))
        return self.rev

    def items(self, since: int) -> list[messages.Item]:
        return [
            messages.Item(rev=rev, kind=kind, id=told, body=msgspec.Raw(body))
            for (kind, told), (rev, body) in sorted(self.rows.items(), key=lambda one: one[1][0])
            if rev > since
        ]


@dataclass
class Device:
    public_key: bytes
    last_seq: int = 0
    durable_seq: int = 0
    taken: dict[int, tuple[bytes, messages.Result]] = field(default_factory=dict)
    share: bytes = SHARE
    stopped: str | None = None


@dataclass
class LittleServer:
    """A transport whose other end is in the same process."""

    time: Time
    families: dict[UUID, Family] = field(default_factory=dict)
    devices: dict[UUID, Device] = field(default_factory=dict)
    scope: set[UUID] = field(default_factory=set)
    held: dict[UUID, UUID] = field(default_factory=dict)
    """Families that phones may have, with the purge id once they are to give them up."""
    epoch: UUID = EPOCH
    account: UUID = ACCOUNT
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    escrow: dict[UUID, bytes] = field(default_factory=dict)
    wiped: list[UUID] = field(default_factory=list)
    receipts: list[messages.Receipt] = field(default_factory=list)
    known: dict[UUID, messages.Result] = field(default_factory=dict)
    twists: list[Callable[[Asked], Got | None]] = field(default_factory=list)
    """Each is tried on the next requests, until one gives an answer in the server's place."""
    always: Callable[[Asked], Got | None] | None = None
    """The same, for every request."""
    judge: Callable[[messages.PushedMutation], dict[str, Any]] = lambda _: {}
    part_items: int = 1000
    max_snapshots: int = 1000

    # ---- the wire ----

    def send(self, asked: Asked) -> Got:
        for twist in [*self.twists]:
            try:
                got = twist(asked)
            except Unreachable:
                self.twists.remove(twist)
                raise
            if got is not None:
                self.twists.remove(twist)
                return got
        return (self.always and self.always(asked)) or self.answer(asked)

    def answer(self, asked: Asked) -> Got:
        if asked.body and not is_whole(asked.body, told_digest(asked.headers["Content-Digest"])):
            return problem(400, "content-digest")
        body = unpacked(asked)
        split = urlsplit(asked.path)
        name = split.path.rsplit("/", 1)[1].replace("-", "_")
        told = (
            msgspec.json.decode(body)
            if body
            else {k: v[0] for k, v in parse_qs(split.query).items()}
        )
        self.asked.append((name, told))
        return getattr(self, f"_{name}")(asked, body, told)

    def paths(self) -> list[str]:
        return [name for name, _ in self.asked]

    # ---- who and which device ----

    def _me(self, _asked, _body, _told) -> Got:
        return ok({"id": self.account})

    def _tokens(self, _asked, _body, _told) -> Got:
        return ok({"token": "t" * 30}, 201)

    def _devices(self, _asked, body, _told) -> Got:
        enrol = msgspec.json.decode(body, type=messages.Enrol)
        device = self.devices.setdefault(enrol.device_id, Device(from_text(enrol.public_key)))
        enrolled = messages.Enrolled(
            **self._standing(device),
            device_id=enrol.device_id,
            lease=self._lent(device),
            escrow_key=as_text(ESCROW.public),
            escrow_key_id="escrow-1",
        )
        return ok(enrolled, 201)

    def _lease(self, asked, _body, told) -> Got:
        device = self.devices.get(UUID(told["device_id"]))
        if device is None:
            return problem(404, "wrong-device")
        assert self.is_signed(device, asked)
        if device.stopped is not None:
            return ok(messages.Lease(commands=[device.stopped]))
        return ok(self._lent(device))

    def _lent(self, device: Device) -> messages.Lease:
        return messages.Lease(key_share=as_text(device.share), lease_until=self.time.wall + LEASE)

    def is_signed(self, device: Device, asked: Asked) -> bool:
        told = signed_text(asked.method, asked.path, asked.body)
        return is_signed_by(device.public_key, from_text(asked.headers["Sync-Signature"]), told)

    def _wipe_receipt(self, asked, _body, told) -> Got:
        assert self.is_signed(self.devices[UUID(told["device_id"])], asked)
        if {UUID(one) for one in told.get("handed_over", ())} - self.escrow.keys():
            return problem(409, "escrow-incomplete")
        self.wiped.append(UUID(told["device_id"]))
        return Got(204, b"")

    def _standing(self, device: Device) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "server_time": self.time.wall,
            "last_seq": device.last_seq,
            "durable_seq": device.durable_seq,
        }

    # ---- up ----

    def _push(self, _asked, body, _told) -> Got:
        push = msgspec.json.decode(body, type=messages.Push)
        device = self.devices.get(push.device_id)
        if device is None:
            return problem(404, "wrong-device")
        if push.acked_seq > device.last_seq:
            return problem(409, "server-regressed", **self._standing(device))
        results: list[messages.Result] = []
        for raw in push.mutations:
            mutation = _mutation(bytes(raw))
            if mutation.seq in device.taken:
                if device.taken[mutation.seq][0] != bytes(raw):
                    return problem(409, "seq-reuse", results=results, **self._standing(device))
                results.append(device.taken[mutation.seq][1])
            elif mutation.seq != device.last_seq + 1:
                gap = {"expected_seq": device.last_seq + 1, "results": results}
                return problem(409, "sequence-gap", **gap, **self._standing(device))
            else:
                results.append(self._take_in(device, mutation, bytes(raw)))
        return ok(messages.PushAnswer(results=results, **self._standing(device)))

    def _take_in(self, device: Device, mutation, raw: bytes, **verdict: Any) -> messages.Result:
        is_void = isinstance(mutation, messages.VoidedSeqs)
        known = self.known.get(mutation.id)
        if known is not None:
            told = {"status": known.status, "rev": known.rev}
        elif is_void:
            told = {"status": Verdict.APPLIED}
        else:
            told = verdict or self._effect(mutation)
        result = messages.Result(seq=mutation.seq, id=mutation.id, **told)
        device.taken[mutation.seq] = (raw, result)
        device.last_seq = mutation.seq + (mutation.count - 1 if is_void else 0)
        self.known[mutation.id] = result
        return result

    def _effect(self, mutation: messages.PushedMutation) -> dict[str, Any]:
        judged = self.judge(mutation)
        if judged:
            return judged
        family = self.families.setdefault(mutation.family, Family())
        op = msgspec.json.decode(mutation.ops[0])
        rev = family.write("note", UUID(op["note_id"]), {"text": op["text"]})
        return {"status": Verdict.APPLIED, "rev": rev}

    def _ack(self, _asked, _body, told) -> Got:
        device = self.devices[UUID(told["device_id"])]
        seqs = range(int(told["from"]), int(told["to"]) + 1)
        results = [device.taken[seq][1] for seq in seqs if seq in device.taken]
        return ok(messages.PushAnswer(results=results, **self._standing(device)))

    def _escrow(self, asked, body, _told) -> Got:
        escrow = msgspec.json.decode(body, type=messages.Escrow)
        device = self.devices.get(escrow.device_id)
        if device is None:
            return problem(401, "signature")  # of whom there is no key, nothing can be proved
        assert self.is_signed(device, asked)
        for one in escrow.mutations:
            self.escrow[one.id] = open_escrowed(ESCROW.private, one.id, from_text(one.sealed))
            if one.seq == device.last_seq + 1:
                mutation = _mutation(self.escrow[one.id])
                mutation = msgspec.structs.replace(mutation, seq=one.seq)
                self._take_in(device, mutation, b"", status=Verdict.HELD)
        answer = messages.EscrowAnswer(
            server_time=self.time.wall, received=[one.id for one in escrow.mutations]
        )
        answer.commands = [] if device.stopped is None else [device.stopped]
        return ok(answer)

    # ---- down ----

    def _pull(self, _asked, body, _told) -> Got:
        pull = msgspec.json.decode(body, type=messages.Pull)
        device = self.devices.get(pull.device_id)
        if device is None:
            return problem(404, "wrong-device")
        answer = messages.PullAnswer(**self._standing(device))
        heads = {one: self.families[one] for one in sorted(self.scope)}
        if pull.have is None:
            whole = chain.have_hash(
                (id_, one.rev, one.chain_at(one.rev)) for id_, one in heads.items()
            )
            if whole != pull.have_hash or set(self.held) - self.scope:
                answer.ask = "have"
            return ok(answer)
        self._fill(answer, pull, heads)
        return ok(answer)

    def _fill(self, answer, pull: messages.Pull, heads: dict[UUID, Family]) -> None:
        scope_hash = sha256(b"".join(sorted(one.bytes for one in heads))).hexdigest()[:32]
        if pull.scope_hash != scope_hash:
            answer.scope = messages.Scope(hash=scope_hash, families=list(heads))
        for gone in sorted(({*self.held, *pull.have}) - self.scope):
            purge = self.held.setdefault(gone, uuid4())
            drop = messages.Drop(family=gone, purge_id=purge, reason=DropReason.NOT_HERS)
            answer.drop.append(drop)
        for id_, family in heads.items():
            self._compare(answer, pull, id_, family)

    def _compare(self, answer, pull: messages.Pull, id_: UUID, family: Family) -> None:
        held = pull.have.get(id_)
        if held is None:
            self._snapshot(answer, pull, id_, family)
        elif held.rev > family.rev or from_text(held.chain) != family.chain_at(held.rev):
            answer.reset.append(messages.Reset(family=id_, why="diverged"))
            self._snapshot(answer, pull, id_, family)
        elif held.rev == family.rev and held.rows not in {None, family.checksum}:
            answer.reset.append(messages.Reset(family=id_, why="rows-differ"))
            self._snapshot(answer, pull, id_, family)
        elif held.rev < family.rev:
            answer.changes.append(change(id_, family, held.rev))

    def _snapshot(self, answer, pull: messages.Pull, id_: UUID, family: Family) -> None:
        self.held[id_] = uuid4()
        items = family.items(0)
        parts = [
            items[at : at + self.part_items] for at in range(0, len(items), self.part_items)
        ] or [[]]
        had = (pull.partial or {}).get(id_)
        begin = had.parts if had is not None and had.at == family.rev else 0
        for number in range(begin, len(parts)):
            if len(answer.snapshots) >= self.max_snapshots:
                answer.more = True
                return
            answer.snapshots.append(
                messages.Snapshot(
                    family=id_,
                    at=family.rev,
                    chain=as_text(family.chain_at(family.rev)),
                    rows=family.checksum,
                    part=number + 1,
                    parts=len(parts),
                    items=parts[number],
                )
            )

    def _purge_receipts(self, _asked, body, _told) -> Got:
        for one in msgspec.json.decode(body, type=messages.Receipts).receipts:
            if self.held.get(one.family) == one.purge_id:
                del self.held[one.family]
            self.receipts.append(one)
        return ok({"epoch": self.epoch, "server_time": self.time.wall})


def change(id_: UUID, family: Family, since: int) -> messages.Change:
    """What is new of a family since a revision."""
    return messages.Change(
        family=id_,
        from_=since,
        to=family.rev,
        chain=as_text(family.chain_at(family.rev)),
        links=[as_text(link) for link in family.links[since:]],
        rows=family.checksum,
        items=family.items(since),
    )


def _mutation(raw: bytes):
    kind = msgspec.json.decode(raw)["type"]
    is_void = kind == "seq.void"
    return msgspec.json.decode(
        raw, type=messages.VoidedSeqs if is_void else messages.PushedMutation
    )


def unpacked(asked: Asked) -> bytes:
    packed = asked.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(asked.body) if packed else asked.body


def ok(told: object, status: int = 200) -> Got:
    body = msgspec.json.encode(told)
    headers = {"content-type": "application/json", "content-digest": content_digest(body)}
    return Got(status, body, headers)


def problem(status: int, code: str, *, after: int | None = None, **members: Any) -> Got:
    body = msgspec.json.encode({"code": code, "status": status, "detail": "", **members})
    headers = {"content-type": "application/problem+json"}
    if after is not None:
        headers["retry-after"] = str(after)
    return Got(status, body, headers)


def once(path: str, got: Got) -> Callable[[Asked], Got | None]:
    """A twist: the next request to *path* is answered so, and the server hears nothing of it."""
    return lambda asked: got if urlsplit(asked.path).path.endswith(path) else None
