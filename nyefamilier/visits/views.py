"""Read a family's visits and its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families import store as families_store
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers import store as offers_store
from nyefamilier.protocols.protocol import Protocol, windows
from nyefamilier.protocols.service import current, protocol
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.bodies import BookedInterpreter, VisitBody
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow

CONSULTATIONS = "helsestasjonsprogrammet"
"""The statutory well-child programme, shown beside the plan and never chased by it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit. Words are None for who may not read them."""

    id: UUID
    rev: int
    pregnancy_id: UUID | None
    programme: str | None
    kind: str
    from_protocol: bool
    state: VisitState
    opens: date | None
    ideal: date | None
    closes: date | None
    at: datetime | None
    minutes: int | None
    place: str | None
    nurse_id: UUID | None
    second_nurse_id: UUID | None
    present: tuple[str, ...]
    themes: tuple[str, ...]
    counts_as: tuple[str, ...]
    interpreter_category: str | None
    interpreter_language: str | None
    why_unqualified: str | None
    agreed: str | None
    interpreter: BookedInterpreter | None
    not_alone: bool | None
    safety_note: str | None
    outside_hours: str | None
    cancel_reason: str | None
    recorded_at: datetime | None
    recorded_by: UUID | None

    def __repr__(self) -> str:
        return f"<Visit {self.id} {self.kind} {self.state}>"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A window in the family's plan.

    Args:
        role: ``anchor`` (promised), ``rhythm`` (a soft suggestion), ``consultation`` (statutory).
        visit_id: The visit that stands for it, where there is one.
    """

    kind: str
    name_nb: str
    name_en: str
    role: str
    opens: date
    ideal: date
    closes: date
    provisional: bool
    source: str
    visit_id: UUID | None
    state: VisitState | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the programme promises this family, and what surrounds it."""

    programme: str | None
    protocol_version: str | None
    anchors: tuple[PlanItem, ...]
    rhythm: tuple[PlanItem, ...]
    consultations: tuple[PlanItem, ...]
    agreed: tuple[Visit, ...]


def visits(work: Work, family_id: FamilyId) -> list[Visit]:
    """A family's visits, in the order in which they fall.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "visits")
    return [_visit(dossier, row) for row in store.visits_of(work.session, family_id)]


def plan(work: Work, family_id: FamilyId) -> Plan:
    """A family's plan: its anchors, what is agreed next, and the consultations around it.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "plan")
    enrolment = offers_store.open_enrolment(work.session, family_id)
    rows = store.visits_of(work.session, family_id)
    agreed = tuple(
        _visit(dossier, row)
        for row in store.open_visits(work.session, family_id)
        if not row.from_protocol
    )
    items: tuple[PlanItem, ...] = ()
    if enrolment is not None:
        version = protocol(enrolment.programme, enrolment.protocol_version)
        pregnancy = dossier.record(PregnancyRow, enrolment.pregnancy_id)
        items = _items(version, pregnancy, rows)
    return Plan(
        programme=None if enrolment is None else enrolment.programme,
        protocol_version=None if enrolment is None else enrolment.protocol_version,
        anchors=tuple(item for item in items if item.role == "anchor"),
        rhythm=tuple(item for item in items if item.role == "rhythm"),
        consultations=_consultations(dossier, rows),
        agreed=agreed,
    )


def _consultations(dossier: Dossier, rows: Sequence[VisitRow]) -> tuple[PlanItem, ...]:
    pregnancies = families_store.pregnancies(dossier.work.session, dossier.id)
    living = [one for one in pregnancies if anchors_of(one).born_on is not None]
    if not living:
        return ()
    version = current(CONSULTATIONS, dossier.work.today)
    return _items(version, living[-1], rows)


def _items(
    version: Protocol, pregnancy: PregnancyRow, rows: Sequence[VisitRow]
) -> tuple[PlanItem, ...]:
    standing = _standing_for(pregnancy, rows)
    items = []
    for window in windows(version, anchors_of(pregnancy)):
        visit = version.visit(window.kind)
        row = standing.get(window.kind)
        if visit is None or (window.closed_by_birth and row is None):
            continue
        items.append(
            PlanItem(
                kind=window.kind,
                name_nb=visit.name_nb,
                name_en=visit.name_en,
                role=window.role,
                opens=window.opens,
                ideal=window.ideal,
                closes=window.closes,
                provisional=window.provisional,
                source=window.source,
                visit_id=None if row is None else row.id,
                state=None if row is None else VisitState(row.state),
            )
        )
    return tuple(items)


def _standing_for(pregnancy: PregnancyRow, rows: Sequence[VisitRow]) -> dict[str, VisitRow]:
    """Which visit stands for which item: by its kind, or by what it counted as."""
    found: dict[str, VisitRow] = {}
    for row in rows:
        if row.pregnancy_id != pregnancy.id:
            continue
        for kind in (row.kind, *row.counts_as):
            before = found.get(kind)
            if before is None or _goes_before(row, before):
                found[kind] = row
    return found


def _goes_before(row: VisitRow, other: VisitRow) -> bool:
    """Whether a later row stands for an item in the place of another; not one that was replaced."""
    if other.state == VisitState.DONE:
        return False
    return row.state != VisitState.SUPERSEDED or other.state == VisitState.SUPERSEDED


def _visit(dossier: Dossier, row: VisitRow) -> Visit:
    shown = dossier.shown(row, VisitBody)
    body = shown or VisitBody()
    return Visit(
        id=row.id,
        rev=row.rev,
        pregnancy_id=row.pregnancy_id,
        programme=row.programme,
        kind=row.kind,
        from_protocol=row.from_protocol,
        state=VisitState(row.state),
        opens=row.opens,
        ideal=row.ideal,
        closes=row.closes,
        at=row.at,
        minutes=row.minutes,
        place=row.place,
        nurse_id=row.nurse_id,
        second_nurse_id=row.second_nurse_id,
        present=tuple(row.present),
        themes=tuple(row.themes),
        counts_as=tuple(row.counts_as),
        interpreter_category=row.interpreter_category,
        interpreter_language=body.interpreter_language,
        why_unqualified=body.why_unqualified,
        agreed=body.agreed,
        interpreter=body.interpreter,
        not_alone=None if shown is None else body.not_alone,
        safety_note=body.safety_note,
        outside_hours=body.outside_hours,
        cancel_reason=body.cancel_reason,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
