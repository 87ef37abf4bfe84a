"""Facts as they were told, and what they add up to. No column can name a family.

No time is finer than a month and there is no actor. ``step`` counts within one participation only.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base

CITY_ONLY = "00"
"""In place of a bydel where one is part of a key: the family's address is protected."""


class ToldFact(Base):
    """One fact, as it was told; ``mixed`` once it lies in random order among its month's others."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("participation", "step"),
        CheckConstraint("extract(day from month) = 1", name="month_is_a_month"),
        CheckConstraint("extract(day from told) = 1", name="told_is_a_month"),
        # Lower-case codes, numbers, true, false: no name and no sentence fits through this.
        CheckConstraint("""payload::text ~ '^[][a-z0-9_{}":, ]*$'""", name="payload_is_codes"),
        CheckConstraint("octet_length(payload::text) <= 400", name="payload_is_short"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    participation: Mapped[UUID]
    step: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(12))
    bydel: Mapped[str | None] = mapped_column(String(2))
    month: Mapped[date]
    told: Mapped[date]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mixed: Mapped[bool] = mapped_column(default=False)


class Participation(Base):
    """Where one pregnancy's way through the programme stands: the sum of its facts."""

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_cohort", "cohort"),
        # Room on the page: an answer or a visit then touches no index.
        {"postgresql_with": {"fillfactor": 80}},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    steps: Mapped[int] = mapped_column(SmallInteger)
    cohort: Mapped[date | None]
    bydel: Mapped[str | None] = mapped_column(String(2))
    basis: Mapped[str | None] = mapped_column(String(40))
    covered: Mapped[bool] = mapped_column(default=False)
    offered: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(12))
    answered: Mapped[date | None]
    ended: Mapped[str | None] = mapped_column(String(20))
    ended_month: Mapped[date | None]
    first_visit: Mapped[date | None]
    visits: Mapped[int] = mapped_column(SmallInteger, default=0)


class VisitCount(Base):
    """How many visits of one kind one participation had in one month, and in which bydel."""

    __tablename__ = "visit_count"
    __table_args__ = (
        Index("ix_visit_count_month", "month"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    participation: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    bydel: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    visits: Mapped[int] = mapped_column(SmallInteger)
    programme_visits: Mapped[int] = mapped_column(SmallInteger)
    counted_visits: Mapped[int] = mapped_column(SmallInteger)
