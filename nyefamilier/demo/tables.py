"""Which demonstration city a database holds, if it holds one."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant


class DemonstrationRow(Base):
    """The one city of this database: its seed, and the instant until which it is told."""

    __tablename__ = "demonstration"
    __table_args__ = (CheckConstraint("one", name="one"),)

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    seed: Mapped[int] = mapped_column(BigInteger)
    told_until: Mapped[instant]
