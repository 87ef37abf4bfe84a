"""A nurse's own days: when she works, and what she has agreed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.calendars.hours import Interval
from nyefamilier.calendars.views import availability
from nyefamilier.families import store as families_store
from nyefamilier.families.dossier import Dossier, open_for_list
from nyefamilier.families.following import note_followed
from nyefamilier.families.views import adults_names, require_nurse_asks
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span, whole_days
from nyefamilier.visits.bodies import BookedInterpreter, VisitBody
from nyefamilier.visits.displaced import Reason
from nyefamilier.visits.rearranging import out_of_place
from nyefamilier.visits.tables import VisitRow


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time that is agreed on.

    Args:
        family_id: Whose visit it is; None, as all that follows, for a family that the nurse no
            longer follows: her time is taken, and by whom is not hers to see.
        names: The adults'.
        reasons: Why somebody should look at it, where it is out of place.
    """

    begins: datetime
    ends: datetime
    family_id: FamilyId | None = None
    names: tuple[str, ...] = ()
    kind: str | None = None
    place: str | None = None
    interpreter: BookedInterpreter | None = None
    not_alone: bool = False
    safety_note: str | None = None
    outside_hours: str | None = None
    reasons: tuple[Reason, ...] = ()

    def __repr__(self) -> str:
        return f"<Appointment {self.begins.isoformat()}>"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: her time at work, and her appointments, in order."""

    on: date
    is_holiday: bool
    works: tuple[Interval, ...]
    appointments: tuple[Appointment, ...]


def own_diary(work: Work, first: date, last: date) -> list[Day]:
    """The nurse's days from the first to the last, both included.

    The families whose visits it tells of are written down as read.

    Raises:
        NotAllowed: the actor is not a nurse.
        Unavailable: the key provider is away.
    """
    require_nurse_asks(work)
    works = availability(work, [work.actor.id], first, last)[work.actor.id]
    agreed = _appointments(work, first, last)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [
        Day(
            on=day,
            is_holiday=is_holiday(day),
            works=tuple(one for one in works.intervals if day_of(one.begins) == day),
            appointments=tuple(one for one in agreed if day_of(one.begins) == day),
        )
        for day in days
    ]


def _appointments(work: Work, first: date, last: date) -> Sequence[Appointment]:
    found = store.agreed_of(work.session, work.actor.id, whole_days(first, last))
    followed = note_followed(work, [FamilyId(row.family_id) for row, _, _ in found], "list")
    families = families_store.families(work.session, followed)
    names, dossiers = adults_names(work, families), open_for_list(work, families)
    own = [row for row, _, _ in found if row.family_id in dossiers]
    reasons = {one.visit_id: one.reasons for one in out_of_place(work, own)}
    return [
        replace(
            _appointment(dossiers[row.family_id], row, Span(at, until), names),
            reasons=reasons.get(row.id, ()),
        )
        if row.family_id in dossiers
        else Appointment(at, until)
        for row, at, until in found
    ]


def _appointment(
    dossier: Dossier, row: VisitRow, span: Span, names: Mapping[FamilyId, tuple[str, ...]]
) -> Appointment:
    words = dossier.read(row, VisitBody)
    return Appointment(
        span.begins,
        span.ends,
        dossier.id,
        names.get(dossier.id, ()),
        row.kind,
        row.place,
        words.interpreter,
        words.not_alone,
        words.safety_note,
        words.outside_hours,
    )
