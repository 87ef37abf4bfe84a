"""Looks at what is in a phone's store."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import msgspec

from nyefamilier.client import copies
from nyefamilier.client.store import Store
from nyefamilier.vault.phone import CannotOpen
from tests.faults.evidence import Copy, Op


def copies_in(store: Store) -> dict[UUID, Copy]:
    """The families that the phone has, opened; none where the store is closed."""
    if store.cipher is None:
        return {}
    return {
        one.family: Copy(one.rev, one.chain, _readable(store, one.family))
        for one in copies.cursors(store)
    }


def remains_in(store: Store) -> frozenset[UUID]:
    """The families of which anything at all lies in its tables."""
    found: set[UUID] = set()
    for table in ("row", "cursor", "arrival", "arrived"):
        rows = store.read(f"SELECT DISTINCT family FROM {table}")  # noqa: S608 - our own names
        found |= {UUID(bytes=one) for (one,) in rows}
    return frozenset(found)


def _readable(store: Store, family: UUID) -> dict[tuple[str, UUID], tuple[int, Op]]:
    """The family's rows; none where one of them cannot be read any more."""
    with suppress(CannotOpen):
        return {
            (row.kind, row.id): (row.rev, msgspec.json.decode(row.body))
            for row in copies.records(store, family)
        }
    return {}
