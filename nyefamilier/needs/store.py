"""Needs' queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from nyefamilier.needs.tables import NeedRow, ReviewRow


def needs_of(session: Session, family_id: UUID) -> Sequence[NeedRow]:
    """A family's needs, oldest first."""
    query = (
        select(NeedRow)
        .where(NeedRow.family_id == family_id)
        .order_by(NeedRow.stated_at, NeedRow.rev, NeedRow.id)
    )
    return session.scalars(query).all()


def reviews_of(session: Session, family_id: UUID) -> Sequence[ReviewRow]:
    """All reviews of a family's needs, oldest first."""
    query = (
        select(ReviewRow)
        .where(ReviewRow.family_id == family_id)
        .order_by(ReviewRow.reviewed_at, ReviewRow.rev, ReviewRow.id)
    )
    return session.scalars(query).all()
