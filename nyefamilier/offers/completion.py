"""Which enrolments have come to their end: the child is two.

Sources: Oslo kommune press release, budget 2018 (home visits until the child is two years).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers import store
from nyefamilier.storage.work import Work

YEARS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """An enrolment that is complete, and since when."""

    family_id: FamilyId
    enrolment_id: UUID
    on: date


def completed_enrolments(work: Work) -> list[Due]:
    """The open enrolments whose child has turned two.

    Raises:
        NotAllowed: the actor is a person; this looks at every family's dates.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Enrolments are completed by the programme's own job.")
    found = store.open_enrolments_born_by(work.session, years_before(work.today, YEARS))
    return [
        Due(FamilyId(row.family_id), row.id, years_after(born_on, YEARS)) for row, born_on in found
    ]


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February counts as reached on 28 February."""
    return _in_year(day, day.year - years)


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    return _in_year(day, day.year + years)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
