"""Visits' tables."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, SealedRecord, instant, within_family


class VisitRow(SealedRecord):
    """One visit. ``opens`` to ``closes`` is the protocol's window, for an anchor; else NULL.

    ``minutes`` is how long it is to last while it is booked, and lasted when it was made.

    A protocol's item stands at most once per pregnancy, however often the plan is worked out.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index(
            "uq_visit_planned_item",
            "pregnancy_id",
            "programme",
            "kind",
            unique=True,
            postgresql_where=text("from_protocol"),
        ),
        Index("ix_visit_pregnancy_done", "pregnancy_id", postgresql_where=text("state = 'done'")),
        Index(
            "ix_visit_open_closes",
            "closes",
            postgresql_where=text("state IN ('planned', 'booked')"),
        ),
    )

    pregnancy_id: Mapped[UUID | None] = mapped_column(within_family("pregnancy.id"))
    programme: Mapped[str | None]
    kind: Mapped[str]
    from_protocol: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    opens: Mapped[date | None]
    ideal: Mapped[date | None]
    closes: Mapped[date | None]
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes: Mapped[int | None]
    place: Mapped[str | None]
    nurse_id: Mapped[UUID | None]
    second_nurse_id: Mapped[UUID | None]
    present: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    counts_as: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    interpreter_category: Mapped[str | None]
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[UUID | None]


class AppointmentRow(Base):
    """A nurse's time, taken by a visit that is booked; it goes when the visit is booked no more.

    A nurse has one appointment at a time, whoever writes: an exclusion constraint sees to it. It
    holds her as a range of one number, because the embedded server has no btree_gist to compare
    ids with. An empty time would collide with nothing, so there is none.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends > begins", name="takes_time"),
        ExcludeConstraint(
            (text("int8range(nurse_number, nurse_number, '[]')"), "&&"),
            (text("tstzrange(begins, ends)"), "&&"),
            using="gist",
            name="ex_appointment_one_at_a_time",
        ),
        Index(None, "nurse_id", "begins"),
    )

    visit_id: Mapped[UUID] = mapped_column(within_family("visit.id"), primary_key=True)
    nurse_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    nurse_number: Mapped[int] = mapped_column(BigInteger)
    begins: Mapped[instant]
    ends: Mapped[instant]
