"""Write down what is done to devices and to the server's history: who, when, through what."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from nyefamilier.storage.work import Work
from nyefamilier.sync.tables import SyncEventRow


class Event(StrEnum):
    """What is written down."""

    ENROLLED = "enrolled"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    WIPE_ASKED = "wipe-asked"
    WIPED = "wiped"
    RETIRED = "retired"
    LAPSED = "lapsed"
    """The lease ran out, and our share of the key was destroyed."""
    RENEWED_ANEW = "renewed-anew"
    """A phone whose share was destroyed came back and got another."""
    ESCROW = "escrow"
    """Unsent work came in by the escrow."""
    UNREADABLE = "escrow-unreadable"
    """Something in escrow does not open."""
    VOIDED = "voided"
    """The phone said that it has lost mutations of which it had given out the seqs."""
    EPOCH = "epoch"
    DURABLE = "durable"
    """A backup was verified: phones may forget what lies in it."""


def note_event(
    work: Work, event: Event, device_id: UUID | None = None, *, count: int | None = None
) -> None:
    """Write one event down, in the transaction that brings it about.

    Args:
        work: The transaction, the actor and the instant.
        event: What happened.
        device_id: To which device, if to one.
        count: How many families, mutations or devices it concerned.
    """
    work.session.add(
        SyncEventRow(
            at=work.now,
            event=event,
            device_id=device_id,
            actor_id=work.actor.id,
            doorway=work.occasion.doorway,
            request_id=work.occasion.request_id,
            count=count,
        )
    )
