"""Devices, what each one sent and was sent, and the server's own history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, instant

_later = DateTime(timezone=True)


class EpochRow(Base):
    """One uninterrupted history of this server. The newest is the present one."""

    __tablename__ = "sync_epoch"
    __table_args__ = (
        CheckConstraint("reason in ('install', 'restore', 'failover')", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[instant]
    reason: Mapped[str]


class DeviceRow(Base):
    """One installation on one phone of one nurse.

    ``last_seq`` is the last of its mutations that we have; ``durable_seq`` the last that is in a
    verified backup. ``key`` is the wrapped data key that seals what is kept for the device alone.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("state in ('active', 'locked', 'wipe', 'wiped', 'retired')", name="state"),
        CheckConstraint("durable_seq <= last_seq", name="durable_seq"),
        Index(None, "account_id"),
        Index("uq_device_public_key", "public_key", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    state: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    enrolled_at: Mapped[instant]
    last_seen_at: Mapped[instant]
    schema: Mapped[int]
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    acked_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    durable_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    outrun: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether something of its was taken in past a seq that never came. It may have that one still:
    a restored server forgot it. So it enrols anew, and brings all that no verified backup has."""
    have_hash: Mapped[str | None]
    """What the phone holds if it took in all that it was sent."""
    key_id: Mapped[UUID]
    key_version: Mapped[int]
    key_provider: Mapped[str]
    kek: Mapped[str]
    kek_version: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    share: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Our half of the key of its store, sealed; NULL once it is destroyed."""
    lease_until: Mapped[datetime | None] = mapped_column(_later)
    state_since: Mapped[instant]
    state_by: Mapped[UUID | None]


class DeliveryRow(Base):
    """One mutation that a device delivered, and the verdict.

    The very bytes are in the mutation log if they made a revision; otherwise they are here, sealed
    with the family's key where there is such a family, else with the device's. ``digest`` is keyed.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(None, "mutation_id"),
        Index(
            "ix_delivery_open",
            "status",
            "received_at",
            postgresql_where=text(
                "status IN ('held', 'parked', 'quarantined') AND settled_at IS NULL"
            ),
        ),
        Index(None, "family_id"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mutation_id: Mapped[UUID]
    family_id: Mapped[UUID | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    rev: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_by: Mapped[str | None]
    """``family`` or ``device``: whose key opens ``raw``."""
    waits_for: Mapped[UUID | None] = mapped_column(index=True)
    """What a parked mutation waits for."""
    received_at: Mapped[instant]
    occurred_at: Mapped[datetime | None] = mapped_column(_later)
    clock: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    settled_at: Mapped[datetime | None] = mapped_column(_later)
    """When something that was held, parked or quarantined was decided, or went through."""


class HoldingRow(Base):
    """What a device has of a family: the ledger of copies."""

    __tablename__ = "holding"
    __table_args__ = (
        Index(None, "family_id"),
        Index("ix_holding_purge_id", "purge_id", unique=True),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    family_id: Mapped[UUID] = mapped_column(primary_key=True)
    sent_rev: Mapped[int] = mapped_column(BigInteger)
    acked_rev: Mapped[int | None] = mapped_column(BigInteger)
    first_sent_at: Mapped[instant]
    sent_at: Mapped[instant]
    purge_id: Mapped[UUID | None]
    drop_reason: Mapped[str | None]
    drop_asked_at: Mapped[datetime | None] = mapped_column(_later)
    gone_at: Mapped[datetime | None] = mapped_column(_later)
    gone_how: Mapped[str | None]
    """``receipt``, ``wiped`` or ``lapsed``: the last when its lease ran out and our share of the
    key was destroyed."""


class EscrowRow(Base):
    """One unsent mutation of a device, sealed to the escrow key; opened once, by the programme.

    A phone that enrolled anew brings the same mutation under its new device: both are kept, since
    the first may be one that does not open.
    """

    __tablename__ = "escrow"
    __table_args__ = (
        Index("ix_escrow_open", "received_at", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """The mutation's own id."""
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), primary_key=True, index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    key_id: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[instant]
    settled_at: Mapped[datetime | None] = mapped_column(_later)
    outcome: Mapped[str | None]


class EscrowPairRow(Base):
    """A key pair of the escrow. The private key is wrapped by the key provider."""

    __tablename__ = "escrow_pair"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    made_at: Mapped[instant]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    provider: Mapped[str]
    kek: Mapped[str]
    kek_version: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class SyncEventRow(Base):
    """Something that was done to a device, or to the server's history."""

    __tablename__ = "sync_event"
    __table_args__ = (Index(None, "device_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[instant]
    event: Mapped[str]
    device_id: Mapped[UUID | None]
    actor_id: Mapped[UUID]
    doorway: Mapped[str]
    request_id: Mapped[UUID]
    count: Mapped[int | None]
