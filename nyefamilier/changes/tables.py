"""The mutation log's table."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant, within_family


class MutationRow(Base):
    """One write that was taken in: who, when, through what, sealed request and sealed answer.

    ``rev`` is the family's revision that it made; a family's log has no holes.
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
