"""Read a family's journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.journal import store
from nyefamilier.journal.bodies import NoteBody, NoteKind
from nyefamilier.journal.tables import NoteRow
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work


@dataclass(frozen=True, slots=True)
class Note:
    """One signed version of a note. ``text`` and ``kind`` are None for who may not read them.

    ``occurred_at`` is told of what was written on a phone; ``late``: filed when its nurse did not
    follow the family any more.
    """

    id: UUID
    rev: int
    member_id: UUID
    visit_id: UUID | None
    corrects: UUID | None
    corrected_by: tuple[UUID, ...]
    version: int
    signed_by: UUID
    signed_at: datetime
    text: str | None
    kind: NoteKind | None
    visible_to_parents: bool | None
    occurred_at: datetime | None
    late: bool

    def __repr__(self) -> str:
        return f"<Note {self.id} version={self.version}>"


def notes(work: Work, family_id: FamilyId) -> list[Note]:
    """All versions of all notes of a family, oldest first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "notes")
    rows = store.notes_of(work.session, family_id)
    corrected: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row.corrects is not None:
            corrected.setdefault(row.corrects, []).append(row.id)
    return [_note(dossier, row, tuple(corrected.get(row.id, ()))) for row in rows]


def _note(dossier: Dossier, row: NoteRow, corrected_by: tuple[UUID, ...]) -> Note:
    body = dossier.shown(row, NoteBody)
    filing = None if body is None else body.filing
    return Note(
        id=row.id,
        rev=row.rev,
        member_id=row.member_id,
        visit_id=row.visit_id,
        corrects=row.corrects,
        corrected_by=corrected_by,
        version=row.version,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        text=None if body is None else body.text,
        kind=None if body is None else body.kind,
        visible_to_parents=None if body is None else body.visible_to_parents,
        occurred_at=None if filing is None else filing.occurred_at,
        late=filing is not None and filing.late,
    )
