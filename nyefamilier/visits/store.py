"""Visits' queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from nyefamilier.visits.states import OPEN_STATES
from nyefamilier.visits.tables import VisitRow


def visit(session: Session, visit_id: UUID) -> VisitRow | None:
    """The visit with this id, whichever family's it is; the caller looks whose."""
    return session.get(VisitRow, visit_id)


def visits_of(session: Session, family_id: UUID) -> Sequence[VisitRow]:
    """A family's visits, in the order in which they fall."""
    query = (
        select(VisitRow)
        .where(VisitRow.family_id == family_id)
        .order_by(VisitRow.at, VisitRow.opens, VisitRow.ideal, VisitRow.id)
    )
    return session.scalars(query).all()


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


def closing_by(session: Session, family_ids: Sequence[UUID], day: date) -> Sequence[VisitRow]:
    """The open visits of some families whose window closes on or before *day*."""
    query = (
        select(VisitRow)
        .where(
            VisitRow.family_id.in_(family_ids),
            VisitRow.state.in_(OPEN_STATES),
            VisitRow.closes <= day,
        )
        .order_by(VisitRow.closes, VisitRow.id)
    )
    return session.scalars(query).all()
