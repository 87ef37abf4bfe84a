"""Needs' queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from nyefamilier.families.store import records
from nyefamilier.needs.tables import NeedRow, ReviewRow


def needs_of(session: Session, family_id: UUID) -> Sequence[NeedRow]:
    """A family's needs, oldest first."""
    return records(session, NeedRow, family_id, NeedRow.stated_at, NeedRow.rev)


def reviews_of(session: Session, family_id: UUID) -> Sequence[ReviewRow]:
    """All reviews of a family's needs, oldest first."""
    return records(session, ReviewRow, family_id, ReviewRow.reviewed_at, ReviewRow.rev)
