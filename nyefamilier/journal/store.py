"""The journal's queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from nyefamilier.journal.tables import NoteRow


def notes_of(session: Session, family_id: UUID) -> Sequence[NoteRow]:
    """A family's notes with all their versions, oldest first."""
    query = (
        select(NoteRow)
        .where(NoteRow.family_id == family_id)
        .order_by(NoteRow.signed_at, NoteRow.rev, NoteRow.id)
    )
    return session.scalars(query).all()
