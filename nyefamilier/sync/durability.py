"""What phones may forget: the mutations that lie in a verified backup."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.storage.work import Work
from nyefamilier.sync import store
from nyefamilier.sync.logbook import Event, note_event

MARGIN: Final = timedelta(minutes=2)
"""A backup may lack what was committed after it was taken, although it was received before."""


def mark_durable(work: Work, backup_taken: datetime) -> int:
    """Let phones forget what is in a backup, and say for how many devices that is more than before.

    Args:
        work: The transaction, the actor and the instant.
        backup_taken: When the backup was begun. It has been verified.

    Raises:
        RuleBroken: ``backup-in-future``.
    """
    if backup_taken > work.now:
        raise RuleBroken("backup-in-future", "The backup would have been taken in the future.")
    count = store.advance_durable(work.session, backup_taken - MARGIN)
    note_event(work, Event.DURABLE, count=count)
    return count
