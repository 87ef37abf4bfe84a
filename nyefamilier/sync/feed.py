"""What lies in the families' rows that a phone does not have: one statement for all kinds.

An item's body is one JSON object: the row's clear columns and what lies sealed in it. It is put
together as text, since neither the server nor its rules look into what a phone is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Table

from nyefamilier.storage.base import Base
from nyefamilier.vault.vault import FamilyCipher
from nyefamilier.wire.kinds import RECORD_KINDS
from nyefamilier.wire.messages import Item

WITHHELD: Final = {
    "member": frozenset({"national_id_index", "national_id_index_version"}),
    "pregnancy": frozenset({"sealed"}),
}
"""What stays on the server: by what a person is found, and by what statistics know a pregnancy."""

_PLACED: Final = frozenset({"id", "family_id", "rev", "sealed"})
"""Columns that an item tells beside its body, or inside it once it is opened."""

_PLACE: Final = {kind: place for place, kind in enumerate(RECORD_KINDS)}
_LINK: Final = ""
"""The kind under which the log's links travel from the database."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it lies in the database: its clear columns as JSON, its body sealed or None."""

    kind: str
    id: UUID
    rev: int
    clear: str
    sealed: bytes | None

    @property
    def place(self) -> tuple[int, int, UUID]:
        """Where it stands among its family's: by revision, what others refer to first."""
        return self.rev, _PLACE[self.kind], self.id

    @property
    def size(self) -> int:
        """About how many bytes it is as an item."""
        return len(self.clear) + len(self.sealed or b"")


@dataclass(slots=True)
class News:
    """What is newer of one family than a revision.

    Args:
        records: The rows, in their places.
        links: The log's links after that revision, in order.
        chain: The chain at that revision; None if there is no such revision.
    """

    records: list[Record] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    chain: bytes | None = None

    @property
    def size(self) -> int:
        """About how many bytes it is as items."""
        return sum(one.size for one in self.records)


def news(connection: Connection, since: Mapping[UUID, int]) -> dict[UUID, News]:
    """What is newer of each family than the revision that is given for it; 0 gives all rows."""
    found = {family: News() for family in since}
    asked = {"families": list(since), "revs": list(since.values())}
    for kind, family, id_, rev, clear, payload in connection.exec_driver_sql(
        _statement(), asked
    ).all():
        of = found[family]
        if kind != _LINK:
            of.records.append(Record(kind, id_, rev, clear, payload))
        elif rev == since[family]:
            of.chain = payload
        else:
            of.links.append(payload)
    for of in found.values():
        of.records.sort(key=lambda one: one.place)
    return found


def items(records: Iterable[Record], cipher: FamilyCipher) -> list[Item]:
    """The records of one family as they travel.

    Raises:
        CannotOpen: a body was damaged, or is not where it was written.
    """
    return [Item(rev=one.rev, kind=one.kind, id=one.id, body=_body(one, cipher)) for one in records]


def _body(record: Record, cipher: FamilyCipher) -> msgspec.Raw:
    clear = record.clear.encode()
    if record.sealed is None:
        return msgspec.Raw(clear)
    inside = cipher.open(record.kind, "sealed", record.id, record.rev, record.sealed)
    # Two objects, neither of them empty, become one.
    return msgspec.Raw(clear[:-1] + b"," + inside[1:])


@cache
def _statement() -> str:
    arms = [_arm(Base.metadata.tables[kind]) for kind in RECORD_KINDS]
    return f"""
        WITH asked AS (
            SELECT * FROM unnest(%(families)s::uuid[], %(revs)s::bigint[]) AS one(family_id, rev)
        )
        {" UNION ALL ".join(arms)}
        UNION ALL (
            SELECT '{_LINK}', a.family_id, r.id, r.rev, NULL,
                CASE WHEN r.rev = a.rev THEN r.chain ELSE r.link END
            FROM asked a JOIN mutation r ON r.family_id = a.family_id AND r.rev >= a.rev
            WHERE a.rev > 0
            ORDER BY r.rev
        )
    """  # noqa: S608 - names of our own tables


def _arm(rows: Table) -> str:
    told = ", ".join(f"'{name}', r.{name}" for name in clear_columns(rows.name))
    sealed = "r.sealed" if is_opened(rows.name) else "NULL::bytea"
    return f"""
        SELECT '{rows.name}', a.family_id, r.id, r.rev, json_build_object({told})::text, {sealed}
        FROM asked a JOIN {rows.name} r ON r.family_id = a.family_id AND r.rev > a.rev
    """  # noqa: S608 - names of our own tables


def clear_columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind that are in an item's body as they are."""
    held_back = _PLACED | WITHHELD.get(kind, frozenset())
    return tuple(
        one.name for one in Base.metadata.tables[kind].columns if one.name not in held_back
    )


def is_opened(kind: str) -> bool:
    """Whether what lies sealed in rows of a kind is in an item's body."""
    return "sealed" in Base.metadata.tables[kind].columns and "sealed" not in WITHHELD.get(kind, ())
