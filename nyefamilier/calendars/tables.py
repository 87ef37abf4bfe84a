"""Nurses' calendars: their hours and their absences.

A nurse is never away twice at once: an exclusion constraint forbids it, whoever writes. It holds
her number as a range of one, because the embedded server has no btree_gist to compare ids with.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant


class CalendarRow(Base):
    """One nurse's calendar, made when something is first written into it.

    Its columns from ``key_id`` on are the wrapped data key that seals why she is away.
    """

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("nurse_id", "number"),)

    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    key_id: Mapped[UUID]
    key_version: Mapped[int]
    key_provider: Mapped[str]
    kek: Mapped[str]
    kek_version: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class HoursRow(Base):
    """How a nurse works from a day on, until the day on which other hours of hers begin.

    ``week`` holds her half-days: weekday (Monday is 1), begin, end, purpose.
    """

    __tablename__ = "nurse_hours"
    __table_args__ = (
        CheckConstraint("percentage between 1 and 100", name="percentage"),
        CheckConstraint("travel_minutes between 0 and 120", name="travel_minutes"),
    )

    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("calendar.nurse_id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    percentage: Mapped[int]
    travel_minutes: Mapped[int]
    covers: Mapped[list[str]] = mapped_column(ARRAY(String(2)))
    week: Mapped[list[Any]] = mapped_column(JSONB)
    set_at: Mapped[instant]
    set_by: Mapped[UUID]


class AbsenceRow(Base):
    """A time when a nurse is away; half open. Why lies sealed: it may be about her health."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("begins < ends", name="period"),
        ForeignKeyConstraint(
            ["nurse_id", "nurse_number"],
            ["calendar.nurse_id", "calendar.number"],
            name="fk_absence_nurse_id_nurse_number_calendar",
        ),
        ExcludeConstraint(
            (text("int8range(nurse_number, nurse_number, '[]')"), "&&"),
            (text("tstzrange(begins, ends)"), "&&"),
            using="gist",
            where=text("cancelled_at IS NULL"),
            name="ex_absence_one_at_a_time",
        ),
        Index(None, "nurse_id", "ends"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nurse_id: Mapped[UUID]
    nurse_number: Mapped[int] = mapped_column(BigInteger)
    begins: Mapped[instant]
    ends: Mapped[instant]
    kind: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[instant]
    recorded_by: Mapped[UUID]
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_by: Mapped[UUID | None]


class FeedRow(Base):
    """The secret address of a nurse's calendar feed; the secret itself is not kept."""

    __tablename__ = "calendar_feed"

    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[instant]
