"""What lies in the families' rows that a phone does not have: one statement for all kinds.

An item's body is one JSON object: the row's clear columns and what lies sealed in it. It is put
together as text, since neither the server nor its rules look into what a phone is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Table

from nyefamilier.storage import plain
from nyefamilier.storage.base import Base
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import FamilyCipher, WrappedKey
from nyefamilier.wire.kinds import RECORD_KINDS
from nyefamilier.wire.messages import Item

WITHHELD: Final = {
    "member": frozenset({"national_id_index", "national_id_index_version"}),
    "pregnancy": frozenset({"sealed"}),
    "need": frozenset({"pregnancy_id"}),
}
"""What stays on the server: by what a person is found, and what is kept for statistics."""

_PLACED: Final = frozenset({"id", "family_id", "rev", "sealed"})
"""Columns that an item tells beside its body, or inside it once it is opened."""

_PLACE: Final = {kind: place for place, kind in enumerate(RECORD_KINDS)}
_LINK, _KEY = "link", "key"
"""The kinds under which the log's links, and the family's key, travel from the database."""
_WRAPPED_BY: Final = msgspec.json.Decoder(tuple[str, str, int])
"""The provider, the name of its key, and which version of that."""


class Record(NamedTuple):
    """A row as it lies in the database: its clear columns as JSON, its body sealed or None."""

    kind: str
    id: UUID
    rev: int
    clear: str
    sealed: bytes | None
    size: int
    """About how many bytes it is as an item."""

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands among its family's: by revision, what others refer to first."""
        return self.rev, _PLACE[self.kind], self.id.int


@dataclass(slots=True)
class News:
    """What is newer of one family than a revision.

    Args:
        records: The rows, in their places.
        links: The log's links after that revision, in order.
        chain: The chain at that revision; None if there is no such revision.
        key: Under which the rows lie sealed.
    """

    records: list[Record] = field(default_factory=list)
    links: list[bytes] = field(default_factory=list)
    chain: bytes | None = None
    key: WrappedKey | None = None

    @property
    def size(self) -> int:
        """About how many bytes it is as items."""
        return sum(one.size for one in self.records)


def news(connection: Connection, since: Mapping[UUID, int]) -> dict[UUID, News]:
    """What is newer of each family than the revision that is given for it; 0 gives all rows."""
    found = [News() for _ in since]
    revs = list(since.values())
    asked = {"families": list(since), "revs": revs}
    for number, kind, id_, rev, clear, payload in plain.rows(connection, _statement(), asked):
        of = found[number - 1]
        if kind in _PLACE:
            size = len(clear) + len(payload or b"")
            of.records.append(Record(kind, id_, rev, clear, payload, size))
        elif kind == _KEY:
            provider, kek, version = _WRAPPED_BY.decode(clear)
            of.key = WrappedKey(id_, rev, Wrapped(provider, kek, version, payload))
        elif rev == revs[number - 1]:
            of.chain = payload
        else:
            of.links.append(payload)
    for of in found:
        of.records.sort(key=lambda one: one.place)
    return dict(zip(since, found, strict=True))


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
    # Read from a subquery, the lists are nothing that a plan could be made for: one plan serves all
    # pulls, where making one takes longer than carrying it out.
    arms = [_arm(Base.metadata.tables[kind]) for kind in RECORD_KINDS]
    told = f"""
        WITH asked AS (
            SELECT * FROM unnest((SELECT %(families)s::uuid[]), (SELECT %(revs)s::bigint[]))
                WITH ORDINALITY AS one (family, since, number)
        )
        {" UNION ALL ".join(arms)}
        UNION ALL (
            SELECT number, '{_LINK}', id, rev, NULL,
                CASE WHEN rev = since THEN chain ELSE link END
            FROM asked JOIN mutation ON family_id = family AND rev >= since
            WHERE since > 0
            ORDER BY rev
        )
        UNION ALL
        SELECT number, '{_KEY}', id, version,
            json_build_array(provider, kek, kek_version)::text, wrapped
        FROM asked JOIN family_key ON family_id = family
    """  # noqa: S608 - names of our own tables
    # The driver keeps what it has read of a statement, if that has at most 4,096 characters.
    return " ".join(told.split())


def _arm(rows: Table) -> str:
    # Family by family (OFFSET 0 keeps it so): what is new of five families costs the same however
    # many there are, whatever the planner believes of a table.
    told = ", ".join(clear_columns(rows.name))
    sealed = "sealed" if is_opened(rows.name) else "NULL::bytea"
    return f"""
        SELECT number, '{rows.name}', one.* FROM asked, LATERAL (
            SELECT id, rev, row_to_json((SELECT c FROM (SELECT {told}) c))::text, {sealed}
            FROM {rows.name} WHERE family_id = family AND rev > since OFFSET 0
        ) one
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
