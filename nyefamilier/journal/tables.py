"""The journal's table. It holds sealed text only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import SealedRecord, instant, within_family


class NoteRow(SealedRecord):
    """One signed version of a note. Never changed: a correction is a row that names this one."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "family_id", "rev"),)

    member_id: Mapped[UUID] = mapped_column(within_family("member.id"))
    visit_id: Mapped[UUID | None] = mapped_column(within_family("visit.id"))
    corrects: Mapped[UUID | None] = mapped_column(within_family("note.id"))
    version: Mapped[int]
    signed_by: Mapped[UUID]
    signed_at: Mapped[instant]
