"""What stands next: for a nurse in her own families, for a lead in her bydel.

There is no due-date machine here. A window that has passed is told as passed; what a lead is shown
are the two things that the programme and the law promise and that nobody else would notice: an
offer that has had no answer, and a newborn whom nobody has visited.

Sources: docs/protocol.md (the two anchors); helsestasjonsprogrammet, consultation 1 (days 7-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.families import store as families_store
from nyefamilier.families.following import note_followed
from nyefamilier.families.views import delbydeler_of_lead, require_nurse_asks
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.offers import store as offers_store
from nyefamilier.protocols.service import protocol
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.displaced import CANNOT_COME, Reason
from nyefamilier.visits.forecast import Forecast, Unvisited, newborn_forecast
from nyefamilier.visits.newborn import NEWBORN, is_working_day
from nyefamilier.visits.reading import packaged_gestation
from nyefamilier.visits.rearranging import Agreement, out_of_place
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow

NEWBORN_FOR = timedelta(days=42)
"""How long a newborn without a visit stays on the lead's list: until the six-week consultation."""


@dataclass(frozen=True, slots=True)
class Task:
    """A planned or booked visit, without a word that anybody wrote."""

    family_id: FamilyId
    visit_id: UUID
    kind: str
    state: VisitState
    opens: date | None
    ideal: date | None
    closes: date | None
    at: datetime | None
    place: str | None
    reasons: tuple[Reason, ...] = ()
    """Why somebody should look at it, where it is agreed on and out of place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer that has had no answer."""

    family_id: FamilyId
    programme: str
    offered_on: date
    reminded_on: date | None = None
    """Since when the lead is told that it has waited for long."""


@dataclass(frozen=True, slots=True)
class Newborn:
    """A birth after which nobody has visited."""

    family_id: FamilyId
    born_on: date
    homecoming_on: date | None


@dataclass(frozen=True, slots=True)
class BydelToday:
    """What a lead looks after today."""

    waiting: tuple[Waiting, ...]
    newborns: tuple[Newborn, ...]
    unattended: tuple[Agreement, ...] = ()
    """The agreed visits to which somebody who was to come cannot come, in order."""


def own_tasks(work: Work) -> dict[FamilyId, tuple[Task, ...]]:
    """The open visits of each family that the nurse follows now, in the order in which they fall.

    Raises:
        NotAllowed: the actor is not a nurse.
    """
    require_nurse_asks(work)
    followed = families_store.ids_of_nurse(work.session, work.actor.id, work.now)
    found: dict[FamilyId, tuple[Task, ...]] = {}
    visits = store.open_visits_of(work.session, followed)
    reasons = {one.visit_id: one.reasons for one in out_of_place(work, visits)}
    for visit in visits:
        family_id = FamilyId(visit.family_id)
        found[family_id] = (*found.get(family_id, ()), _task(visit, reasons.get(visit.id, ())))
    note_followed(work, found, "worklist")
    return found


def bydel_today(work: Work) -> BydelToday:
    """The offers without an answer and the newborns without a visit, in the lead's own bydel.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    delbydeler = delbydeler_of_lead(work)
    since = work.today - NEWBORN_FOR
    waiting = tuple(
        Waiting(FamilyId(row.family_id), row.programme, row.offered_on, reminded_on)
        for row, reminded_on in offers_store.unanswered_in(work.session, delbydeler)
    )
    newborns = tuple(
        Newborn(FamilyId(row.family_id), row.ended_on, row.homecoming_on)
        for row in store.newborns_unvisited(work.session, delbydeler, since)
        if row.ended_on is not None
    )
    unattended = _unattended(work, delbydeler)
    families = [one.family_id for one in waiting] + [one.family_id for one in newborns]
    _note(work, [*families, *(one.family_id for one in unattended)])
    return BydelToday(waiting, newborns, unattended)


def newborns_ahead(work: Work, bydel: BydelNumber) -> Forecast:
    """How many newborn visits the lead's own bydel can expect each week.

    Of the families that take part in a programme which promises the visit. Nobody's address that is
    protected is counted. It tells of no family, so no access is written down.

    Raises:
        NotAllowed: the actor is not a lead, or it is not her bydel.
    """
    delbydeler = delbydeler_of_lead(work)
    if work.actor.bydel != bydel:
        raise NotAllowed("A lead plans for her own bydel only.")
    promised = [
        (pregnancy, None if at is None else day_of(at))
        for pregnancy, enrolment, at in store.newborns_to_come(
            work.session, delbydeler, work.today - NEWBORN_FOR
        )
        if protocol(enrolment.programme, enrolment.protocol_version).visit(NEWBORN)
    ]
    return newborn_forecast(
        terms=[one.term for one, _ in promised if one.ended_on is None],
        born=[Unvisited(one.ended_on, agreed) for one, agreed in promised if one.ended_on],
        today=work.today,
        gestation=packaged_gestation(),
        is_working=is_working_day,
    )


def _unattended(work: Work, delbydeler: Sequence[str]) -> tuple[Agreement, ...]:
    """What a lead must see to when the family's nurse cannot: she may be away herself."""
    agreed = store.booked_in(work.session, delbydeler, work.now)
    found = out_of_place(work, agreed)
    return tuple(one for one in found if not CANNOT_COME.isdisjoint(one.reasons))


def _note(work: Work, families: Iterable[FamilyId]) -> None:
    note_accesses(work, dict.fromkeys(families), Action.READ, "worklist", Ground.LEAD)


def _task(row: VisitRow, reasons: tuple[Reason, ...]) -> Task:
    return Task(
        family_id=FamilyId(row.family_id),
        visit_id=row.id,
        kind=row.kind,
        state=VisitState(row.state),
        opens=row.opens,
        ideal=row.ideal,
        closes=row.closes,
        at=row.at,
        place=row.place,
        reasons=reasons,
    )
