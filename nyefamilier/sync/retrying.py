"""Tries again what was parked, when what it waits for may have come; and what was quarantined.

It is done in the name of whoever sent it, each mutation in a transaction of its own. What has
waited for days is shown to the family's nurse as well, and goes on waiting until she decides; of
what we could not process she is told that it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from nyefamilier.changes import store as changes
from nyefamilier.door.judging import (
    Judgement,
    hold,
    judge,
    report_parked,
    report_quarantined,
)
from nyefamilier.door.mutations import Sent
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries, keeping
from nyefamilier.sync.deliveries import Key, Page, Place
from nyefamilier.sync.desk import ID_REUSED, savepoint, sent_of
from nyefamilier.sync.envelopes import Flaw, read_mutation
from nyefamilier.sync.faults import Fault, away_for_now, fault_of, is_database_gone
from nyefamilier.sync.senders import OpenAs, in_the_name_of_the_sender
from nyefamilier.sync.states import HELD_UNJUDGED
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from nyefamilier.wire.verdicts import Verdict

SHOWN_AFTER: Final = timedelta(days=5)
"""A person is shown what has waited for so long."""
AT_ONCE: Final = 20
"""The most parked mutations that one push lets be tried again; a job tries the others."""
AT_A_TIME: Final = 1_000
"""The most that are looked up at a time. All have their turn in one run of the job: what can never
go through stays the oldest, and nothing may wait behind it."""
_WAITING: Final = frozenset({Verdict.HELD, Verdict.PARKED, Verdict.QUARANTINED})

log = structlog.get_logger("sync")


class _Some(Protocol):
    """A page of what waits."""

    def __call__(self, session: Session, *, page: Page) -> list[Place]: ...


def waiting_for(work: Work, family_ids: Collection[UUID]) -> list[Key]:
    """Which parked mutations may go through now that these families were written."""
    return deliveries.waiting_in(work.session, family_ids, AT_ONCE) if family_ids else []


def retry(open_as: OpenAs, keys: Iterable[Key], status: Verdict = Verdict.PARKED) -> int:
    """Try some parked, or quarantined, mutations again, and say how many went through.

    What goes wrong with one stops no other. While something of ours is away, it stays as it is.
    """
    return sum(_retried(open_as, key, status) for key in keys)


def retry_parked(open_as: OpenAs) -> int:
    """Try all parked mutations again; show what waited for too long, and what is in quarantine."""
    with open_as(SYSTEM) as work:
        now = work.now
    done = retry(open_as, _all(open_as, partial(deliveries.waiting_since, before=now)))
    for key in _all(open_as, partial(deliveries.unseen_since, before=now - SHOWN_AFTER)):
        _shown(open_as, key)
    for key in _all(open_as, deliveries.quarantined_unseen):
        _with_row(open_as, key, Verdict.QUARANTINED, _tell)
    with open_as(SYSTEM) as work:
        quarantined = deliveries.open_count(work.session, Verdict.QUARANTINED)
    if quarantined:
        log.error("quarantine-not-empty", count=quarantined)
    return done


def retry_quarantined(open_as: OpenAs) -> int:
    """Try again what we could not process, after a defect was mended."""
    # Another mutation has the id; nothing that we mend makes this one that one.
    mendable = partial(deliveries.quarantined_for, reason_is_not=ID_REUSED)
    return retry(open_as, _all(open_as, mendable), Verdict.QUARANTINED)


def _all(open_as: OpenAs, some: _Some) -> Iterator[Key]:
    """All that *some* finds, page by page, whatever becomes of them meanwhile."""
    after: Place | None = None
    while True:
        with open_as(SYSTEM) as work:
            found = some(work.session, page=Page(AT_A_TIME, after))
        yield from ((one.device_id, one.seq) for one in found)
        if len(found) < AT_A_TIME:
            return
        after = found[-1]


def _retried(open_as: OpenAs, key: Key, status: Verdict) -> bool:
    return _with_row(open_as, key, status, _judge_again)


def _shown(open_as: OpenAs, key: Key) -> bool:
    return _with_row(open_as, key, Verdict.PARKED, _show)


def _with_row(
    open_as: OpenAs, key: Key, status: Verdict, do: Callable[[Work, DeliveryRow], bool]
) -> bool:
    def take(work: Work) -> bool:
        row = deliveries.take(work.session, key, status)
        return row is not None and do(work, row)

    return bool(in_the_name_of_the_sender(open_as, key[0], take, failed="retry-failed"))


def _judge_again(work: Work, row: DeliveryRow) -> bool:
    sent = _sent(work, row)
    if sent is None:
        return False
    changes.take_turns(work.session, [row.mutation_id])
    judgement = _judgement(work, sent, row.reason)
    if judgement.status is Verdict.QUARANTINED:
        _settle(work, row, judgement)
        return False
    if judgement.status is Verdict.PARKED:
        row.reason, row.waits_for = judgement.reason, judgement.waits_for
        return False
    _settle(work, row, judgement)
    return True


def _judgement(work: Work, sent: Sent, reason: str | None) -> Judgement:
    """The verdict; what we cannot process waits for a mend, as if it had only just been sent.

    What came from a phone that was stopped, or by escrow, is held now as it would have been then.

    Raises:
        Exception: whatever said that something is away.
    """
    try:
        with savepoint(work):
            return hold(work, sent, reason) if reason in HELD_UNJUDGED else judge(work, sent)
    except Exception as error:
        if is_database_gone(error) or away_for_now(error) is not None:
            raise
        fault = fault_of(error)
        return _quarantined(fault, reason if reason in HELD_UNJUDGED else fault.reason)


def _quarantined(fault: Fault, reason: str | None) -> Judgement:
    log.error("mutation-quarantined", reason=fault.reason, error=fault.error, frames=fault.frames)
    return Judgement(Verdict.QUARANTINED, reason)


def _show(work: Work, row: DeliveryRow) -> bool:
    sent = _sent(work, row)
    if sent is None:
        return False
    changes.take_turns(work.session, [row.mutation_id])
    return report_parked(work, sent, row.reason or "parked") is not None


def _tell(work: Work, row: DeliveryRow) -> bool:
    if row.family_id is None:
        return False
    changes.take_turns(work.session, [row.mutation_id])
    family_id = FamilyId(row.family_id)
    return report_quarantined(work, family_id, row.mutation_id, row.device_id) is not None


def _sent(work: Work, row: DeliveryRow) -> Sent | None:
    """The mutation as the door takes it; None while this server cannot read it."""
    envelope = read_mutation(keeping.raw_of(work, row))
    device = work.session.get_one(DeviceRow, row.device_id)
    sent = sent_of(device, envelope)
    return None if isinstance(sent, Flaw) else replace(sent, again=True)


def _settle(work: Work, row: DeliveryRow, judgement: Judgement) -> None:
    """Say of all deliveries of a mutation what has become of it."""
    for one in deliveries.of_mutation(work.session, row.mutation_id):
        one.status, one.reason, one.rev = judgement.status, judgement.reason, judgement.rev
        one.waits_for = judgement.waits_for
        if judgement.rev is not None:
            one.raw = one.sealed_by = None  # the mutation log has it now
        if judgement.status not in _WAITING:
            one.settled_at = work.now
