"""What a store keeps when its key or its device becomes another one.

The server's copies are fetched anew; what the nurse wrote is carried over, with its id.
"""

from __future__ import annotations

import sqlite3
from typing import Final
from uuid import UUID

import msgspec

from nyefamilier.client.outbox import CELL, VOID
from nyefamilier.client.standing import Standing
from nyefamilier.client.store import stand, standing_in
from nyefamilier.vault.escrow import seal_to_escrow
from nyefamilier.vault.phone import CannotOpen, StoreCipher
from nyefamilier.wire.messages import PushedMutation

COPIES: Final = ("row", "cursor", "arrival", "arrived", "scope", "leaving")
"""The tables of what came from the server."""


def begin_empty(cx: sqlite3.Connection, before: StoreCipher | None, after: StoreCipher) -> None:
    """Empty the store of the server's copies, and seal what is ours under its new key.

    Args:
        cx: The transaction.
        before: The key until now; without it, of what we wrote only the escrow copies are left.
        after: The key from now on.
    """
    for table in COPIES:
        cx.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    for table in ("outbox", "journal"):
        _reseal(cx, table, before, after)


def renumber(cx: sqlite3.Connection, cipher: StoreCipher | None) -> None:
    """Give all that we wrote, journal and outbox, the seqs of the device that we are now.

    The ids stay, by which the server knows again what it has.
    """
    standing = standing_in(cx)
    if standing is None:
        return
    kept = cx.execute(
        "SELECT id, family, seq, raw, escrow, escrow_key FROM"
        " (SELECT 0 AS later, acked_at, id, family, seq, raw, escrow, escrow_key FROM journal"
        "  UNION ALL SELECT 1, '', id, family, seq, raw, escrow, escrow_key FROM outbox)"
        " WHERE family != ? ORDER BY later, acked_at, seq",
        (VOID.bytes,),
    ).fetchall()
    cx.execute("DELETE FROM journal")
    cx.execute("DELETE FROM outbox")
    for seq, row in enumerate(kept, standing.next_seq):
        _insert(cx, standing, cipher, seq, row)
    stand(cx, msgspec.structs.replace(standing, next_seq=standing.next_seq + len(kept)))


def _insert(
    cx: sqlite3.Connection, standing: Standing, cipher: StoreCipher | None, seq: int,
    row: tuple[bytes, bytes, int, bytes | None, bytes, str],
) -> None:  # fmt: skip
    told_id, told_family, old_seq, sealed, escrow, key_id = row
    place = (UUID(bytes=told_id), UUID(bytes=told_family))
    opened = _opened(cipher, (*place, old_seq), sealed)
    if opened is None or cipher is None:
        sealed = None
    else:
        raw = _numbered(opened, seq)
        sealed = cipher.seal(CELL, *place, seq, raw)
        escrow, key_id = seal_to_escrow(standing.escrow_key, place[0], raw), standing.escrow_key_id
    cx.execute(
        "INSERT INTO outbox (seq, id, family, raw, escrow, escrow_key) VALUES (?, ?, ?, ?, ?, ?)",
        (seq, told_id, told_family, sealed, escrow, key_id),
    )


def _opened(
    cipher: StoreCipher | None, place: tuple[UUID, UUID, int], sealed: bytes | None
) -> bytes | None:
    """What was sealed; None where it does not open, of which the copy for the server is left."""
    if cipher is None or sealed is None:
        return None
    try:
        return cipher.open(CELL, *place, sealed)
    except CannotOpen:
        return None


def _numbered(raw: bytes, seq: int) -> bytes:
    mutation = msgspec.json.decode(raw, type=PushedMutation)
    return msgspec.json.encode(msgspec.structs.replace(mutation, seq=seq))


def _reseal(
    cx: sqlite3.Connection, table: str, before: StoreCipher | None, after: StoreCipher
) -> None:
    if before is None:
        cx.execute(f"UPDATE {table} SET raw = NULL")  # noqa: S608 - our own names
        return
    rows = cx.execute(
        f"SELECT id, family, seq, raw FROM {table} WHERE raw IS NOT NULL"  # noqa: S608 - the same
    ).fetchall()
    for told_id, family, seq, sealed in rows:
        place = (UUID(bytes=told_id), UUID(bytes=family), seq)
        opened = _opened(before, place, sealed)
        again = None if opened is None else after.seal(CELL, *place, opened)
        cx.execute(f"UPDATE {table} SET raw = ? WHERE id = ?", (again, told_id))  # noqa: S608
