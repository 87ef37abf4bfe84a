"""Reads what a server has, opened: its deliveries, its log, its families' records."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from nyefamilier.families.tables import FamilyKeyRow
from nyefamilier.storage.work import Work
from nyefamilier.sync import keeping
from nyefamilier.sync.tables import DeliveryRow
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import FamilyCipher, WrappedKey
from nyefamilier.wire.kinds import RECORD_KINDS
from tests.faults.evidence import Delivered, Device, Head, Holding, Record, Revision
from tests.faults.meaning import meant

Row = dict[str, Any]

_PLACED: Final = frozenset({"id", "family_id", "rev", "sealed"})


@dataclass(frozen=True, slots=True)
class Log:
    """The mutation log, and the bytes that phones sent, by family and revision."""

    revisions: list[Revision]
    raws: Mapping[tuple[UUID, int], bytes]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows past the programme, with its keys.

    Args:
        admin: A connection that sees every row.
        work: A piece of work, for what only the programme can open.
        ciphers: Each family's.
    """

    admin: psycopg.Connection[Any]
    work: Work
    ciphers: Mapping[UUID, FamilyCipher]

    def rows(self, query: str | sql.Composed, *values: object) -> list[Row]:
        """What a query finds."""
        with self.admin.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, values).fetchall()

    def records(self, kinds: tuple[str, ...] = RECORD_KINDS) -> list[Record]:
        """The families' records, opened."""
        found = []
        for kind in kinds:
            query = sql.SQL("SELECT to_jsonb(r) AS told, * FROM {} r").format(sql.Identifier(kind))
            found += [self._record(kind, row) for row in self.rows(query)]
        return found

    def _record(self, kind: str, row: Row) -> Record:
        body = {name: told for name, told in row["told"].items() if name not in _PLACED}
        if row.get("sealed") is not None:
            cipher = self.ciphers[row["family_id"]]
            opened = cipher.open(kind, "sealed", row["id"], row["rev"], row["sealed"])
            body |= msgspec.json.decode(opened)
        return Record(row["family_id"], kind, row["id"], row["rev"], body)

    def log(self) -> Log:
        """The mutation log, opened as far as a phone wrote it."""
        raws, revisions = {}, []
        for row in self.rows("SELECT * FROM mutation ORDER BY family_id, rev"):
            ops, base = (), None
            if row["device_id"] is not None:
                cipher = self.ciphers[row["family_id"]]
                raw = cipher.open("mutation", "request", row["id"], row["rev"], row["request"])
                told = json.loads(raw)
                raws[row["family_id"], row["rev"]] = raw
                ops, base = tuple(told["ops"]), told["base_rev"]
            revisions.append(
                Revision(
                    row["family_id"], row["rev"], row["id"], row["device_id"], row["status"],
                    row["request"], row["link"], row["chain"], base, ops, row["received_at"],
                )
            )  # fmt: skip
        return Log(revisions, raws)

    def delivered(self, log: Log, records: Iterable[Record]) -> list[Delivered]:
        """What every device delivered, with the verdicts."""
        # What had waited tells its first verdict for ever; what was filed of it, the inbox tells.
        inbox = [one.body for one in records if one.kind == "inbox"]
        # There may be two items of one: it was shown as parked, and filed in part afterwards.
        filed: dict[str, list[str]] = {}
        for one in inbox:
            filed.setdefault(str(one["mutation_id"]), []).extend(one.get("filed") or ())
        rows = self.work.session.query(DeliveryRow).all()
        kept = {row.mutation_id: row for row in rows if row.raw is not None}
        return [
            Delivered(
                row.device_id, row.seq, row.mutation_id, row.family_id, row.status, row.reason,
                row.rev, self._content(row, kept, log),
                filed=tuple(
                    UUID(one)
                    for one in row.answer.get("filed") or filed.get(str(row.mutation_id), [])
                ),
                settled=row.settled_at is not None,
                review=row.answer.get("review"),
                waits_for=row.waits_for,
                came_at=row.received_at,
            )
            for row in rows
        ]  # fmt: skip

    def _content(
        self, row: DeliveryRow, kept: Mapping[UUID, DeliveryRow], log: Log
    ) -> bytes | None:
        if row.family_id is not None and row.rev is not None:
            raw = log.raws.get((row.family_id, row.rev))
            return None if raw is None else meant(raw)
        first = row if row.raw is not None else kept.get(row.mutation_id)
        return None if first is None else meant(keeping.raw_of(self.work, first))

    def heads(self, scope: Collection[tuple[UUID, UUID]]) -> list[Head]:
        """The families, each with the nurses who follow it by *scope*."""
        return [
            Head(
                row["id"], row["rev"], row["chain"], row["checksum"],
                frozenset(nurse for family, nurse in scope if family == row["id"]),
            )
            for row in self.rows("SELECT * FROM family")
        ]  # fmt: skip

    def devices(self) -> list[Device]:
        """The devices."""
        rows = self.rows("SELECT * FROM device")
        return [Device(row["id"], row["account_id"], row["state"], row["last_seq"]) for row in rows]

    def holdings(self) -> list[Holding]:
        """The ledger of copies."""
        rows = self.rows("SELECT * FROM holding")
        return [
            Holding(row["device_id"], row["family_id"], row["gone_at"] is not None) for row in rows
        ]

    def column(self, query: str) -> frozenset[Any]:
        """The values in a query's only column."""
        return frozenset(value for row in self.rows(query) for value in row.values())


def reader(admin: psycopg.Connection[Any], work: Work) -> Reader:
    """A reader with the keys of all families there are."""
    keys = work.session.query(FamilyKeyRow).all()
    wrapped = {
        row.family_id: WrappedKey(
            row.id, row.version, Wrapped(row.provider, row.kek, row.kek_version, row.wrapped)
        )
        for row in keys
    }
    return Reader(admin, work, work.vault.open_family_keys(wrapped))
