"""Texts' queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from nyefamilier.families.store import lives_openly_in
from nyefamilier.families.tables import FamilyRow
from nyefamilier.texts.states import UNSETTLED
from nyefamilier.texts.tables import TextRow


def next_due(session: Session, now: datetime) -> TextRow | None:
    """A text that has been due for longest, locked; those that another process has are passed."""
    query = (
        select(TextRow)
        .where(TextRow.state.in_(UNSETTLED), TextRow.due <= now)
        .order_by(TextRow.due)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).one_or_none()


def locked(session: Session, text_id: UUID) -> TextRow:
    """One text, locked, as it is now."""
    query = select(TextRow).where(TextRow.id == text_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def texts_of(session: Session, family_id: UUID) -> Sequence[TextRow]:
    """A family's texts, the newest first."""
    query = (
        select(TextRow)
        .where(TextRow.family_id == family_id)
        .order_by(
            TextRow.written_at.desc(), TextRow.visit_at.desc(), TextRow.due.desc(), TextRow.id
        )
    )
    return session.scalars(query).all()


def about_visit(session: Session, visit_id: UUID) -> Sequence[TextRow]:
    """The texts about a visit."""
    return session.scalars(select(TextRow).where(TextRow.visit_id == visit_id)).all()


def counted(
    session: Session, delbydeler: Sequence[str], since: datetime
) -> list[tuple[str, str | None, int]]:
    """How many texts to families in some delbydeler were written since, by state and reason."""
    query = (
        select(TextRow.state, TextRow.reason, func.count(TextRow.id))
        .join(FamilyRow, FamilyRow.id == TextRow.family_id)
        .where(lives_openly_in(delbydeler), TextRow.written_at >= since)
        .group_by(TextRow.state, TextRow.reason)
        .order_by(TextRow.state, TextRow.reason)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
