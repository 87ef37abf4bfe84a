"""Outings and their alarms. They are no family's records: no phone, file or figure has them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant

_LATER = DateTime(timezone=True)


class OutingRow(Base):
    """One time that a nurse is out alone. All instants are of the server's clock."""

    __tablename__ = "outing"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="ended_at"),
        Index(None, "bydel", "expected_at"),
        Index(None, "nurse_id", "expected_at"),
        Index("ix_outing_out", "expected_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    bydel: Mapped[str] = mapped_column(String(2))
    """Hers when she checked in: its leads are the base."""
    family_id: Mapped[UUID | None]
    """Where she is. No foreign key: she may be with a family that her phone has not sent yet."""
    step: Mapped[int]
    """The newest of what her phone has told of it; what is older changes nothing."""
    began_at: Mapped[instant]
    expected_at: Mapped[instant]
    heard_at: Mapped[instant]
    ended_at: Mapped[datetime | None] = mapped_column(_LATER)
    """When she came out, as her phone tells."""
    ended_heard_at: Mapped[datetime | None] = mapped_column(_LATER)
    """When we heard of that: much later, where there was no network."""


class AlarmRow(Base):
    """She should have checked out by ``expected_at`` and has not; one alarm for each such time."""

    __tablename__ = "outing_alarm"
    __table_args__ = (
        UniqueConstraint("outing_id", "expected_at", name="uq_outing_alarm_outing_id_expected_at"),
        CheckConstraint("closed_how in ('back', 'extended', 'settled')", name="closed_how"),
        CheckConstraint("(closed_at is null) = (closed_how is null)", name="closed"),
        Index("ix_outing_alarm_open", "raised_at", postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    outing_id: Mapped[UUID] = mapped_column(ForeignKey("outing.id"))
    expected_at: Mapped[instant]
    raised_at: Mapped[instant]
    told_at: Mapped[datetime | None] = mapped_column(_LATER)
    """When the bydel's contact was sent a text about it."""
    closed_at: Mapped[datetime | None] = mapped_column(_LATER)
    closed_how: Mapped[str | None]
    closed_by: Mapped[UUID | None]
