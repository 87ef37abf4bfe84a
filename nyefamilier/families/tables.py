"""Families' tables: ids, codes, states, dates and blind indexes in clear; the rest sealed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, FamilyRecord, SealedRecord, instant, within_family


class FamilyRow(Base):
    """One family: the unit of locking, of revision, of keys and of access.

    ``delbydel`` is the present visit address's; NULL where the address is protected.
    """

    __tablename__ = "family"
    __table_args__ = (Index(None, "delbydel"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    protection: Mapped[str]
    delbydel: Mapped[str | None] = mapped_column(ForeignKey("delbydel.code"))
    registered_at: Mapped[instant]
    chain: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The hash chain at ``rev`` (`wire.chain`); NULL before the first write that kept one."""
    checksum: Mapped[int | None] = mapped_column(BigInteger)
    """The checksum of all its rows (`wire.chain`); NULL likewise."""


class FamilyKeyRow(Base):
    """A family's data key, wrapped by the key of its bydel."""

    __tablename__ = "family_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    family_id: Mapped[UUID] = mapped_column(within_family("family.id"), unique=True)
    provider: Mapped[str]
    kek: Mapped[str]
    kek_version: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class MemberRow(SealedRecord):
    """A person in the family."""

    __tablename__ = "member"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index(None, "national_id_index", postgresql_where=text("national_id_index IS NOT NULL")),
    )

    role: Mapped[str]
    pregnancy_id: Mapped[UUID | None] = mapped_column(within_family("pregnancy.id"))
    born_on: Mapped[date | None]
    died_on: Mapped[date | None]
    stillborn: Mapped[bool] = mapped_column(default=False)
    national_id_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    national_id_index_version: Mapped[int | None]


class PregnancyRow(SealedRecord):
    """A pregnancy: what the programme's anchors hang on."""

    __tablename__ = "pregnancy"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index("ix_pregnancy_born", "ended_on", postgresql_where=text("outcome = 'fodt'")),
    )

    term: Mapped[date]
    expected: Mapped[int]
    basis: Mapped[str | None]
    outcome: Mapped[str]
    ended_on: Mapped[date | None]
    homecoming_on: Mapped[date | None]


class AddressRow(SealedRecord):
    """An address with its time of validity. The open one (no ``valid_to``) is the present one."""

    __tablename__ = "address"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index(
            "uq_address_family_id_present",
            "family_id",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    delbydel: Mapped[str | None] = mapped_column(ForeignKey("delbydel.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    protection: Mapped[str]


class TeamRow(FamilyRecord):
    """A nurse follows the family, from an instant until another."""

    __tablename__ = "team"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index(None, "nurse_id", postgresql_where=text("ends_at IS NULL OR part = 'covering'")),
        Index(
            "uq_team_family_id_primary",
            "family_id",
            unique=True,
            postgresql_where=text("part = 'primary' AND ends_at IS NULL"),
        ),
    )

    nurse_id: Mapped[UUID]
    part: Mapped[str]
    starts_at: Mapped[instant]
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MoveRow(SealedRecord):
    """The family moved; the sealed summary is the handover."""

    __tablename__ = "move"
    __table_args__ = (Index(None, "family_id", "rev"),)

    moved_on: Mapped[date]
    from_bydel: Mapped[str | None]
    to_bydel: Mapped[str | None]
    by_id: Mapped[UUID]
