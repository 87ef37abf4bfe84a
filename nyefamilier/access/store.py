"""Queries for grants of emergency access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from nyefamilier.access.tables import EmergencyRow

MOST = 200
"""The most grants that one list holds."""


def holds_grant(session: Session, family_id: UUID, nurse_id: UUID, now: datetime) -> bool:
    """Whether the nurse may read the family in an emergency at this very moment."""
    return grant_now(session, family_id, nurse_id, now) is not None


def grant_now(
    session: Session, family_id: UUID, nurse_id: UUID, now: datetime
) -> EmergencyRow | None:
    """Her grant for the family, while it lasts."""
    query = select(EmergencyRow).where(
        EmergencyRow.family_id == family_id, EmergencyRow.nurse_id == nurse_id, _lasts(now)
    )
    return session.scalars(query.order_by(EmergencyRow.until.desc()).limit(1)).first()


def grant(session: Session, grant_id: UUID) -> EmergencyRow | None:
    """The grant, held until the transaction ends."""
    return session.get(EmergencyRow, grant_id, with_for_update=True)


def opened_since(session: Session, nurse_id: UUID, since: datetime) -> int:
    """How many grants the nurse was given since then."""
    query = select(func.count()).where(
        EmergencyRow.nurse_id == nurse_id, EmergencyRow.opened_at > since
    )
    return session.scalar(query) or 0


def grants(
    session: Session, *, nurse_id: UUID | None = None, bydel: str | None = None
) -> Sequence[EmergencyRow]:
    """Grants of one nurse, in one bydel, or all: what is not reviewed first, then the newest."""
    query = select(EmergencyRow).order_by(
        EmergencyRow.reviewed_at.is_not(None), EmergencyRow.opened_at.desc(), EmergencyRow.id
    )
    if nurse_id is not None:
        query = query.where(EmergencyRow.nurse_id == nurse_id)
    if bydel is not None:
        query = query.where(EmergencyRow.bydel == bydel)
    return session.scalars(query.limit(MOST)).all()


def count_unreviewed(session: Session, now: datetime, *, bydel: str | None, but_of: UUID) -> int:
    """How many grants that are over wait for somebody else than *but_of* to look at them."""
    query = select(func.count()).where(
        EmergencyRow.reviewed_at.is_(None), ~_lasts(now), EmergencyRow.nurse_id != but_of
    )
    if bydel is not None:
        query = query.where(EmergencyRow.bydel == bydel)
    return session.scalar(query) or 0


def _lasts(now: datetime) -> ColumnElement[bool]:
    return func.least(EmergencyRow.until, EmergencyRow.ended_at) > now
