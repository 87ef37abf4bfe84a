"""Bydeler and delbydeler in the database, each with its time of validity.

Validity is half open. Two rows that say different things about one delbydel on one day cannot be:
an exclusion constraint forbids it. It holds the code as a range of one number, because the embedded
server has no btree_gist to compare texts with.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base

_VALID = "valid_to IS NULL OR valid_to > valid_from"


class BydelRow(Base):
    """A bydel, or an area that is counted beside them. A number is never used for another."""

    __tablename__ = "bydel"
    __table_args__ = (
        CheckConstraint("number ~ '^[0-9]{2}$'", name="number"),
        CheckConstraint(_VALID, name="validity"),
    )

    number: Mapped[str] = mapped_column(String(2), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    administered: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)


class DelbydelRow(Base):
    """A delbydel's code, kept when it is retired: addresses still bear it."""

    __tablename__ = "delbydel"
    __table_args__ = (
        CheckConstraint("code ~ '^[0-9]{10}$'", name="code"),
        CheckConstraint(_VALID, name="validity"),
    )

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successors: Mapped[list[str]] = mapped_column(ARRAY(String(10)))
    label: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class MembershipRow(Base):
    """A delbydel's ground lies in a bydel for a time."""

    __tablename__ = "delbydel_membership"
    __table_args__ = (
        CheckConstraint(_VALID, name="validity"),
        ExcludeConstraint(
            (text("int8range(delbydel::bigint, delbydel::bigint, '[]')"), "&&"),
            (text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_delbydel_membership_one_at_a_time",
        ),
    )

    delbydel: Mapped[str] = mapped_column(ForeignKey("delbydel.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    bydel: Mapped[str] = mapped_column(ForeignKey("bydel.number"), index=True)


class ServingRow(Base):
    """A bydel serves an area without an administration of its own, for a time."""

    __tablename__ = "bydel_served_by"
    __table_args__ = (
        CheckConstraint(_VALID, name="validity"),
        CheckConstraint("bydel <> served_by", name="another"),
        ExcludeConstraint(
            (text("int8range(bydel::bigint, bydel::bigint, '[]')"), "&&"),
            (text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_bydel_served_by_one_at_a_time",
        ),
    )

    bydel: Mapped[str] = mapped_column(ForeignKey("bydel.number"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    served_by: Mapped[str] = mapped_column(ForeignKey("bydel.number"), index=True)
    label: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class BoundaryStamp(Base):
    """One row with a random mark that changes whenever any of the other tables does.

    A process that holds the boundaries in memory knows by it that they are still right.
    """

    __tablename__ = "boundary_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[UUID]
