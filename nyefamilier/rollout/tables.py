"""Plans and their versions. A version is decided and put away; nothing else of it ever changes.

The database itself sees to that, whoever writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant


class PlanRow(Base):
    """A plan; ``rev`` grows with everything that is done to it."""

    __tablename__ = "rollout_plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)


class VersionRow(Base):
    """One version: the document as it was written, and the figures that it gave then."""

    __tablename__ = "rollout_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(archived_at IS NULL) = (archived_by IS NULL)", name="archived"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rollout_plan.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    model: Mapped[str]
    written_at: Mapped[instant]
    written_by: Mapped[UUID]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None]
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    archived_by: Mapped[UUID | None]


class ArsverkRow(Base):
    """That a planner told how many årsverk there were in a year; of each place the last counts.

    Of a plan and not of a version: what happened is the same whichever version is held against it.
    """

    __tablename__ = "rollout_arsverk"
    __table_args__ = (
        CheckConstraint("arsverk between 0 and 1000", name="arsverk"),
        Index(None, "plan_id", "told_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("rollout_plan.id"))
    bydel: Mapped[str | None] = mapped_column(String(2))
    year: Mapped[int] = mapped_column(SmallInteger)
    arsverk: Mapped[float]
    source: Mapped[str] = mapped_column(Text)
    told_at: Mapped[instant]
    told_by: Mapped[UUID]


_STANDS: Final = """
CREATE FUNCTION rollout_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (OLD.plan_id, OLD.number, OLD.id, OLD.name, OLD.document, OLD.figures, OLD.model,
             OLD.written_at, OLD.written_by)
        = (NEW.plan_id, NEW.number, NEW.id, NEW.name, NEW.document, NEW.figures, NEW.model,
           NEW.written_at, NEW.written_by)
        AND (OLD.decided_at IS NULL OR (OLD.decided_at, OLD.decided_by)
             IS NOT DISTINCT FROM (NEW.decided_at, NEW.decided_by))
        AND (OLD.archived_at IS NULL OR (OLD.archived_at, OLD.archived_by)
             IS NOT DISTINCT FROM (NEW.archived_at, NEW.archived_by))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of a plan stands' USING ERRCODE = 'restrict_violation';
END $$
"""
_GUARD: Final = """
CREATE TRIGGER rollout_version_stands BEFORE UPDATE OR DELETE ON rollout_version
FOR EACH ROW EXECUTE FUNCTION rollout_version_stands()
"""
for _statement in (_STANDS, _GUARD):
    # A database that is made from the models has what a migrated one has.
    event.listen(VersionRow.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
