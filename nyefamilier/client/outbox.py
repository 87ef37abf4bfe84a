"""What the nurse wrote and the server has not named yet, and what it has named but may lose.

I1: a mutation leaves the outbox only when the server has named its seq with a verdict; it then lies
in the journal until a verified backup has it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from nyefamilier.client.standing import Standing
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, StoreClosed, stand
from nyefamilier.vault.escrow import seal_to_escrow
from nyefamilier.wire.messages import SCHEMA, PushedMutation, Result, VoidedSeqs
from nyefamilier.wire.verdicts import Verdict

KEEP_JOURNAL: Final = timedelta(days=30)
CELL: Final = "outbox"
"""What the bodies of outbox and journal are sealed to, so that a row moves as it is."""
VOID: Final = UUID(int=0)
"""Stands for the family of a mutation that only says that seqs are lost."""


class NotEnrolled(Exception):  # noqa: N818 - an answer, not a defect
    """The phone is not known to the server yet: without its escrow key nothing can be kept safe."""


@dataclass(frozen=True, slots=True, repr=False)
class Unsent:
    """One mutation in the outbox. ``sealed`` is None where only the escrow copy is left."""

    seq: int
    id: UUID
    family: UUID
    sealed: bytes | None
    escrow: bytes
    escrow_key: str
    refused: str | None
    is_escrowed: bool


def standing_of(store: Store) -> Standing:
    """Where the phone stands.

    Raises:
        NotEnrolled: nowhere yet.
    """
    standing = store.standing
    if standing is None:
        raise NotEnrolled("Enrol the phone first: it needs a network once.")
    return standing


def put(store: Store, told: PushedMutation) -> PushedMutation:
    """Keep what the nurse meant, under the next seq; it is on the disk when this returns.

    Where the store is closed only the copy for the server is kept, which the phone cannot read.

    Raises:
        NotEnrolled: the phone has no escrow key yet.
        sqlite3.OperationalError: the disk is full. Nothing was kept.
    """
    with store.durable(Step.SAVED) as cx:
        standing = standing_of(store)
        numbered = msgspec.structs.replace(told, seq=standing.next_seq)
        _insert(cx, store, standing, numbered.family, numbered)
        following = msgspec.structs.replace(standing, next_seq=standing.next_seq + 1)
        stand(cx, following)
    return numbered


def _insert(
    cx: sqlite3.Connection,
    store: Store,
    standing: Standing,
    family: UUID,
    mutation: PushedMutation | VoidedSeqs,
) -> None:
    raw = msgspec.json.encode(mutation)
    place = (mutation.id, family, mutation.seq)
    sealed = None if store.cipher is None else store.cipher.seal(CELL, *place, raw)
    escrow = seal_to_escrow(standing.escrow_key, mutation.id, raw)
    cx.execute(
        "INSERT INTO outbox (seq, id, family, raw, escrow, escrow_key) VALUES (?, ?, ?, ?, ?, ?)",
        (mutation.seq, mutation.id.bytes, family.bytes, sealed, escrow, standing.escrow_key_id),
    )


def unsent(store: Store, *, family: UUID | None = None, most: int = -1) -> list[Unsent]:
    """The outbox in its order; at most so many, and of one family where one is named."""
    rows = store.read(
        "SELECT seq, id, family, raw, escrow, escrow_key, refused, escrowed = 1 FROM outbox"
        " WHERE ?1 IS NULL OR family = ?1 ORDER BY seq LIMIT ?2",
        None if family is None else family.bytes,
        most,
    )
    return [_unsent(*row) for row in rows]


def _unsent(seq: int, told: bytes, family: bytes, *others: Any) -> Unsent:  # noqa: ANN401 - a row
    sealed, escrow, escrow_key, refused, is_escrowed = others
    place = (seq, UUID(bytes=told), UUID(bytes=family))
    return Unsent(*place, sealed, escrow, escrow_key, refused, bool(is_escrowed))


def raw_of(store: Store, one: Unsent) -> bytes:
    """The very bytes that are pushed.

    Raises:
        StoreClosed: the store is closed, or only the escrow copy is left.
        CannotOpen: the row is damaged, or lies under a key that is gone.
    """
    if one.sealed is None:
        raise StoreClosed("Only the copy for the server is left, which the phone cannot read.")
    return store.opened.open(CELL, one.id, one.family, one.seq, one.sealed)


def acked_seq(store: Store) -> int:
    """Up to here the server has named every seq of ours."""
    standing = standing_of(store)
    first = store.read("SELECT min(seq) FROM outbox")[0][0]
    return standing.next_seq - 1 if first is None else int(first) - 1


def settle(store: Store, results: Iterable[Result], now: datetime) -> list[Result]:
    """Move what the server named into the journal.

    Args:
        store: The phone's store.
        results: The verdicts.
        now: When they were told, by the server's clock.

    Returns:
        The verdicts that were ours: a seq with another id than the one we keep there is not.
    """
    with store.durable(Step.VERDICTS) as cx:
        device = standing_of(store).device_id.bytes
        return [result for result in results if _settled(cx, device, result, now)]


def _settled(cx: sqlite3.Connection, device: bytes, result: Result, now: datetime) -> bool:
    kept = cx.execute(
        "INSERT OR REPLACE INTO journal"
        " SELECT ?, seq, id, family, raw, escrow, escrow_key, ?, ?, ?, ? FROM outbox"
        " WHERE seq = ? AND id = ?",
        (device, result.status, result.reason, result.rev, now.isoformat(), result.seq,
         result.id.bytes),
    )  # fmt: skip
    if kept.rowcount == 0:
        return False
    cx.execute("DELETE FROM outbox WHERE seq = ?", (result.seq,))
    return True


def count_beyond(store: Store, last_seq: int) -> int:
    """How much of what the server once had it has lost, by what it says of its last seq now."""
    device = standing_of(store).device_id.bytes
    beyond = "SELECT count(*) FROM journal WHERE device = ? AND seq > ?"
    return int(store.read(beyond, device, last_seq)[0][0])


def bring_back(store: Store, last_seq: int) -> int:
    """Back into the outbox with what the server has lost: all of the journal beyond *last_seq*.

    Returns:
        How many came back.
    """
    with store.durable(Step.RETURNED) as cx:
        mine = (standing_of(store).device_id.bytes, last_seq)
        beyond = "FROM journal WHERE device = ? AND seq > ?"
        cx.execute(
            "INSERT INTO outbox (seq, id, family, raw, escrow, escrow_key)"
            f" SELECT seq, id, family, raw, escrow, escrow_key {beyond}",
            mine,
        )
        return cx.execute(f"DELETE {beyond}", mine).rowcount


def fill_gap(store: Store, first: int, count: int, mutation_id: UUID) -> None:
    """Say of *count* seqs from *first* on that they are lost: the store was damaged.

    It is told to the server, where a person sees it; without that nothing could follow.
    """
    void = VoidedSeqs(
        id=mutation_id, seq=first, v=SCHEMA, type="seq.void", count=count, why="lost-on-phone"
    )
    with store.durable(Step.VOIDED) as cx:
        _insert(cx, store, standing_of(store), VOID, void)


def escrowed(store: Store, seqs: Iterable[int]) -> None:
    """Note that the server has the escrow copies of these; it has not named them yet."""
    with store.durable(Step.ESCROWED) as cx:
        cx.executemany("UPDATE outbox SET escrowed = 1 WHERE seq = ?", [(s,) for s in seqs])


def offer_again(store: Store, seqs: Iterable[int]) -> None:
    """Send the escrow copies of these once more; what the server has of them, it keeps once."""
    with store.durable(Step.ESCROWED) as cx:
        cx.executemany("UPDATE outbox SET escrowed = 0 WHERE seq = ?", [(s,) for s in seqs])


def seal_off(store: Store, seq: int, reason: str) -> None:
    """Leave only the escrow copy of a mutation that cannot be sent as it is."""
    with store.durable(Step.SEALED_OFF) as cx:
        cx.execute("UPDATE outbox SET raw = NULL, refused = ? WHERE seq = ?", (reason, seq))


def prune(store: Store, durable_seq: int, now: datetime) -> None:
    """Forget what a verified backup has, once our copy of the family shows it; all after 30 days.

    The verdicts *held*, *parked* and *quarantined* make no revision and are told by the inbox.

    Args:
        store: The phone's store.
        durable_seq: The last that a verified backup has.
        now: The time by the server's clock.
    """
    device = standing_of(store).device_id.bytes
    told = (device, durable_seq, (now - KEEP_JOURNAL).isoformat())
    if not store.read(f"SELECT 1 FROM journal WHERE {_PRUNABLE} LIMIT 1", *told):  # noqa: S608
        return
    with store.durable(Step.PRUNED) as cx:
        cx.execute(f"DELETE FROM journal WHERE {_PRUNABLE}", told)  # noqa: S608 - our own words


_PRUNABLE: Final = """
  (device = ? AND seq <= ? AND (rev IS NULL OR NOT EXISTS (
    SELECT 1 FROM cursor WHERE cursor.family = journal.family AND cursor.rev < journal.rev)))
  OR acked_at < ?"""


@dataclass(frozen=True, slots=True, repr=False)
class Acked:
    """One mutation that the server has named."""

    seq: int
    id: UUID
    status: Verdict
    reason: str | None
    rev: int | None
    raw: bytes | None


def acked(store: Store, family: UUID) -> list[Acked]:
    """What the server has of ours for *family* and our copy does not show yet; all in its order.

    Raises:
        StoreClosed: the store is closed.
    """
    rows = store.read(
        "SELECT j.seq, j.id, j.status, j.reason, j.rev, j.raw FROM journal j"
        " LEFT JOIN cursor c ON c.family = j.family WHERE j.family = ?"
        " AND (j.rev IS NULL OR c.rev IS NULL OR c.rev < j.rev) ORDER BY j.acked_at, j.seq",
        family.bytes,
    )
    return [_acked(store, family, row) for row in rows]


def _acked(store: Store, family: UUID, row: tuple[int, bytes, str, str, int, bytes]) -> Acked:
    seq, told_id, status, reason, rev, sealed = row
    mutation_id = UUID(bytes=told_id)
    raw = sealed and store.opened.open(CELL, mutation_id, family, seq, sealed)
    return Acked(seq, mutation_id, Verdict(status), reason, rev, raw)
