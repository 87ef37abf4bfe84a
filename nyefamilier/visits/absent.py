"""Which agreed visits lie in a nurse's absences: those that may be seen, and how many more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.calendars import rules
from nyefamilier.families import store as families_store
from nyefamilier.families.following import note_followed
from nyefamilier.families.views import delbydeler_of_lead
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span
from nyefamilier.visits.tables import VisitRow


@dataclass(frozen=True, slots=True)
class Missed:
    """An agreed visit that the nurse cannot make, without a word that anybody wrote."""

    visit_id: UUID
    family_id: FamilyId
    kind: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class WhileAway:
    """What is agreed on with a nurse while she is away.

    Args:
        visits: With families that the actor may see, in order.
        others: How many more there are.
    """

    visits: tuple[Missed, ...]
    others: int


def agreed_while_away(
    work: Work, nurse_id: UUID, absences: Mapping[UUID, rules.Span]
) -> dict[UUID, WhileAway]:
    """What is still to come of a nurse's visits in each of her absences, by the absence's id.

    Whether the actor may know of the absences is asked by the caller. The families that are told
    are written down as read.
    """
    found = {
        id_: store.agreed_of(work.session, nurse_id, Span(max(one.begins, work.now), one.ends))
        for id_, one in absences.items()
        if one.ends > work.now
    }
    rows = [row for agreed in found.values() for row, _, _ in agreed]
    seen = _seen(work, {FamilyId(row.family_id) for row in rows})
    return {id_: _while_away(agreed, seen) for id_, agreed in found.items()}


def _while_away(
    agreed: Sequence[tuple[VisitRow, datetime, datetime]], seen: Iterable[UUID]
) -> WhileAway:
    visits = tuple(
        Missed(row.id, FamilyId(row.family_id), row.kind, begins, ends)
        for row, begins, ends in agreed
        if row.family_id in seen
    )
    return WhileAway(visits, len(agreed) - len(visits))


def _seen(work: Work, family_ids: set[FamilyId]) -> set[FamilyId]:
    """Those of some families that the actor may see, written down as read."""
    if not family_ids:
        return set()
    if work.actor.role is not Role.LEAD:
        return set(note_followed(work, sorted(family_ids), "list"))
    seen = _of_lead(work, family_ids)
    note_accesses(work, sorted(seen), Action.READ, "list", Ground.LEAD)
    return seen


def _of_lead(work: Work, family_ids: set[FamilyId]) -> set[FamilyId]:
    delbydeler = delbydeler_of_lead(work)
    among = families_store.openly_among(work.session, family_ids, delbydeler)
    return {FamilyId(one) for one in among}
