"""Write down when a nurse works and when she is away.

Her calendar is locked first, so that two who write into it at once do so one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import active_nurse
from nyefamilier.bydeler.service import bydeler
from nyefamilier.calendars import store
from nyefamilier.calendars.hours import Hours
from nyefamilier.calendars.keys import cipher_of, kind_of, locked_calendar
from nyefamilier.calendars.rules import (
    Absence,
    absence_overlaps,
    check_absence,
    check_hours,
    may_see,
    may_write,
)
from nyefamilier.calendars.tables import AbsenceRow, CalendarRow, HoursRow
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work


def set_hours(work: Work, nurse_id: UUID, hours: Hours) -> None:
    """Let a nurse work so from a day on; hours that begin on the same day are taken over.

    Raises:
        NotFound: there is no such nurse, or she works elsewhere.
        NotAllowed: the actor is neither the nurse nor the lead of her bydel.
        RuleBroken: see `rules.check_hours`.
        Unavailable: the key provider is away.
    """
    nurse = nurse_to_write_of(work, nurse_id)
    known = {one.number for one in bydeler(work.session, hours.valid_from)}
    check_hours(hours, work.today, known)
    locked_calendar(work, nurse.id)
    own = replace(hours, covers=tuple(sorted(set(hours.covers) - {nurse.bydel})))
    row = work.session.get(HoursRow, (nurse.id, hours.valid_from))
    if row is None:
        row = HoursRow(nurse_id=nurse.id, valid_from=hours.valid_from)
        work.session.add(row)
    row.percentage, row.travel_minutes = own.percentage, own.travel_minutes
    row.covers, row.week = list(own.covers), store.stored_week(own.week)
    row.set_at, row.set_by = work.now, work.actor.id
    work.session.flush()


def record_absence(work: Work, absence: Absence) -> bool:
    """A nurse is away for a time. The same absence again changes nothing.

    Returns:
        Whether it was recorded now, and not before.

    Raises:
        NotFound: there is no such nurse, or she works elsewhere.
        NotAllowed: the actor is neither the nurse nor the lead of her bydel.
        RuleBroken: ``absence-period``.
        Conflict: ``absence-overlaps``: she is away already; ``id-taken``: another absence has
            the id.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    nurse = nurse_to_write_of(work, absence.nurse_id)
    calendar = locked_calendar(work, nurse.id)
    known = work.session.get(AbsenceRow, absence.id)
    if known is not None:
        _require_same(work, calendar, known, absence)
        return False
    check_absence(absence, work.today)
    taken = store.away_during(work.session, [nurse.id], absence.begins, absence.ends)
    if taken:
        raise absence_overlaps(absence, taken[nurse.id])
    _add(work, calendar, absence)
    return True


def cancel_absence(work: Work, nurse_id: UUID, absence_id: UUID) -> None:
    """The nurse is not away after all. Cancelling again changes nothing.

    Raises:
        NotFound: there is no such nurse or absence, or she works elsewhere.
        NotAllowed: the actor is neither the nurse nor the lead of her bydel.
    """
    nurse = nurse_to_write_of(work, nurse_id)
    store.calendar(work.session, nurse.id, lock=True)
    row = work.session.get(AbsenceRow, absence_id)
    if row is None or row.nurse_id != nurse.id:
        raise NotFound("absence")
    if row.cancelled_at is None:
        row.cancelled_at, row.cancelled_by = work.now, work.actor.id
        work.session.flush()


def nurse_to_write_of(work: Work, nurse_id: UUID) -> AccountIdentity:
    """The nurse, if the actor may change her calendar.

    Raises:
        NotFound: there is no such nurse, or she works elsewhere.
        NotAllowed: the actor is neither the nurse nor the lead of her bydel.
    """
    nurse = nurse_to_see(work, nurse_id)
    if not may_write(work.actor, nurse.id, nurse.bydel):
        raise NotAllowed("Only a nurse and the lead of her bydel change when she works.")
    return nurse


def nurse_to_see(work: Work, nurse_id: UUID) -> AccountIdentity:
    """The nurse, if the actor may know when she works.

    Raises:
        NotFound: there is no such nurse, or she serves another bydel.
    """
    nurse = active_nurse(work.session, nurse_id)
    if nurse is None or not may_see(work.actor, nurse.id, _bydeler_of(work, nurse)):
        raise NotFound("nurse")
    return nurse


def _bydeler_of(work: Work, nurse: AccountIdentity) -> set[BydelNumber]:
    """The bydeler that a nurse serves today: her own, and those that she covers."""
    hours = store.hours_of(work.session, [nurse.id], work.today).get(nurse.id, ())
    covers = set(hours[-1].covers) if hours else set()
    return covers | ({nurse.bydel} if nurse.bydel is not None else set())


def _require_same(work: Work, calendar: CalendarRow, row: AbsenceRow, absence: Absence) -> None:
    if row.nurse_id == calendar.nurse_id:
        kind = kind_of(cipher_of(work, calendar), row)
        if Absence(row.id, row.nurse_id, kind, row.begins, row.ends) == absence:
            return
    raise Conflict("id-taken", "Another absence has this id. Make a new UUID for a new one.")


def _add(work: Work, calendar: CalendarRow, absence: Absence) -> None:
    row = AbsenceRow(
        id=absence.id,
        nurse_id=calendar.nurse_id,
        nurse_number=calendar.number,
        begins=absence.begins,
        ends=absence.ends,
        kind=cipher_of(work, calendar).seal(absence.id, absence.kind.value),
        recorded_at=work.now,
        recorded_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
