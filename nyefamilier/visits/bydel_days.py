"""A bydel's days: when its nurses are at work, and which of their time is taken.

It tells of no family, so no access is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.calendars.hours import Availability
from nyefamilier.calendars.views import availability, nurses_serving
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span, whole_days


@dataclass(frozen=True, slots=True)
class NurseDays:
    """One nurse: her time at work, and what of it or beside it is taken, in order."""

    nurse: AccountIdentity
    works: Availability
    taken: tuple[Span, ...]


def bydel_days(work: Work, first: date, last: date) -> tuple[NurseDays, ...]:
    """The nurses who serve the lead's bydel, from the first day to the last, both included.

    First those of the bydel, then those of others who help out in it on the first of the days.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    if work.actor.role is not Role.LEAD or work.actor.bydel is None:
        raise NotAllowed("Only a programme lead sees her bydel's days.")
    nurses = nurses_serving(work, work.actor.bydel, first)
    ids = [one.id for one in nurses]
    works = availability(work, ids, first, last)
    taken = store.taken_of_each(work.session, ids, whole_days(first, last))
    return tuple(NurseDays(one, works[one.id], taken.get(one.id, ())) for one in nurses)
