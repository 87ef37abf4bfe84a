"""Looks at what is in a phone's store."""

from __future__ import annotations

from uuid import UUID

import msgspec

from nyefamilier.client import copies
from nyefamilier.client.store import Store
from tests.faults.evidence import Copy


def copies_in(store: Store) -> dict[UUID, Copy]:
    """The families that the phone has, opened; none where the store is closed."""
    if store.cipher is None:
        return {}
    found = {}
    for one in copies.cursors(store):
        rows = {
            (row.kind, row.id): (row.rev, msgspec.json.decode(row.body))
            for row in copies.records(store, one.family)
        }
        found[one.family] = Copy(one.rev, one.chain, rows)
    return found


def remains_in(store: Store) -> frozenset[UUID]:
    """The families of which anything at all lies in its tables."""
    found: set[UUID] = set()
    for table in ("row", "cursor", "arrival", "arrived"):
        rows = store.read(f"SELECT DISTINCT family FROM {table}")  # noqa: S608 - our own names
        found |= {UUID(bytes=one) for (one,) in rows}
    return frozenset(found)
