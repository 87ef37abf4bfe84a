"""The timetable, and the runs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant

_later = DateTime(timezone=True)


class JobRow(Base):
    """A job. ``due_at`` is the first time of its schedule that no run has settled yet."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("patience_seconds > 0", name="patience_seconds"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[instant]
    patience_seconds: Mapped[int]
    """How long after ``due_at`` somebody is told that it was not done."""


class RunRow(Base):
    """One run of a job; open while ``outcome`` is NULL. It holds counts and codes, and nobody.

    A job has one open run at most, and each of its times is settled by one run at most.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint(
            "outcome in ('done', 'failed', 'timed-out', 'stopped', 'lost')", name="outcome"
        ),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_at"),
        Index("uq_job_run_open", "job", unique=True, postgresql_where=text("outcome IS NULL")),
        Index(
            "uq_job_run_done",
            "job",
            "due_at",
            unique=True,
            postgresql_where=text("outcome = 'done'"),
        ),
        Index(None, "job", "began_at"),
        Index(None, "began_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(_later)
    """The time that it is the run for; NULL for one that somebody asked for by hand."""
    began_at: Mapped[instant]
    ended_at: Mapped[datetime | None] = mapped_column(_later)
    outcome: Mapped[str | None]
    count: Mapped[int | None]
    error: Mapped[str | None]
