"""Hands the escrow copies over: the way out for what a phone may not or cannot push.

It needs nobody who is signed in and no key of the store, only the key of the device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final
from uuid import UUID

from nyefamilier.client import outbox
from nyefamilier.client.outbox import Unsent
from nyefamilier.client.report import Report
from nyefamilier.client.store import Store
from nyefamilier.client.talking import Line, Refused
from nyefamilier.wire import limits
from nyefamilier.wire.messages import Escrow, EscrowAnswer, Escrowed
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import Command

_MOST_BYTES: Final = 512 * 1024
"""Of one request, unless a single copy is larger."""


def send_to_escrow(
    store: Store, line: Line, report: Report, chosen: Iterable[Unsent] | None = None
) -> None:
    """Send the escrow copies of *chosen*, or of the whole outbox, that the server has not yet.

    Nothing leaves the outbox by this: the server names their seqs when it has opened them.

    Raises:
        Unreachable, Refused: see `Line.post`.
    """
    device_id = outbox.standing_of(store).device_id
    whole = outbox.unsent(store) if chosen is None else chosen
    left = [one for one in whole if not one.is_escrowed]
    for key_id, batch in _batches(left):
        received = _handed_over(line, device_id, key_id, batch)
        outbox.escrowed(store, [one.seq for one in batch if one.id in received])
        report.escrowed += len(received)


def _handed_over(line: Line, device_id: UUID, key_id: str, batch: list[Unsent]) -> set[UUID]:
    """Which of *batch* the server has now."""
    told = [Escrowed(id=one.id, seq=one.seq, sealed=as_text(one.escrow)) for one in batch]
    body = Escrow(device_id=device_id, escrow_key_id=key_id, mutations=told)
    try:
        return set(line.post("/escrow", body, EscrowAnswer, signed=True).received)
    except Refused as refused:
        if refused.code != "escrow-reuse":
            raise
    if len(batch) == 1:
        # Sealed anew since, after an enrolment; what the server has under this id is ours.
        return {batch[0].id}
    return {found for one in batch for found in _handed_over(line, device_id, key_id, [one])}


def ask_what_to_do(store: Store, line: Line) -> list[Command]:
    """What the server tells this phone to do, where nobody is signed in on it.

    Raises:
        Unreachable, Refused: see `Line.post`.
    """
    standing = outbox.standing_of(store)
    body = Escrow(device_id=standing.device_id, escrow_key_id=standing.escrow_key_id, mutations=[])
    return line.post("/escrow", body, EscrowAnswer, signed=True).commands


def _batches(left: list[Unsent]) -> Iterator[tuple[str, list[Unsent]]]:
    """At most so many bytes at a time, and one key's at a time."""
    for key_id, some in groupby(left, key=lambda one: one.escrow_key):
        batch: list[Unsent] = []
        size = 0
        for one in some:
            if len(batch) == limits.ESCROWED or (batch and size + len(one.escrow) > _MOST_BYTES):
                yield key_id, batch
                batch, size = [], 0
            batch.append(one)
            size += len(one.escrow)
        yield key_id, batch
