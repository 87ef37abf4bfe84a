"""Gives up families: what is unsent first, then everything of them, then the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from nyefamilier.client import copies
from nyefamilier.client.outbox import standing_of
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, ids, stand
from nyefamilier.wire.messages import Drop, Receipt, Scope


@dataclass(frozen=True, slots=True)
class Leaving:
    """A family to be given up; ``gone`` is how many rows were deleted, once they are."""

    family: UUID
    purge_id: UUID
    reason: str
    gone: int | None


def take_scope(store: Store, scope: Scope | None, drops: Iterable[Drop]) -> None:
    """Note which families may be here, and which are to go.

    A family that was to go and may stay after all is left alone, unless it is gone already.
    """
    told = list(drops)
    if scope is None and all(_is_known(store, drop) for drop in told):
        return
    with store.durable(Step.SCOPED) as cx:
        if scope is not None:
            families = [(family.bytes,) for family in scope.families]
            cx.execute("DELETE FROM scope")
            cx.executemany("INSERT OR IGNORE INTO scope VALUES (?)", families)
            cx.executemany("DELETE FROM leaving WHERE gone IS NULL AND family = ?", families)
            stand(cx, msgspec.structs.replace(standing_of(store), scope_hash=scope.hash))
        cx.executemany(
            "INSERT OR REPLACE INTO leaving VALUES (?, ?, ?, NULL)",
            [(one.family.bytes, one.purge_id.bytes, one.reason) for one in told],
        )


def leaving(store: Store) -> list[Leaving]:
    """The families that are to be given up, and those whose receipt is not in yet."""
    rows = store.read("SELECT family, purge_id, reason, gone FROM leaving ORDER BY family")
    return [Leaving(UUID(bytes=row[0]), UUID(bytes=row[1]), *row[2:]) for row in rows]


def strays(store: Store) -> list[UUID]:
    """Families of which something lies here that may not, and that nobody asked to give up.

    Their cursor was given up, so that the server does not know of them.
    """
    return ids(
        store.read(
            "SELECT family FROM row WHERE family NOT IN (SELECT family FROM scope"
            " UNION SELECT family FROM cursor UNION SELECT family FROM leaving)"
            " UNION SELECT family FROM arrival WHERE family NOT IN (SELECT family FROM scope)"
        )
    )


def purge(store: Store, family: UUID) -> int:
    """Delete everything of a family in one transaction.

    What the nurse wrote and the server has not named stays, as the copy that only the server can
    open.

    Returns:
        How many rows there were.
    """
    with store.durable(Step.PURGED) as cx:
        gone = copies.delete(cx, family)
        cx.execute(
            "UPDATE outbox SET raw = NULL, refused = coalesce(refused, 'purged') WHERE family = ?",
            (family.bytes,),
        )
        cx.execute("UPDATE journal SET raw = NULL WHERE family = ?", (family.bytes,))
        cx.execute("UPDATE leaving SET gone = ? WHERE family = ?", (gone, family.bytes))
    return gone


def receipts(store: Store) -> list[Receipt]:
    """What is to be told of families that are gone."""
    return [
        Receipt(purge_id=one.purge_id, family=one.family, rows=one.gone)
        for one in leaving(store)
        if one.gone is not None
    ]


def receipted(store: Store, told: Iterable[Receipt]) -> None:
    """The server has these receipts."""
    with store.durable(Step.RECEIPTED) as cx:
        cx.executemany(
            "DELETE FROM leaving WHERE family = ? AND purge_id = ?",
            [(one.family.bytes, one.purge_id.bytes) for one in told],
        )


def _is_known(store: Store, drop: Drop) -> bool:
    found = store.read("SELECT purge_id FROM leaving WHERE family = ?", drop.family.bytes)
    return found == [(drop.purge_id.bytes,)]
