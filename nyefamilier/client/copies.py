"""The families' copies: each an exact prefix of the server's log, or given up and asked for again.

I2: a change is written in one transaction with its cursor, after everything about it was checked;
what the nurse has pending is never written among the rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, ids
from nyefamilier.vault.phone import StoreCipher
from nyefamilier.wire import chain
from nyefamilier.wire.messages import Change, Held, Item, Partial, Snapshot
from nyefamilier.wire.texts import as_text, from_text


class DoesNotFit(Exception):  # noqa: N818 - an answer, not a defect
    """What came does not follow from what is here; the family is asked for again.

    Args:
        why: A code, for the report.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far we have a family."""

    family: UUID
    rev: int
    chain: bytes
    checksum: int


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One record of a family, as the server has it."""

    kind: str
    id: UUID
    rev: int
    body: bytes


def cursors(store: Store) -> list[Cursor]:
    """How far we have each family."""
    rows = store.read("SELECT family, rev, chain, checksum FROM cursor ORDER BY family")
    return [Cursor(UUID(bytes=row[0]), *row[1:]) for row in rows]


def cursor(store: Store, family: UUID) -> Cursor | None:
    """How far we have a family; None when we have none of it that can be trusted."""
    rows = store.read("SELECT rev, chain, checksum FROM cursor WHERE family = ?", family.bytes)
    return Cursor(family, *rows[0]) if rows else None


def have(store: Store, *, prove_rows: bool) -> dict[UUID, Held]:
    """What we tell the server that we have; with the checksums of the rows that really lie here."""
    held = {}
    for one in cursors(store):
        rows = checksum(store, one.family) if prove_rows else None
        held[one.family] = Held(rev=one.rev, chain=as_text(one.chain), rows=rows)
    return held


def have_hash(store: Store) -> str:
    """The same in 32 characters."""
    return chain.have_hash((one.family, one.rev, one.chain) for one in cursors(store))


def partial(store: Store) -> dict[UUID, Partial]:
    """Of which families we have the first parts of a new copy."""
    rows = store.read("SELECT family, at, next FROM arrival")
    return {UUID(bytes=row[0]): Partial(at=row[1], parts=row[2] - 1) for row in rows}


def checksum(store: Store, family: UUID) -> int:
    """The checksum of the rows that lie here, counted anew."""
    rows = store.read("SELECT kind, id, rev FROM row WHERE family = ?", family.bytes)
    return chain.checksum((kind, UUID(bytes=told), rev) for kind, told, rev in rows)


def records(store: Store, family: UUID) -> list[Record]:
    """A family's rows, opened.

    Raises:
        StoreClosed: the store is closed.
        CannotOpen: a row is damaged.
    """
    rows = store.read(
        "SELECT kind, id, rev, body FROM row WHERE family = ? ORDER BY kind, id", family.bytes
    )
    opened, place = store.opened, [(kind, UUID(bytes=told), rev) for kind, told, rev, _ in rows]
    return [
        Record(kind, told, rev, opened.open(f"row:{kind}", told, family, rev, sealed))
        for (kind, told, rev), (*_, sealed) in zip(place, rows, strict=True)
    ]


def families(store: Store) -> list[UUID]:
    """The families of which anything lies here."""
    return ids(store.read("SELECT family FROM row UNION SELECT family FROM cursor"))


def apply(store: Store, change: Change) -> None:
    """Take a family from one revision to another.

    Raises:
        DoesNotFit: ``gap``, ``chain-differs``, ``checksum-differs``, ``item-out-of-place``,
            ``unreadable``.
            Nothing was written.
        StoreClosed: the store is closed.
    """
    before = cursor(store, change.family)
    after = _followed(before, change)
    with store.durable(Step.CHANGED) as cx:
        if before is None:
            cx.execute("DELETE FROM row WHERE family = ?", (change.family.bytes,))
        marks = _write(cx, store.opened, "row", change.family, change.items)
        _check(marks ^ (before.checksum if before else 0), change.rows)
        _move(cx, after)


def lay_aside(store: Store, part: Snapshot) -> None:
    """Take in a part of a family's new copy; the last part puts it in the place of the old one.

    Raises:
        DoesNotFit: ``part-missing``, ``checksum-differs``, ``item-out-of-place``,
            ``unreadable``. What was laid
            aside of the family is gone.
        StoreClosed: the store is closed.
    """
    try:
        _expect(store, part)
        if part.part < part.parts:
            _add_part(store, part)
        else:
            _replace(store, part)
    except DoesNotFit:
        with store.durable(Step.DOUBTED) as cx:
            _forget_parts(cx, part.family)
        raise


def doubt(store: Store, family: UUID) -> None:
    """Give up the cursor: the rows stay to be looked at, and the family is asked for again."""
    with store.durable(Step.DOUBTED) as cx:
        cx.execute("DELETE FROM cursor WHERE family = ?", (family.bytes,))
        _forget_parts(cx, family)


def delete(cx: sqlite3.Connection, family: UUID) -> int:
    """Delete what lies here of a family.

    Returns:
        How many rows there were.
    """
    gone = cx.execute("DELETE FROM row WHERE family = ?", (family.bytes,)).rowcount
    cx.execute("DELETE FROM cursor WHERE family = ?", (family.bytes,))
    _forget_parts(cx, family)
    return gone


def _followed(before: Cursor | None, change: Change) -> Cursor:
    """Where the family is after *change*, if it follows from where it is."""
    at = before or Cursor(change.family, 0, chain.ORIGIN, 0)
    if change.from_ != at.rev or len(change.links) != change.to - change.from_:
        raise DoesNotFit("gap")
    told = at.chain
    for rev, link in enumerate(change.links, at.rev + 1):
        told = chain.after(told, rev, _bytes(link))
    if told != _bytes(change.chain):
        raise DoesNotFit("chain-differs")
    if any(not at.rev < item.rev <= change.to for item in change.items):
        raise DoesNotFit("item-out-of-place")
    return Cursor(change.family, change.to, told, change.rows)


def _expect(store: Store, part: Snapshot) -> None:
    if any(item.rev > part.at for item in part.items):
        raise DoesNotFit("item-out-of-place")
    if part.part == 1:
        return
    found = store.read("SELECT at, chain, next FROM arrival WHERE family = ?", part.family.bytes)
    if found != [(part.at, _bytes(part.chain), part.part)]:
        raise DoesNotFit("part-missing")


def _add_part(store: Store, part: Snapshot) -> None:
    with store.durable(Step.PART) as cx:
        if part.part == 1:
            _forget_parts(cx, part.family)
        _write(cx, store.opened, "arrived", part.family, part.items)
        cx.execute(
            "INSERT OR REPLACE INTO arrival VALUES (?, ?, ?, ?)",
            (part.family.bytes, part.at, _bytes(part.chain), part.part + 1),
        )


def _replace(store: Store, part: Snapshot) -> None:
    with store.durable(Step.REPLACED) as cx:
        if part.part == 1:
            _forget_parts(cx, part.family)
        _write(cx, store.opened, "arrived", part.family, part.items)
        family = part.family.bytes
        rows = cx.execute("SELECT kind, id, rev FROM arrived WHERE family = ?", (family,))
        _check(chain.checksum((kind, UUID(bytes=told), rev) for kind, told, rev in rows), part.rows)
        cx.execute("DELETE FROM row WHERE family = ?", (family,))
        cx.execute("INSERT INTO row SELECT * FROM arrived WHERE family = ?", (family,))
        _forget_parts(cx, part.family)
        _move(cx, Cursor(part.family, part.at, _bytes(part.chain), part.rows))


def _write(
    cx: sqlite3.Connection, cipher: StoreCipher, table: str, family: UUID, items: Sequence[Item]
) -> int:
    """Write *items*, each in the place of its older self.

    Returns:
        What that changes of the rows' checksum.
    """
    changed = 0
    for item in items:
        place = (family.bytes, item.kind, item.id.bytes)
        older = cx.execute(
            f"SELECT rev FROM {table} WHERE family = ? AND kind = ? AND id = ?",  # noqa: S608
            place,
        ).fetchone()
        revs = [item.rev] if older is None else [older[0], item.rev]
        changed ^= chain.checksum((item.kind, item.id, rev) for rev in revs)
        sealed = cipher.seal(f"row:{item.kind}", item.id, family, item.rev, bytes(item.body))
        cx.execute(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - our names
            (*place, item.rev, sealed),
        )
    return changed


def _bytes(told: str) -> bytes:
    try:
        return from_text(told)
    except ValueError:
        raise DoesNotFit("unreadable") from None


def _check(found: int, told: int) -> None:
    if found != told:
        raise DoesNotFit("checksum-differs")


def _move(cx: sqlite3.Connection, to: Cursor) -> None:
    cx.execute(
        "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?)",
        (to.family.bytes, to.rev, to.chain, to.checksum),
    )


def _forget_parts(cx: sqlite3.Connection, family: UUID) -> None:
    for table in ("arrival", "arrived"):
        cx.execute(f"DELETE FROM {table} WHERE family = ?", (family.bytes,))  # noqa: S608 - ours
