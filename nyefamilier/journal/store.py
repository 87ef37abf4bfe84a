"""The journal's queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from nyefamilier.families.store import records
from nyefamilier.journal.tables import NoteRow


def notes_of(session: Session, family_id: UUID) -> Sequence[NoteRow]:
    """A family's notes with all their versions, oldest first."""
    return records(session, NoteRow, family_id, NoteRow.signed_at, NoteRow.rev)
