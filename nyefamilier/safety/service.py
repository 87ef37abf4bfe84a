"""A nurse checks in, stays longer, checks out; her base looks after an alarm.

Whatever a phone tells is taken in, however late, however often and in whatever order: it tells all
that it knows each time, and counts its steps. What was told once is never undone by what is older.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound
from nyefamilier.kernel.ids import new_id
from nyefamilier.safety import store
from nyefamilier.safety.rules import Told, is_late
from nyefamilier.safety.states import ClosedHow
from nyefamilier.safety.tables import AlarmRow, OutingRow
from nyefamilier.storage.work import Work


def tell(work: Work, outing_id: UUID, told: Told) -> OutingRow:
    """Take in what the actor's phone knows of an outing of hers; the outing as it is then.

    Raises:
        NotAllowed: the actor is not a nurse.
        NotFound: the outing is another's.
    """
    row = _held(work, outing_id, told)
    row.heard_at = work.now
    if told.step > row.step:
        # A phone that was set up anew read the outing here, where no family is told.
        row.step, row.family_id = told.step, told.family_id or row.family_id
        row.expected_at = row.began_at + told.lasts
    if row.ended_at is None:
        row.ended_at = told.ended_at(row.began_at, work.now)
        row.ended_heard_at = None if row.ended_at is None else work.now
    _close_what_is_answered(work, row)
    return row


def settle(work: Work, outing_id: UUID, grace: timedelta) -> OutingRow:
    """Close an alarm: the lead's bydel has reached the nurse, who has not checked out.

    It is not raised again, unless she is told to stay longer and is late then. Said twice, it is
    said once.

    Raises:
        NotAllowed: the actor is not a lead.
        NotFound: there is no such outing in her bydel.
        Conflict: ``no-alarm``: the nurse is not late.
    """
    row = held_in_bydel(work, outing_id)
    if not _is_late(work, row, grace):
        raise no_alarm()
    raise_alarm(work, row)
    _close(work, store.open_alarms(work.session, row.id), ClosedHow.SETTLED)
    return row


def held_in_bydel(work: Work, outing_id: UUID) -> OutingRow:
    """An outing of a nurse of the lead's bydel, held until the transaction ends.

    Raises:
        NotAllowed: the actor is not a lead.
        NotFound: there is no such outing in her bydel.
    """
    if work.actor.role is not Role.LEAD:
        raise NotAllowed("Only a lead looks after the nurses who are out.")
    row = store.outing(work.session, outing_id)
    if row is None or row.bydel != work.actor.bydel:
        raise NotFound("outing")
    return row


def raise_alarm(work: Work, row: OutingRow) -> None:
    """Raise the alarm for the time by which she should have checked out; once for each."""
    store.raise_alarm(
        work.session,
        {
            "id": new_id(work.now),
            "outing_id": row.id,
            "expected_at": row.expected_at,
            "raised_at": work.now,
        },
    )


def no_alarm() -> Conflict:
    """The refusal of what is for alarms only."""
    return Conflict("no-alarm", "The nurse is not late, or has checked out. Look again.")


def _held(work: Work, outing_id: UUID, told: Told) -> OutingRow:
    if work.actor.role is not Role.NURSE or work.actor.bydel is None:
        raise NotAllowed("Only a nurse checks in and out.")
    began_at = work.now - told.began_ago
    store.begin(
        work.session,
        {
            "id": outing_id,
            "nurse_id": work.actor.id,
            "bydel": work.actor.bydel,
            "family_id": told.family_id,
            "step": told.step,
            "began_at": began_at,
            "expected_at": began_at + told.lasts,
            "heard_at": work.now,
        },
    )
    row = store.outing(work.session, outing_id)
    if row is None or row.nurse_id != work.actor.id:
        raise NotFound("outing")
    return row


def _close_what_is_answered(work: Work, row: OutingRow) -> None:
    found = store.open_alarms(work.session, row.id)
    if row.ended_at is not None:
        _close(work, found, ClosedHow.BACK)
    else:
        older = [alarm for alarm in found if alarm.expected_at != row.expected_at]
        _close(work, older, ClosedHow.EXTENDED)


def _close(work: Work, alarms: Iterable[AlarmRow], how: ClosedHow) -> None:
    for alarm in alarms:
        alarm.closed_at, alarm.closed_how, alarm.closed_by = work.now, how, work.actor.id


def _is_late(work: Work, row: OutingRow, grace: timedelta) -> bool:
    return row.ended_at is None and is_late(row.expected_at, work.now, grace)
