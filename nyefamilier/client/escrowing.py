"""Hands the escrow copies over: the way out for what a phone may not or cannot push.

It needs nobody who is signed in and no key of the store, only the key of the device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from nyefamilier.client import outbox
from nyefamilier.client.outbox import Unsent
from nyefamilier.client.report import Report
from nyefamilier.client.store import Store
from nyefamilier.client.talking import Line
from nyefamilier.wire.messages import Escrow, Escrowed
from nyefamilier.wire.texts import as_text

_MOST: Final = 20
"""Copies in one request."""
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
        told = [Escrowed(id=one.id, seq=one.seq, sealed=as_text(one.escrow)) for one in batch]
        body = Escrow(device_id=device_id, escrow_key_id=key_id, mutations=told)
        line.post("/escrow", body, dict[str, Any], signed=True)
        outbox.escrowed(store, [one.seq for one in batch])
        report.escrowed += len(batch)


def _batches(left: list[Unsent]) -> Iterator[tuple[str, list[Unsent]]]:
    """At most so many bytes at a time, and one key's at a time."""
    for key_id, some in groupby(left, key=lambda one: one.escrow_key):
        batch: list[Unsent] = []
        size = 0
        for one in some:
            if len(batch) == _MOST or (batch and size + len(one.escrow) > _MOST_BYTES):
                yield key_id, batch
                batch, size = [], 0
            batch.append(one)
            size += len(one.escrow)
        yield key_id, batch
