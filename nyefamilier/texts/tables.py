"""The outbox: which texts wait, and what became of each. No words, no number, no name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant, within_family

_MAYBE_AT = DateTime(timezone=True)


class TextRow(Base):
    """One text. Its id is the key under which a gateway sends it once.

    It is no record of the family: a phone does not have it, and the family's revision does not
    count it.
    """

    __tablename__ = "parent_text"
    __table_args__ = (
        Index("ix_parent_text_due", "due", postgresql_where=text("state IN ('waiting', 'handed')")),
        Index(None, "family_id"),
        Index(None, "visit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(within_family("family.id"))
    visit_id: Mapped[UUID] = mapped_column(within_family("visit.id"))
    rev: Mapped[int] = mapped_column(BigInteger)
    """The family's revision that asked for it."""
    kind: Mapped[str]
    visit_at: Mapped[instant]
    """The time that it speaks of."""
    written_at: Mapped[instant]
    due: Mapped[instant]
    """When it is looked at next; of one that was handed over, when that is taken for lost."""
    state: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int]
    handed_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Blind index of the number that it was handed over with."""
    settled_at: Mapped[datetime | None] = mapped_column(_MAYBE_AT)
