"""The nearest times at which some nurses could keep an appointment instead.

Asked of their calendars: working hours, holidays, absences, the ways between homes, and what they
have agreed to already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.calendars.service import nurse_to_see
from nyefamilier.calendars.views import availability
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import NotFound
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span, whole_days
from nyefamilier.visits.openings import Nurse, Part, Taken, openings
from nyefamilier.visits.placing import nurse_at

SHOWN: Final = 5
"""How many free times are told."""
NEAR: Final = (timedelta(days=8), timedelta(days=8))
"""How far before the time that was wanted, and after it, another one is looked for first."""
FAR: Final = (timedelta(days=8), timedelta(days=42))
"""The same where nothing near is free: she may be on leave."""


@dataclass(frozen=True, slots=True)
class Sought:
    """An appointment that is wanted: for which visit, with whom, when, and where."""

    visit_id: UUID
    nurse_ids: tuple[UUID, ...]
    span: Span
    place: str


def nearest_free(work: Work, sought: Sought) -> list[datetime]:
    """When as long an appointment could begin instead: the nearest times free to all, in order.

    Nothing, where whoever asks may not see when they all work.
    """
    if not sees_hours(work, sought.nurse_ids):
        return []
    for before, after in (NEAR, FAR):
        day = day_of(sought.span.begins)
        nurses = _nurses(work, sought, max(day - before, work.today), day + after)
        found = nearest(sought.span, nurses, work.now)
        if found:
            return found
    return []


def sees_hours(work: Work, nurse_ids: Iterable[UUID]) -> bool:
    """Whether the actor may see when each of some nurses works, and so when she is taken."""
    try:
        for nurse_id in nurse_ids:
            nurse_to_see(work, nurse_id)
    except NotFound:
        return False
    return True


def nearest(wanted: Span, nurses: Iterable[Nurse], now: datetime) -> list[datetime]:
    """The same of nurses of whom all is known. Pure.

    Args:
        wanted: When it was to be.
        nurses: Whoever is to come; she must be free.
        now: Nothing before it is told.
    """
    free = [{one.begins for one in openings(nurse, wanted.lasts, now)} for nurse in nurses]
    together = set.intersection(*free) if free else set()
    found = sorted(together, key=lambda at: (abs(at - wanted.begins), at))
    return sorted(found[:SHOWN])


def _nurses(work: Work, sought: Sought, first: date, last: date) -> Sequence[Nurse]:
    if last < first:
        return ()
    works = availability(work, sought.nurse_ids, first, last)
    among = whole_days(first, last)
    taken: dict[UUID, list[Taken]] = defaultdict(list)
    for one in store.taken_in(work.session, sought.nurse_ids, among, but=sought.visit_id):
        taken[one.nurse_id].append(Taken(one.begins, one.ends))
    return [
        nurse_at(sought.place, works[id_], Part.OTHER, taken[id_])
        for id_ in dict.fromkeys(sought.nurse_ids)
    ]
