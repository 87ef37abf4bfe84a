"""Needs' tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import SealedRecord, instant, within_family


class NeedRow(SealedRecord):
    """A need, in the parents' own words (sealed)."""

    __tablename__ = "need"
    __table_args__ = (Index(None, "family_id", "rev"),)

    stated_by: Mapped[UUID] = mapped_column(within_family("member.id"))
    stated_at: Mapped[instant]
    visit_id: Mapped[UUID | None] = mapped_column(within_family("visit.id"))
    pregnancy_id: Mapped[UUID | None]
    """Whose statistics count it; no phone needs it."""
    theme: Mapped[str | None]
    state: Mapped[str]
    closed_by: Mapped[UUID | None] = mapped_column(within_family("member.id"))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReviewRow(SealedRecord):
    """A look at a need: where it stood then."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "family_id", "rev"),)

    need_id: Mapped[UUID] = mapped_column(within_family("need.id"))
    visit_id: Mapped[UUID | None] = mapped_column(within_family("visit.id"))
    state: Mapped[str]
    reviewed_at: Mapped[instant]
    reviewed_by: Mapped[UUID]
