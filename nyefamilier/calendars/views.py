"""Read when nurses work, and when they are away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.calendars import store
from nyefamilier.calendars.hours import (
    Availability,
    Away,
    Hours,
    at_clock,
    available,
    end_of,
    hours_on,
)
from nyefamilier.calendars.keys import cipher_of, kind_of
from nyefamilier.calendars.rules import AbsenceKind, may_write
from nyefamilier.calendars.service import nurse_to_see
from nyefamilier.calendars.tables import AbsenceRow
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work

_PAST: Final = timedelta(days=31)
"""How long an absence is shown after it has ended."""


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """A time when a nurse is away. The kind is None for who may not know why."""

    id: UUID
    begins: datetime
    ends: datetime
    kind: AbsenceKind | None
    recorded_at: datetime
    recorded_by: UUID

    def __repr__(self) -> str:
        return f"<AbsenceView {self.id}>"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """When a nurse works.

    Args:
        nurse: Who.
        present: Her hours today; the usual ones when nothing is known.
        coming: Hours that begin later, in order.
        absences: Those that have not ended, or lately did, in order.
        may_write: Whether the actor may change it.
    """

    nurse: AccountIdentity
    present: Hours
    coming: tuple[Hours, ...]
    absences: tuple[AbsenceView, ...]
    may_write: bool


def availability(
    work: Work, nurse_ids: Iterable[UUID], first: date, last: date
) -> dict[UUID, Availability]:
    """When each nurse works from the first day in Oslo to the last, both included.

    Holidays and absences are taken out, and the reason of an absence is never told. A nurse of whom
    nothing is known works the usual hours. Whether the actor may know is asked by the caller.
    """
    nurses = list(dict.fromkeys(nurse_ids))
    begins, ends = at_clock(first, time.min), end_of(last)
    hours = store.hours_of(work.session, nurses, last)
    away = store.away_during(work.session, nurses, begins, ends)
    return {
        nurse: available(nurse, hours.get(nurse, ()), away.get(nurse, ()), first, last)
        for nurse in nurses
    }


def away_during(
    work: Work, nurse_ids: Collection[UUID], begins: datetime, ends: datetime
) -> dict[UUID, tuple[Away, ...]]:
    """When each nurse is away between two instants; why is never told.

    Whether the actor may know is asked by the caller.
    """
    return store.away_during(work.session, nurse_ids, begins, ends)


def nurses_serving(work: Work, bydel: BydelNumber, on: date) -> tuple[AccountIdentity, ...]:
    """The nurses of a bydel, and after them those of others who help out in it on a day."""
    return store.nurses_serving(work.session.connection(), bydel, on)


def calendar_of(work: Work, nurse_id: UUID) -> CalendarView:
    """A nurse's hours and absences, as far as the actor may see them.

    Raises:
        NotFound: there is no such nurse, or she serves another bydel.
        Unavailable: the key provider is away, or will not open her calendar's key;
            ``record-damaged``.
    """
    nurse = nurse_to_see(work, nurse_id)
    hours = store.hours_of(work.session, [nurse.id], date.max).get(nurse.id, ())
    return CalendarView(
        nurse=nurse,
        present=hours_on(work.today, hours),
        coming=tuple(one for one in hours if one.valid_from > work.today),
        absences=_absences(work, nurse),
        may_write=may_write(work.actor, nurse.id, nurse.bydel),
    )


def absence_of(work: Work, nurse_id: UUID, absence_id: UUID) -> AbsenceView:
    """One of a nurse's absences, however long ago it was, as far as the actor may see it.

    Raises:
        NotFound: there is no such nurse or absence, or she serves another bydel.
        Unavailable: the key provider is away, or will not open her calendar's key;
            ``record-damaged``.
    """
    nurse = nurse_to_see(work, nurse_id)
    row = work.session.get(AbsenceRow, absence_id)
    if row is None or row.nurse_id != nurse.id:
        raise NotFound("absence")
    return _seen(work, nurse, [row])[0]


def _absences(work: Work, nurse: AccountIdentity) -> tuple[AbsenceView, ...]:
    return _seen(work, nurse, store.absences_from(work.session, nurse.id, work.now - _PAST))


def _seen(
    work: Work, nurse: AccountIdentity, rows: Sequence[AbsenceRow]
) -> tuple[AbsenceView, ...]:
    knows_why = may_write(work.actor, nurse.id, nurse.bydel)
    calendar = store.calendar(work.session, nurse.id) if knows_why and rows else None
    cipher = None if calendar is None else cipher_of(work, calendar)
    return tuple(
        AbsenceView(
            row.id,
            row.begins,
            row.ends,
            None if cipher is None else kind_of(cipher, row),
            row.recorded_at,
            row.recorded_by,
        )
        for row in rows
    )
