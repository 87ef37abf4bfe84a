"""The access log's table."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant


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
