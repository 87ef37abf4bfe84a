"""Opens what lies in escrow and has it judged: everything is held, for a person to decide.

What a device left is opened in one transaction, in the name of whoever left it, and in the order of
the device's seqs; if anything fails, each mutation by itself, so that what is wrong with one stops
no other. Where something of ours is away, what follows waits with it. It becomes a delivery like
any other, so that the phone, if it can push again, is told the same verdict. What does not open is
kept as it is and rings an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

import structlog

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Malformed, TooLarge, Unavailable
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries, escrow_keys, store
from nyefamilier.sync.desk import open_desk
from nyefamilier.sync.envelopes import Envelope, read_mutation
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.senders import OpenAs, in_the_name_of_the_sender
from nyefamilier.sync.states import IN_ESCROW, EscrowOutcome
from nyefamilier.sync.tables import DeviceRow, EscrowRow
from nyefamilier.vault.escrow import CannotOpen, open_escrowed

AT_A_TIME: Final = 500
"""The most that one run opens."""
GAP_WAITS: Final = timedelta(hours=24)
"""How long a mutation waits for those before it. After that it is judged without them, and the
phone enrols anew when it is heard of again: what it still has comes with the same ids."""

log = structlog.get_logger("sync")


def open_escrow(open_as: OpenAs, device_id: UUID | None = None) -> int:
    """Open what lies in escrow, of one device or of all, and say how many were settled.

    What goes wrong with one stops no other; it stays as it is, for the next time.
    """
    with open_as(SYSTEM) as work:
        waiting = store.escrow_waiting(work.session, device_id, AT_A_TIME)
    of_device = groupby(waiting, key=itemgetter(0))
    return sum(_settled(open_as, device, [one for _, one in some]) for device, some in of_device)


def _settled(open_as: OpenAs, device_id: UUID, mutation_ids: list[UUID]) -> int:
    """How many of a device's mutations were settled: all at once, or else one by one."""
    if len(mutation_ids) > 1:
        done = _settled_at_once(open_as, device_id, mutation_ids, together=True)
        if done is not None:
            return done
    settled = 0
    with suppress(Unavailable):  # what follows waits with it: it must not come first
        for one in mutation_ids:
            settled += _settled_at_once(open_as, device_id, [one]) or 0
    return settled


def _settled_at_once(
    open_as: OpenAs, device_id: UUID, mutation_ids: list[UUID], *, together: bool = False
) -> int | None:
    """How many were settled; None if anything went wrong: then nothing of it has happened.

    Raises:
        Unavailable: a single one cannot be settled for now, since something of ours is away.
    """

    def settle(work: Work) -> int:
        device = store.device(work.session, device_id, lock=True)
        rows = store.take_escrowed(work.session, device_id, mutation_ids)
        return 0 if device is None else _settle(work, device, rows, together=together)

    failed = "escrow-upset" if together else "escrow-failed"
    return in_the_name_of_the_sender(
        open_as, device_id, settle, failed=failed, tells_away=not together
    )


def _settle(work: Work, device: DeviceRow, rows: Sequence[EscrowRow], *, together: bool) -> int:
    known = deliveries.by_mutations_of(work.session, device.id, [row.id for row in rows])
    placed, settled, last = [], 0, device.last_seq
    keys = {one: _private_key(work, one) for one in {row.key_id for row in rows}}
    for row in rows:
        envelope = _envelope(row, keys[row.key_id])
        if envelope is None:
            settled += _unreadable(work, row)
        elif row.id in known:
            settled += _close(work, row, known[row.id])
        elif envelope.seq <= last + 1 or work.now - row.received_at >= GAP_WAITS:
            device.outrun |= envelope.seq > last + 1
            # A seq that was taken in as something else is another mutation's; this one comes after.
            last = max(envelope.seq, last + 1)
            placed.append((row, replace(envelope, seq=last)))
            last = placed[-1][1].last_seq
    return settled + _hold(work, device, placed, together=together)


def _hold(
    work: Work, device: DeviceRow, placed: list[tuple[EscrowRow, Envelope]], *, together: bool
) -> int:
    envelopes = [envelope for _, envelope in placed]
    if not envelopes:
        return 0
    desk = open_desk(work, device, None, held=IN_ESCROW)
    desk.expect(envelopes)
    taken = desk.judge_together(envelopes) if together else [*map(desk.judge_alone, envelopes)]
    desk.keep(taken)
    device.last_seq = envelopes[-1].last_seq
    return sum(
        _close(work, row, one.result.status) for (row, _), one in zip(placed, taken, strict=True)
    )


def _unreadable(work: Work, row: EscrowRow) -> bool:
    # Of which device, the logbook says; no id of a phone or a mutation is in the log.
    note_event(work, Event.UNREADABLE, row.device_id, count=1)
    log.error("escrow-unreadable", request_id=str(work.occasion.request_id))
    return _close(work, row, EscrowOutcome.UNREADABLE)


def _envelope(row: EscrowRow, private: bytes | None) -> Envelope | None:
    """The mutation; None if the sealed text does not open, or holds something else."""
    if private is None:
        return None
    try:
        envelope = read_mutation(open_escrowed(private, row.id, row.sealed))
    except (CannotOpen, Malformed, TooLarge):
        return None
    # A phone that enrolled anew counts anew; what it sealed before still has the old seq inside.
    return replace(envelope, seq=row.seq) if envelope.id == row.id else None


def _private_key(work: Work, key_id: str) -> bytes | None:
    try:
        return escrow_keys.private_key(work, UUID(key_id))
    except ValueError:
        return None


def _close(work: Work, row: EscrowRow, outcome: str) -> bool:
    row.outcome, row.settled_at = outcome, work.now
    return True
