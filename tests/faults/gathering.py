"""Gathers what the checkers look at, when a world has become quiet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.rows import dict_row

from nyefamilier.families.tables import FamilyKeyRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage.work import Work
from nyefamilier.sync import keeping
from nyefamilier.sync.tables import DeliveryRow
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import FamilyCipher, WrappedKey
from nyefamilier.wire.kinds import RECORD_KINDS
from tests.faults.evidence import (
    Delivered,
    Device,
    Evidence,
    Head,
    Holding,
    Record,
    Revision,
)
from tests.faults.meaning import meant
from tests.faults.world import World

Row = dict[str, Any]


def gather(world: World) -> Evidence:
    """All there is to know of *world*."""
    with world.server.programme.work(SYSTEM, "test") as work:
        ciphers = _ciphers(work)
        revisions, raws = _revisions(world, ciphers)
        return Evidence(
            saved=list(world.saved),
            delivered=_delivered(work, revisions, raws),
            revisions=revisions,
            records=records(world, ciphers),
            heads=_heads(world),
            devices=_devices(world),
            phones=[phone.look() for phone in world.phones],
            holdings=_holdings(world),
            escrowed=frozenset(one["id"] for one in _rows(world, "SELECT id FROM escrow")),
            reviews=frozenset(
                one["mutation_id"] for one in _rows(world, "SELECT mutation_id FROM inbox")
            ),
            followed=frozenset(
                (one["family_id"], one["nurse_id"])
                for one in _rows(world, "SELECT family_id, nurse_id FROM team")
            ),
            history=world.history.events,
        )


def note_notes(world: World) -> None:
    """Write down each note as it is now, so that a later change of it shows."""
    with world.server.programme.work(SYSTEM, "test") as work:
        for one in records(world, _ciphers(work), ("note",)):
            told = json.dumps(one.body, sort_keys=True)
            if world.noted.get(str(one.id)) != told:
                world.noted[str(one.id)] = told
                world.history.tell("note", id=str(one.id), told=told)


def records(
    world: World, ciphers: Mapping[UUID, FamilyCipher], kinds: tuple[str, ...] = RECORD_KINDS
) -> list[Record]:
    """The families' records, opened."""
    found = []
    for kind in kinds:
        query = sql.SQL("SELECT to_jsonb(r) AS told, * FROM {} r").format(sql.Identifier(kind))
        for row in _rows(world, query):
            body = {name: row["told"][name] for name in row["told"] if name not in _PLACED}
            if row.get("sealed") is not None:
                cipher = ciphers[row["family_id"]]
                opened = cipher.open(kind, "sealed", row["id"], row["rev"], row["sealed"])
                body |= msgspec.json.decode(opened)
            found.append(Record(row["family_id"], kind, row["id"], row["rev"], body))
    return found


_PLACED = frozenset({"id", "family_id", "rev", "sealed"})


def _rows(world: World, query: str | sql.Composed, *values: object) -> list[Row]:
    with world.server.admin.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values).fetchall()


def _ciphers(work: Work) -> dict[UUID, FamilyCipher]:
    keys = work.session.query(FamilyKeyRow).all()
    wrapped = {
        row.family_id: WrappedKey(
            row.id, row.version, Wrapped(row.provider, row.kek, row.kek_version, row.wrapped)
        )
        for row in keys
    }
    return work.vault.open_family_keys(wrapped)


def _delivered(
    work: Work, revisions: list[Revision], raws: Mapping[UUID, bytes]
) -> list[Delivered]:
    rows = work.session.query(DeliveryRow).all()
    kept = {row.mutation_id: row for row in rows if row.raw is not None}
    at = {(one.family, one.rev): raws.get(one.id) for one in revisions}
    return [
        Delivered(
            row.device_id, row.seq, row.mutation_id, row.family_id, row.status, row.reason,
            row.rev, _content(work, row, kept, at),
            filed=tuple(UUID(one) for one in row.answer.get("filed", [])),
            settled=row.settled_at is not None,
            review=row.answer.get("review"),
            waits_for=row.waits_for,
        )
        for row in rows
    ]  # fmt: skip


def _content(
    work: Work,
    row: DeliveryRow,
    kept: Mapping[UUID, DeliveryRow],
    at: Mapping[tuple[UUID, int], bytes | None],
) -> bytes | None:
    if row.family_id is not None and row.rev is not None:
        raw = at.get((row.family_id, row.rev))
        return None if raw is None else meant(raw)
    first = row if row.raw is not None else kept.get(row.mutation_id)
    return None if first is None else meant(keeping.raw_of(work, first))


def _revisions(
    world: World, ciphers: Mapping[UUID, FamilyCipher]
) -> tuple[list[Revision], dict[UUID, bytes]]:
    """The mutation log, and the bytes that phones sent, by mutation."""
    made, raws = [], {}
    for row in _rows(world, "SELECT * FROM mutation ORDER BY family_id, rev"):
        ops, base = (), None
        if row["device_id"] is not None:
            cipher = ciphers[row["family_id"]]
            raw = cipher.open("mutation", "request", row["id"], row["rev"], row["request"])
            told = json.loads(raw)
            raws[row["id"]], ops, base = raw, tuple(told["ops"]), told["base_rev"]
        made.append(
            Revision(
                row["family_id"], row["rev"], row["id"], row["device_id"], row["status"],
                row["request"], row["link"], row["chain"], base, ops,
            )
        )  # fmt: skip
    return made, raws


def _heads(world: World) -> list[Head]:
    scope = world.watcher.scope()
    return [
        Head(
            row["id"], row["rev"], row["chain"], row["checksum"],
            frozenset(nurse for family, nurse in scope if family == row["id"]),
        )
        for row in _rows(world, "SELECT * FROM family")
    ]  # fmt: skip


def _devices(world: World) -> list[Device]:
    rows = _rows(world, "SELECT * FROM device")
    return [Device(row["id"], row["account_id"], row["state"], row["last_seq"]) for row in rows]


def _holdings(world: World) -> list[Holding]:
    rows = _rows(world, "SELECT * FROM holding")
    return [Holding(row["device_id"], row["family_id"], row["gone_at"] is not None) for row in rows]
