"""Keeps a promised visit open for which nobody was at home; what was tried stays as it is.

The attempt is a record of its own, and the visit of the protocol is planned anew beside it: with
its days, and with the words that were agreed on for it.
"""

from __future__ import annotations

from nyefamilier.families.dossier import Dossier
from nyefamilier.offers.service import enrolment_now
from nyefamilier.protocols.protocol import PlannedWindow
from nyefamilier.visits import store
from nyefamilier.visits.arrangements import of_the_same_visit
from nyefamilier.visits.bodies import VisitBody
from nyefamilier.visits.booking import become
from nyefamilier.visits.closing import last_offered
from nyefamilier.visits.planned import planned_row, windows_of
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow


def plan_again(dossier: Dossier, missed: VisitRow) -> None:
    """Plan the protocol's visit anew, unless it is over or stands open already."""
    window = _still_promised(dossier, missed)
    if window is None or any(_same(row, missed) for row in _open(dossier)):
        return
    row = planned_row(dossier, window, missed.pregnancy_id, missed.programme, from_protocol=False)
    dossier.put(row, of_the_same_visit(dossier.read(missed, VisitBody)))


def close_again(dossier: Dossier, made: VisitRow) -> None:
    """Take off the plan what was planned anew for a visit that was made after all.

    What somebody has agreed on meanwhile is hers to call off.
    """
    for row in _open(dossier):
        if _same(row, made) and row.state == VisitState.PLANNED and not row.from_protocol:
            become(dossier, row, VisitState.SUPERSEDED)
            dossier.touch(row)


def _still_promised(dossier: Dossier, missed: VisitRow) -> PlannedWindow | None:
    """The visit's window, where the family's protocol promises it and it can still be made."""
    enrolment = enrolment_now(dossier)
    if enrolment is None or (enrolment.pregnancy_id, enrolment.programme) != (
        missed.pregnancy_id,
        missed.programme,
    ):
        return None
    planned = windows_of(dossier, enrolment, enrolment.pregnancy_id)
    found = next((one for one in planned if one.kind == missed.kind), None)
    if found is None or not found.is_anchor or found.closed_by_birth:
        return None
    return found if dossier.work.today <= last_offered(found.kind, found.closes) else None


def _open(dossier: Dossier) -> list[VisitRow]:
    return list(store.open_visits(dossier.work.session, dossier.id))


def _same(row: VisitRow, other: VisitRow) -> bool:
    return row.id != other.id and (row.pregnancy_id, row.programme, row.kind) == (
        other.pregnancy_id,
        other.programme,
        other.kind,
    )
