"""Read when nurses work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from uuid import UUID

from nyefamilier.calendars import store
from nyefamilier.calendars.hours import Availability, at_clock, available
from nyefamilier.storage.work import Work


def availability(
    work: Work, nurse_ids: Iterable[UUID], first: date, last: date
) -> dict[UUID, Availability]:
    """When each nurse works from the first day in Oslo to the last, both included.

    Holidays and absences are taken out, and the reason of an absence is never told. A nurse of whom
    nothing is known works the usual hours. Whether the actor may know is asked by the caller.
    """
    nurses = list(dict.fromkeys(nurse_ids))
    begins, ends = at_clock(first, time.min), at_clock(last + timedelta(days=1), time.min)
    hours = store.hours_of(work.session, nurses, last)
    away = store.away_during(work.session, nurses, begins, ends)
    return {
        nurse: available(nurse, hours.get(nurse, ()), away.get(nurse, ()), first, last)
        for nurse in nurses
    }
