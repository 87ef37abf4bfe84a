"""What an actor may want to do in the journal. There is no edit and no delete."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nyefamilier.journal.bodies import NoteKind

NOTE_CHARS = 20_000
"""The longest note, in characters."""


@dataclass(frozen=True, slots=True, repr=False)
class WriteNote:
    """Sign a note about one member."""

    note_id: UUID
    member_id: UUID
    text: str
    kind: NoteKind = NoteKind.ORDINARY
    visible_to_parents: bool = True
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CorrectNote:
    """Sign a new version of a note; the one before stays readable."""

    note_id: UUID
    corrects: UUID
    text: str
