"""The mutation log, and the inbox of what a person must decide."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, SealedRecord, instant, within_family


class MutationRow(Base):
    """One write that was taken in: who, when, through what, sealed request and sealed answer.

    ``rev`` is the family's revision that it made; a family's log has no holes. ``touched`` names
    the records and the groups of values in them that it wrote, as ``kind:id:group``; ``link`` and
    ``chain`` are its place in the family's history (`wire.chain`).
    """

    __tablename__ = "mutation"
    __table_args__ = (UniqueConstraint("family_id", "rev"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(within_family("family.id"))
    rev: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[UUID]
    doorway: Mapped[str]
    operations: Mapped[str]
    received_at: Mapped[instant]
    request: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    device_id: Mapped[UUID | None]
    """The phone that it came from; NULL for pages, integrations and jobs."""
    status: Mapped[str] = mapped_column(server_default=text("'applied'"))
    touched: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )
    link: Mapped[bytes | None] = mapped_column(LargeBinary)
    chain: Mapped[bytes | None] = mapped_column(LargeBinary)


class InboxRow(SealedRecord):
    """Something that a person must decide about a family; it travels to its nurses' phones.

    The sealed body has both contents. ``kind`` is ``conflict``, ``held`` or ``parked``.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index("ix_inbox_open", "opened_at", postgresql_where=text("decided_at IS NULL")),
    )

    kind: Mapped[str]
    mutation_id: Mapped[UUID]
    record_kind: Mapped[str | None]
    record_id: Mapped[UUID | None]
    value_group: Mapped[str | None]
    reason: Mapped[str]
    opened_at: Mapped[instant]
    sent_by: Mapped[UUID]
    device_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None]
    decision: Mapped[str | None]
