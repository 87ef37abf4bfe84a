"""The journal's queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from nyefamilier.families.store import records
from nyefamilier.journal.tables import NoteRow


def notes_of(session: Session, family_id: UUID) -> Sequence[NoteRow]:
    """A family's notes with all their versions, oldest first."""
    return records(session, NoteRow, family_id, NoteRow.signed_at, NoteRow.rev)


def corrections_of(session: Session, family_id: UUID, note_id: UUID) -> Sequence[NoteRow]:
    """The versions of a note that correct it itself, oldest first."""
    query = select(NoteRow).where(NoteRow.family_id == family_id, NoteRow.corrects == note_id)
    return session.scalars(query.order_by(NoteRow.rev)).all()
