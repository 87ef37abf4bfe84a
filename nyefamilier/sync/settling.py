"""Hears that a person decided what a phone's mutation had left open."""

from __future__ import annotations

from nyefamilier.changes.events import ReviewDecided
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries
from nyefamilier.wire.verdicts import Verdict


def settle(work: Work, event: ReviewDecided) -> None:
    """Nothing of the mutation waits any more, but for a defect of ours: that is for us to mend."""
    for row in deliveries.of_mutation(work.session, event.mutation_id):
        if row.settled_at is None and row.status != Verdict.QUARANTINED:
            row.settled_at = work.now
