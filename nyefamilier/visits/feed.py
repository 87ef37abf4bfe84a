"""A nurse's own appointments, as they may lie in a calendar program that others run.

Such a program copies what it reads to telephones and servers that are not ours. So it is told when,
the parents' initials and the bydel: no name, no place, no kind of visit and no word of why. Of a
family with a protected address it is told nothing, not even that the time is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.families.views import FamilyLine, own_families_among, require_nurse_asks
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span
from nyefamilier.visits.store import Appointment

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OwnAppointment:
    """A time that is agreed with a family.

    Args:
        visit_id: The visit.
        rev: Grows whenever the visit changes.
        begins: When.
        ends: Until when; not part of it.
        initials: The parents'; empty where the nurse does not follow the family herself.
        bydel: The family's; None where the nurse does not follow it.
    """

    visit_id: UUID
    rev: int
    begins: datetime
    ends: datetime
    initials: str
    bydel: BydelNumber | None

    def __repr__(self) -> str:
        return f"<OwnAppointment {self.visit_id}>"


def own_appointments(work: Work) -> tuple[OwnAppointment, ...]:
    """The actor's appointments from a month back to a year ahead, in order.

    Each family whose initials are told is written down as read.

    Raises:
        NotAllowed: the actor is not a nurse.
        Unavailable: the key provider is away.
    """
    require_nurse_asks(work)
    days = Span(work.now - BACK, work.now + AHEAD)
    found = store.open_appointments(work.session, work.actor.id, days)
    families = own_families_among(work, {one.family_id for one in found})
    known: dict[UUID, FamilyLine] = {line.id: line for line in families}
    return tuple(_own(one, known.get(one.family_id)) for one in found)


def _own(one: Appointment, line: FamilyLine | None) -> OwnAppointment:
    return OwnAppointment(
        visit_id=one.visit_id,
        rev=one.rev,
        begins=one.begins,
        ends=one.ends,
        initials="" if line is None else " + ".join(map(_initials, line.names)),
        bydel=None if line is None else line.bydel,
    )


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split())
