"""Queries over devices, what they hold, and the server's history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from nyefamilier.storage.base import one_of, these
from nyefamilier.sync.states import DeviceState, GoneHow
from nyefamilier.sync.tables import (
    DeliveryRow,
    DeviceRow,
    EpochRow,
    EscrowPairRow,
    EscrowRow,
    HoldingRow,
)

_NEWEST_EPOCH: Final = (
    select(EpochRow).order_by(EpochRow.started_at.desc(), EpochRow.id.desc()).limit(1)
)
_EPOCHS: Final = 0x6E79_6566_6570_6F63  # "nyefepoc": the turn of whoever begins a history
_ESCROW_PAIRS: Final = _EPOCHS + 1


def device(session: Session, device_id: UUID, *, lock: bool = False) -> DeviceRow | None:
    """The device, held until the transaction ends if it is locked."""
    query = select(DeviceRow).where(DeviceRow.id == device_id)
    if lock:
        # The row as it is now, not as this session may have read it before it had to wait.
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def key_is_known(session: Session, public_key: bytes) -> bool:
    """Whether an installation, in use or not, enrolled with this key."""
    query = select(DeviceRow.id).where(DeviceRow.public_key == public_key)
    return session.scalars(query.limit(1)).first() is not None


def devices_of(session: Session, account_ids: Iterable[UUID]) -> list[DeviceRow]:
    """The devices of some accounts, the newest first."""
    query = select(DeviceRow).where(DeviceRow.account_id.in_(account_ids))
    return list(session.scalars(query.order_by(DeviceRow.enrolled_at.desc(), DeviceRow.id)))


def copies_on(session: Session, device_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many families each device has, and how many of them it was asked to give up."""
    query = (
        select(HoldingRow.device_id, func.count(), func.count(HoldingRow.drop_asked_at))
        .where(HoldingRow.device_id.in_(device_ids), HoldingRow.gone_at.is_(None))
        .group_by(HoldingRow.device_id)
    )
    return {device_id: (copies, asked) for device_id, copies, asked in session.execute(query)}


def devices_in_use(session: Session, account_id: UUID) -> int:
    """How many of an account's devices are active."""
    query = select(func.count()).where(
        DeviceRow.account_id == account_id, DeviceRow.state == DeviceState.ACTIVE
    )
    return session.scalar(query.select_from(DeviceRow)) or 0


def newest_epoch(session: Session) -> EpochRow | None:
    """The history that the server is in, if one has begun."""
    return session.scalar(_NEWEST_EPOCH)


def hold_epochs(session: Session) -> None:
    """Wait until nobody else begins a history; held to the transaction's end."""
    session.execute(select(func.pg_advisory_xact_lock(_EPOCHS)))


def escrowed(
    session: Session, device_id: UUID, mutation_ids: Iterable[UUID]
) -> dict[UUID, EscrowRow]:
    """Those of some mutations that a device has in escrow, by their id."""
    query = select(EscrowRow).where(
        EscrowRow.device_id == device_id, EscrowRow.id.in_(mutation_ids)
    )
    return {row.id: row for row in session.scalars(query)}


def count_escrowed(session: Session, device_id: UUID, mutation_ids: Iterable[UUID]) -> int:
    """How many of some mutations a device has in escrow."""
    query = select(func.count()).where(EscrowRow.device_id == device_id, one_of(EscrowRow.id))
    return session.scalar(query, these(mutation_ids)) or 0


def escrow_waiting(session: Session, device_id: UUID | None, most: int) -> list[tuple[UUID, UUID]]:
    """What nobody has opened yet, as device and mutation; a device's in the order of its seqs."""
    query = select(EscrowRow.device_id, EscrowRow.id).where(EscrowRow.settled_at.is_(None))
    if device_id is not None:
        query = query.where(EscrowRow.device_id == device_id)
    ordered = query.order_by(EscrowRow.device_id, EscrowRow.seq).limit(most)
    return [(device, mutation) for device, mutation in session.execute(ordered)]


def take_escrowed(
    session: Session, device_id: UUID, mutation_ids: Iterable[UUID]
) -> Sequence[EscrowRow]:
    """Those of a device's mutations in escrow that are not settled, by seq, for settling them."""
    query = (
        select(EscrowRow)
        .where(
            EscrowRow.device_id == device_id,
            EscrowRow.id.in_(mutation_ids),
            EscrowRow.settled_at.is_(None),
        )
        .order_by(EscrowRow.seq)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def newest_escrow_pair(session: Session) -> EscrowPairRow | None:
    """The escrow's newest key pair, if there is any."""
    newest = select(EscrowPairRow).order_by(EscrowPairRow.made_at.desc(), EscrowPairRow.id).limit(1)
    return session.scalar(newest)


def hold_escrow_pairs(session: Session) -> None:
    """Wait until nobody else makes an escrow key; held to the transaction's end."""
    session.execute(select(func.pg_advisory_xact_lock(_ESCROW_PAIRS)))


def devices_to_lapse(session: Session, now: datetime, most: int) -> Sequence[DeviceRow]:
    """Devices whose lease has run out and that have a share, or copies in the ledger; held.

    Those that somebody else holds are left out.
    """
    has_copies = exists().where(HoldingRow.device_id == DeviceRow.id, HoldingRow.gone_at.is_(None))
    query = (
        select(DeviceRow)
        .where(DeviceRow.lease_until <= now, or_(DeviceRow.share.is_not(None), has_copies))
        .order_by(DeviceRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def close_copies(session: Session, device_id: UUID, now: datetime, how: GoneHow) -> Sequence[UUID]:
    """Close every open copy of a device, and say of which families."""
    closed = (
        update(HoldingRow)
        .where(HoldingRow.device_id == device_id, HoldingRow.gone_at.is_(None))
        .values(gone_at=now, gone_how=how)
        .returning(HoldingRow.family_id)
    )
    return session.scalars(closed).all()


def drop_asked_before(session: Session, device_id: UUID, before: datetime) -> set[UUID]:
    """The families that a device was asked to give up until an instant, and sent no receipt for."""
    query = select(HoldingRow.family_id).where(
        HoldingRow.device_id == device_id,
        HoldingRow.gone_at.is_(None),
        HoldingRow.drop_asked_at <= before,
    )
    return set(session.scalars(query))


def advance_durable(session: Session, before: datetime) -> int:
    """Set each device's durable seq to the last before the first that came at *before* or later.

    A seq never goes back: an older backup does not undo what a newer one has said.
    """
    first_later = (
        select(func.min(DeliveryRow.seq))
        .where(DeliveryRow.device_id == DeviceRow.id, DeliveryRow.received_at >= before)
        .scalar_subquery()
    )
    safe = func.least(DeviceRow.last_seq, func.coalesce(first_later - 1, DeviceRow.last_seq))
    advance = update(DeviceRow).where(DeviceRow.durable_seq < safe).values(durable_seq=safe)
    return session.connection().execute(advance).rowcount
