"""Who is out, for the nurse herself and for her base; and where a nurse is who is late.

The list says nothing of any family. Where she is, is shown while there is an alarm only, to a lead
who may know of the family, and each time it is written into the family's access log as a read of
its address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.accounts.service import display_names
from nyefamilier.families.bodies import AddressBody
from nyefamilier.families.dossier import open_dossier
from nyefamilier.families.store import present_address
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.safety import store
from nyefamilier.safety.rules import is_late, state_of
from nyefamilier.safety.service import held_in_bydel, no_alarm
from nyefamilier.safety.states import ClosedHow, OutingState
from nyefamilier.safety.tables import AlarmRow, OutingRow
from nyefamilier.storage.work import Work

SHOWN_FOR: Final = timedelta(hours=24)
"""How long an outing is shown after its end."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm, and how it ended if it has."""

    raised_at: datetime
    closed_at: datetime | None
    closed_how: ClosedHow | None


@dataclass(frozen=True, slots=True)
class Outing:
    """An outing as it is shown; nothing of a family."""

    id: UUID
    nurse_id: UserId
    nurse: str
    state: OutingState
    step: int
    began_at: datetime
    expected_at: datetime
    heard_at: datetime
    ended_at: datetime | None
    ended_heard_at: datetime | None
    alarm: Alarm | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The address at which a nurse is who is late."""

    family_id: FamilyId
    lines: str = field(repr=False)
    postal_code: str | None = field(repr=False)
    directions: str | None = field(repr=False)


def outings(work: Work, grace: timedelta) -> list[Outing]:
    """Whoever is out, and those who came back in the last day: of a lead's bydel, or a nurse's own.

    Raises:
        NotAllowed: the actor is neither.
    """
    match work.actor.role, work.actor.bydel:
        case Role.LEAD, str(bydel):
            whose = store.of_bydel(bydel)
        case Role.NURSE, _:
            whose = store.of_nurse(work.actor.id)
        case _:
            raise NotAllowed("Only nurses and their leads see who is out.")
    rows = store.outings_of(work.session, whose, work.now - SHOWN_FOR, MOST)
    alarms = store.alarms_of(work.session, [row.id for row in rows])
    names = display_names(work.session, [UserId(row.nurse_id) for row in rows])
    return [_outing(work, row, alarms.get(row.id), names, grace) for row in rows]


def shown(work: Work, row: OutingRow, grace: timedelta) -> Outing:
    """One outing, which the caller has found to be the actor's to see."""
    names = display_names(work.session, [UserId(row.nurse_id)])
    alarm = store.alarms_of(work.session, [row.id]).get(row.id)
    return _outing(work, row, alarm, names, grace)


def count_overdue(work: Work, grace: timedelta) -> int:
    """How many nurses of the lead's bydel are late and have not been looked after.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    if work.actor.role is not Role.LEAD or work.actor.bydel is None:
        raise NotAllowed("Only a lead looks after the nurses who are out.")
    return store.count_late(work.session, work.actor.bydel, work.now - grace)


def whereabouts(work: Work, outing_id: UUID, grace: timedelta) -> Whereabouts | None:
    """Where a nurse is who is late, by the present address of the family that she went to.

    None where she was with no family, or with one that is not the lead's to know: of another
    bydel, or with a protected address. The two look alike.

    Raises:
        NotAllowed: the actor is not a lead.
        NotFound: there is no such outing in her bydel.
        Conflict: ``no-alarm``.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    row = held_in_bydel(work, outing_id)
    if row.ended_at is not None or not is_late(row.expected_at, work.now, grace):
        raise no_alarm()
    if row.family_id is None:
        return None
    try:
        dossier = open_dossier(work, FamilyId(row.family_id), Action.READ, "address")
    except NotFound:
        return None
    address = present_address(work.session, dossier.id)
    if address is None:
        return None
    # A lead reads no words of a family otherwise. Somebody has to go and look for the nurse.
    body = dossier.read(address, AddressBody)
    return Whereabouts(dossier.id, body.lines, body.postal_code, body.directions)


def _outing(
    work: Work,
    row: OutingRow,
    alarm: AlarmRow | None,
    names: dict[UserId, str],
    grace: timedelta,
) -> Outing:
    settled = (
        alarm is not None
        and alarm.expected_at == row.expected_at
        and alarm.closed_how == ClosedHow.SETTLED
    )
    return Outing(
        id=row.id,
        nurse_id=UserId(row.nurse_id),
        nurse=names.get(UserId(row.nurse_id), ""),
        state=state_of(
            row.ended_at,
            late=is_late(row.expected_at, work.now, grace),
            settled=settled,
        ),
        step=row.step,
        began_at=row.began_at,
        expected_at=row.expected_at,
        heard_at=row.heard_at,
        ended_at=row.ended_at,
        ended_heard_at=row.ended_heard_at,
        alarm=None if alarm is None else _alarm(alarm),
    )


def _alarm(row: AlarmRow) -> Alarm:
    how = None if row.closed_how is None else ClosedHow(row.closed_how)
    return Alarm(row.raised_at, row.closed_at, how)
