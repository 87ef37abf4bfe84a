"""Opens what lies in escrow and has it judged: everything is held, for a person to decide.

Each mutation is opened in a transaction of its own, in the name of whoever left it, and in the
order of its device's seqs. It becomes a delivery like any other, so that the phone, if it can push
again, is told the same verdict. What does not open is kept as it is and rings an alarm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Malformed
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries, escrow_keys, store
from nyefamilier.sync.desk import open_desk
from nyefamilier.sync.envelopes import Envelope, read_mutation
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.senders import OpenAs, in_the_name_of_the_sender
from nyefamilier.sync.states import EscrowOutcome
from nyefamilier.sync.tables import DeviceRow, EscrowRow
from nyefamilier.vault.escrow import CannotOpen, open_escrowed

AT_A_TIME: Final = 500
"""The most that one run opens."""
GAP_WAITS: Final = timedelta(hours=24)
"""How long a mutation waits for those before it. After that they are taken to be lost; if they
come after all, the phone is told to enrol anew, and brings them with the same ids."""
REASON: Final = "escrow"

log = structlog.get_logger("sync")


def open_escrow(open_as: OpenAs, device_id: UUID | None = None) -> int:
    """Open what lies in escrow, of one device or of all, and say how many were settled.

    What goes wrong with one stops no other; it stays as it is, for the next time.
    """
    with open_as(SYSTEM) as work:
        waiting = store.escrow_waiting(work.session, device_id, AT_A_TIME)
    return sum(_settled(open_as, device, mutation) for device, mutation in waiting)


def _settled(open_as: OpenAs, device_id: UUID, mutation_id: UUID) -> bool:
    def settle(work: Work) -> bool:
        device = store.device(work.session, device_id, lock=True)
        row = store.take_escrowed(work.session, device_id, mutation_id)
        return device is not None and row is not None and _settle(work, device, row)

    return in_the_name_of_the_sender(open_as, device_id, settle, failed="escrow-failed")


def _settle(work: Work, device: DeviceRow, row: EscrowRow) -> bool:
    envelope = _envelope(work, row)
    if envelope is None:
        # Of which device, the logbook says; no id of a phone or a mutation is in the log.
        note_event(work, Event.UNREADABLE, device.id, count=1)
        log.error("escrow-unreadable", request_id=str(work.occasion.request_id))
        return _close(work, row, EscrowOutcome.UNREADABLE)
    known = deliveries.by_mutation_of(work.session, device.id, row.id)
    if known is not None:
        return _close(work, row, known.status)
    if envelope.seq > device.last_seq + 1 and work.now - row.received_at < GAP_WAITS:
        return False
    # A seq that was taken in as something else is another mutation's; this one comes after all.
    placed = replace(envelope, seq=max(envelope.seq, device.last_seq + 1))
    desk = open_desk(work, device, None, held=REASON)
    desk.expect([placed])
    taken = desk.judge_alone(placed)
    desk.keep([taken])
    device.last_seq = placed.last_seq
    return _close(work, row, taken.result.status)


def _envelope(work: Work, row: EscrowRow) -> Envelope | None:
    """The mutation; None if the sealed text does not open, or holds something else."""
    private = _private_key(work, row.key_id)
    if private is None:
        return None
    try:
        envelope = read_mutation(open_escrowed(private, row.id, row.sealed))
    except (CannotOpen, Malformed):
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
