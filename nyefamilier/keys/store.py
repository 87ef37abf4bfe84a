"""Where wrapped data keys lie, and how one is put in the place of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, func, literal, select, tuple_, update
from sqlalchemy.orm import Session

from nyefamilier.calendars.tables import CalendarRow
from nyefamilier.families.tables import FamilyKeyRow
from nyefamilier.storage.base import Base
from nyefamilier.sync.tables import DeviceRow, EscrowPairRow
from nyefamilier.transparency.tables import SignerRow
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import KeyUse, WrappedKey


@dataclass(frozen=True)
class Place:
    """A table in which wrapped data keys lie; each owner has one."""

    use: KeyUse
    table: Table
    owner: ColumnElement[UUID]
    key_id: ColumnElement[UUID]
    key_version: ColumnElement[int]
    provider: ColumnElement[str]


class Lying(NamedTuple):
    """How many data keys of one use lie under one version of a key-encryption key."""

    provider: str
    kek: str
    version: int
    use: KeyUse
    keys: int


class Owned(NamedTuple):
    """A wrapped data key and whose it is."""

    owner: UUID
    key: WrappedKey


def _table(of: type[Base]) -> Table:
    return Base.metadata.tables[of.__tablename__]


_FAMILY_KEY, _DEVICE = _table(FamilyKeyRow), _table(DeviceRow)
_CALENDAR, _ESCROW, _LOG = _table(CalendarRow), _table(EscrowPairRow), _table(SignerRow)

PLACES: Final = (
    Place(
        KeyUse.FAMILY,
        _FAMILY_KEY,
        _FAMILY_KEY.c.family_id,
        _FAMILY_KEY.c.id,
        _FAMILY_KEY.c.version,
        _FAMILY_KEY.c.provider,
    ),
    Place(
        KeyUse.DEVICE,
        _DEVICE,
        _DEVICE.c.id,
        _DEVICE.c.key_id,
        _DEVICE.c.key_version,
        _DEVICE.c.key_provider,
    ),
    Place(
        KeyUse.CALENDAR,
        _CALENDAR,
        _CALENDAR.c.nurse_id,
        _CALENDAR.c.key_id,
        _CALENDAR.c.key_version,
        _CALENDAR.c.key_provider,
    ),
    # A private key is wrapped itself, and has one version.
    Place(KeyUse.ESCROW, _ESCROW, _ESCROW.c.id, _ESCROW.c.id, literal(1), _ESCROW.c.provider),
    Place(KeyUse.LOG, _LOG, _LOG.c.id, _LOG.c.id, literal(1), _LOG.c.provider),
)


def lying(session: Session) -> list[Lying]:
    """How many data keys lie under each version of each key-encryption key."""
    found = []
    for place in PLACES:
        under = (place.provider, place.table.c.kek, place.table.c.kek_version)
        query = select(*under, func.count()).group_by(*under)
        found += [
            Lying(provider, kek, version, place.use, keys)
            for provider, kek, version, keys in session.execute(query)
        ]
    return found


def under_older(  # noqa: PLR0913 - what a page of them is
    session: Session, place: Place, kek: str, newest: int, *, after: UUID, most: int
) -> list[Owned]:
    """The first *most* data keys, by owner after *after*, under another version of *kek*."""
    columns = place.table.c
    query = (
        select(
            place.owner,
            place.key_id,
            place.key_version,
            place.provider,
            columns.kek_version,
            columns.wrapped,
        )
        .where(columns.kek == kek, columns.kek_version != newest, place.owner > after)
        .order_by(place.owner)
        .limit(most)
    )
    return [
        Owned(owner, WrappedKey(key_id, version, Wrapped(provider, kek, kek_version, blob)))
        for owner, key_id, version, provider, kek_version, blob in session.execute(query)
    ]


def hold_unchanged(session: Session, place: Place, owned: Sequence[Owned]) -> set[UUID]:
    """The owners of those keys that are still what was read, and that nobody writes just now.

    It waits for nobody, so that whoever is at work on a family is never in a circle with it.
    """
    told = [(one.owner, one.key.wrapped.blob) for one in owned]
    query = (
        select(place.owner)
        .where(tuple_(place.owner, place.table.c.wrapped).in_(told))
        .with_for_update(skip_locked=True, key_share=True)
    )
    return set(session.scalars(query))


def put(session: Session, place: Place, fresh: Mapping[UUID, Wrapped]) -> None:
    """Have the keys of some owners, which are held, lie as *fresh* says."""
    if not fresh:
        return
    statement = (
        update(place.table)
        .where(place.owner == bindparam("the_owner"))
        .values(kek_version=bindparam("the_version"), wrapped=bindparam("the_blob"))
    )
    rows = [
        {"the_owner": owner, "the_version": one.version, "the_blob": one.blob}
        for owner, one in fresh.items()
    ]
    session.connection().execute(statement, rows)
