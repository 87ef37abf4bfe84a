"""The tables of the access log and of the log of files."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Identity, Index, event
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


_STANDS: Final = """
CREATE FUNCTION export_log_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of files is only added to' USING ERRCODE = 'restrict_violation';
END $$
"""
_GUARD: Final = """
CREATE TRIGGER export_log_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON export_log
FOR EACH STATEMENT EXECUTE FUNCTION export_log_stands()
"""
for _statement in (_STANDS, _GUARD):
    # A database that is made from the models has what a migrated one has.
    event.listen(ExportRow.__table__, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
