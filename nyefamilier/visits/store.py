"""Visits' queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.orm import Session

from nyefamilier.families.states import Outcome
from nyefamilier.families.store import follows_at, lives_openly_in, records
from nyefamilier.families.tables import FamilyRow, PregnancyRow, TeamRow
from nyefamilier.kernel.clock import OSLO
from nyefamilier.offers.states import OPEN_STATES as ENROLLED
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.visits.appointments import TAKES
from nyefamilier.visits.states import OPEN_STATES, VisitState
from nyefamilier.visits.tables import VisitRow


def visits_of(session: Session, family_id: UUID) -> Sequence[VisitRow]:
    """A family's visits, in the order in which they fall."""
    return records(session, VisitRow, family_id, VisitRow.at, VisitRow.opens, VisitRow.ideal)


def open_visits(session: Session, family_id: UUID) -> Sequence[VisitRow]:
    """The planned and booked visits of a family."""
    query = select(VisitRow).where(VisitRow.family_id == family_id, VisitRow.state.in_(OPEN_STATES))
    return session.scalars(query).all()


def items_of(session: Session, pregnancy_id: UUID, programme: str) -> dict[str, VisitRow]:
    """The rows of a protocol's items for one pregnancy, by kind."""
    query = select(VisitRow).where(
        VisitRow.pregnancy_id == pregnancy_id,
        VisitRow.programme == programme,
        VisitRow.from_protocol,
    )
    return {row.kind: row for row in session.scalars(query)}


def open_visits_of(session: Session, family_ids: Sequence[UUID]) -> Sequence[VisitRow]:
    """The planned and booked visits of some families, in the order in which they fall."""
    falls = func.coalesce(cast(func.timezone(OSLO.key, VisitRow.at), Date), VisitRow.ideal)
    query = (
        select(VisitRow)
        .where(VisitRow.family_id.in_(family_ids), VisitRow.state.in_(OPEN_STATES))
        .order_by(falls, VisitRow.at, VisitRow.id)
    )
    return session.scalars(query).all()


def appointments(session: Session, nurse_id: UUID, now: datetime) -> Sequence[VisitRow]:
    """The visits that a nurse has agreed on from today on, by time.

    Those of the families that she follows now: so the question costs what she has to do, however
    large the city is.
    """
    followed = select(TeamRow.family_id).where(TeamRow.nurse_id == nurse_id, follows_at(now))
    query = (
        select(VisitRow)
        .where(
            VisitRow.family_id.in_(followed),
            VisitRow.nurse_id == nurse_id,
            VisitRow.state == VisitState.BOOKED,
            VisitRow.at > now - timedelta(days=1),
        )
        .order_by(VisitRow.at, VisitRow.id)
    )
    return session.scalars(query).all()


class TakenTime(NamedTuple):
    """A nurse's time that a visit takes, and where it is; no delbydel for a protected family."""

    nurse_id: UUID
    begins: datetime
    ends: datetime
    delbydel: str | None


def taken_in(
    session: Session,
    nurse_ids: Collection[UUID],
    begins: datetime,
    ends: datetime,
    *,
    but: UUID | None = None,
) -> list[TakenTime]:
    """What some nurses have agreed to between two instants; without one visit's."""
    query = (
        select(VisitRow.nurse_id, VisitRow.at, VisitRow.at + TAKES, FamilyRow.delbydel)
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .where(
            VisitRow.nurse_id.in_(nurse_ids),
            VisitRow.state == VisitState.BOOKED,
            VisitRow.at > begins - TAKES,
            VisitRow.at < ends,
        )
    )
    if but is not None:
        query = query.where(VisitRow.id != but)
    return [
        TakenTime(nurse_id, at, until, delbydel)
        for nurse_id, at, until, delbydel in session.execute(query)
        if nurse_id is not None and at is not None and until is not None
    ]


def newborns_unvisited(
    session: Session, delbydeler: Sequence[str], since: date
) -> Sequence[PregnancyRow]:
    """Births since a day, in some delbydeler, after which nobody has visited; oldest first."""
    query = (
        select(PregnancyRow)
        .join(FamilyRow, FamilyRow.id == PregnancyRow.family_id)
        .where(lives_openly_in(delbydeler), _unvisited_since(since))
        .order_by(PregnancyRow.ended_on, PregnancyRow.id)
    )
    return session.scalars(query).all()


def newborns_to_come(
    session: Session, delbydeler: Sequence[str], since: date
) -> Sequence[tuple[PregnancyRow, EnrolmentRow]]:
    """The enrolled pregnancies in some delbydeler whose newborn visit is still to be made.

    Those that go on, and those that ended with a birth since a day and no visit after it.
    """
    query = (
        select(PregnancyRow, EnrolmentRow)
        .join(FamilyRow, FamilyRow.id == PregnancyRow.family_id)
        .join(EnrolmentRow, EnrolmentRow.pregnancy_id == PregnancyRow.id)
        .where(
            lives_openly_in(delbydeler),
            EnrolmentRow.state.in_(ENROLLED),
            (PregnancyRow.outcome == Outcome.EXPECTED) | _unvisited_since(since),
        )
        .order_by(PregnancyRow.term, PregnancyRow.id)
    )
    return [(pregnancy, enrolment) for pregnancy, enrolment in session.execute(query)]


def _unvisited_since(since: date) -> ColumnElement[bool]:
    """Whether a child was born since a day and nobody has visited it."""
    visited = (
        select(VisitRow.id)
        .where(
            VisitRow.pregnancy_id == PregnancyRow.id,
            VisitRow.state == VisitState.DONE,
            cast(func.timezone(OSLO.key, VisitRow.at), Date) >= PregnancyRow.ended_on,
        )
        .exists()
    )
    born = PregnancyRow.outcome == Outcome.BORN
    return born & (PregnancyRow.ended_on >= since) & ~visited
