"""The tables of the access log, of the log of files, and of emergency access."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant
from nyefamilier.storage.standing import only_added_to


class AccessRow(Base):
    """One read, write or denial: who, in what role and unit, when, what, why, through what."""

    __tablename__ = "access_log"
    __table_args__ = (Index(None, "family_id", "id"), Index(None, "actor_id", "id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[instant]
    actor_id: Mapped[UUID]
    role: Mapped[str]
    unit: Mapped[str | None]
    action: Mapped[str]
    family_id: Mapped[UUID]
    object: Mapped[str]
    ground: Mapped[str]
    doorway: Mapped[str]
    request_id: Mapped[UUID]


class ExportRow(Base):
    """One file of figures that was taken home; the database lets nobody change or remove it."""

    __tablename__ = "export_log"
    __table_args__ = (Index(None, "actor_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[instant]
    actor_id: Mapped[UUID]
    role: Mapped[str]
    unit: Mapped[str | None]
    what: Mapped[str]
    period: Mapped[str]
    area: Mapped[str | None]
    form: Mapped[str]
    doorway: Mapped[str]
    request_id: Mapped[UUID]


class EmergencyRow(Base):
    """A nurse of the bydel was let in to a family that is not hers, for some hours.

    It is no record of the family's: no phone has it, and it takes no revision. Why, and what was
    found afterwards, lie sealed under the family's key.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("until > opened_at", name="until"),
        CheckConstraint("(reviewed_at is null) = (verdict is null)", name="verdict"),
        CheckConstraint("reviewed_by <> nurse_id", name="reviewed_by"),
        Index(None, "family_id", "nurse_id", "until"),
        Index(None, "nurse_id", "opened_at"),
        Index(
            "ix_emergency_access_unreviewed",
            "bydel",
            postgresql_where=text("reviewed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"))
    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    bydel: Mapped[str] = mapped_column(String(2))
    """The family's, and the nurse's, when it was opened: its lead looks at it afterwards."""
    opened_at: Mapped[instant]
    until: Mapped[instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reviewed_by: Mapped[UUID | None]
    verdict: Mapped[str | None]
    version: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


for _table in (AccessRow, ExportRow):
    only_added_to(_table)
