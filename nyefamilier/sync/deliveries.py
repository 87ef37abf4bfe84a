"""What devices delivered: rows and queries, and the sealed bytes of what made no revision.

Whatever a device was told stays in ``answer``, so that it can be told again byte for byte;
``status``, ``reason`` and ``rev`` say what has become of the mutation since.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.inbox import QUARANTINED
from nyefamilier.storage.base import one_of, these
from nyefamilier.sync.tables import DeliveryRow
from nyefamilier.wire.messages import Result
from nyefamilier.wire.verdicts import Verdict

PAGE = 1000
"""The most deliveries that one answer tells of."""

Key: TypeAlias = tuple[UUID, int]
"""A device and its seq."""


class Place(NamedTuple):
    """Where a delivery stands among all of them, the oldest first."""

    received_at: datetime
    device_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of many deliveries.

    Args:
        most: How many.
        after: The last of the page before; None for the first page.
    """

    most: int
    after: Place | None = None


_IS_FIRST: Final = DeliveryRow.raw.is_not(None)
"""A mutation's bytes lie with its first delivery; a person is told of it once."""
_OLDEST_FIRST: Final = (DeliveryRow.received_at, DeliveryRow.device_id, DeliveryRow.seq)
_OF_MUTATIONS: Final = (
    select(DeliveryRow)
    .where(one_of(DeliveryRow.mutation_id))
    .order_by(DeliveryRow.received_at.desc(), DeliveryRow.seq.desc())
)


def by_seq(session: Session, device_id: UUID, seqs: Collection[int]) -> dict[int, DeliveryRow]:
    """Those of a device's seqs that have a delivery of their own."""
    if not seqs:
        return {}
    query = select(DeliveryRow).where(DeliveryRow.device_id == device_id, DeliveryRow.seq.in_(seqs))
    return {row.seq: row for row in session.scalars(query)}


def between(session: Session, device_id: UUID, first: int, last: int) -> list[DeliveryRow]:
    """A device's deliveries from one seq to another, both included; at most `PAGE`."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.device_id == device_id, DeliveryRow.seq.between(first, last))
        .order_by(DeliveryRow.seq)
        .limit(PAGE)
    )
    return list(session.scalars(query))


def by_mutation(session: Session, ids: Collection[UUID]) -> dict[UUID, DeliveryRow]:
    """The first delivery of each of these mutations that has been delivered, by any device."""
    if not ids:
        return {}
    return {row.mutation_id: row for row in session.scalars(_OF_MUTATIONS, these(ids))}


def by_mutations_of(session: Session, device_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """The verdicts on those of some mutations that a device has delivered itself."""
    query = (
        select(DeliveryRow.mutation_id, DeliveryRow.status)
        .where(DeliveryRow.device_id == device_id, DeliveryRow.mutation_id.in_(ids))
        .order_by(DeliveryRow.seq.desc())
    )
    return {row.mutation_id: row.status for row in session.execute(query)}


def waiting_in(session: Session, family_ids: Collection[UUID], most: int) -> list[Key]:
    """The parked mutations of some families, oldest first."""
    found = session.execute(_WAITING.limit(most), these(family_ids))
    return [(row.device_id, row.seq) for row in found]


def waiting_since(session: Session, before: datetime, page: Page) -> list[Place]:
    """The mutations of all families that were parked until an instant, oldest first."""
    return _keys(session, page, _is_open(Verdict.PARKED), DeliveryRow.received_at <= before)


def unseen_since(session: Session, before: datetime, page: Page) -> list[Place]:
    """Those of them that no person has been shown."""
    shown = exists().where(InboxRow.mutation_id == DeliveryRow.mutation_id)
    waits = _is_open(Verdict.PARKED)
    return _keys(session, page, waits, _IS_FIRST, DeliveryRow.received_at <= before, ~shown)


def quarantined(session: Session, most: int = PAGE) -> list[DeliveryRow]:
    """What we could not process, and nobody has seen to, oldest first."""
    query = select(DeliveryRow).where(_is_open(Verdict.QUARANTINED)).order_by(*_OLDEST_FIRST)
    return list(session.scalars(query.limit(most)))


def quarantined_for(session: Session, reason_is_not: str, page: Page) -> list[Place]:
    """What we could not process for any reason but one, oldest first."""
    other = DeliveryRow.reason.is_distinct_from(reason_is_not)
    return _keys(session, page, _is_open(Verdict.QUARANTINED), other)


def quarantined_unseen(session: Session, page: Page) -> list[Place]:
    """What we could not process, names a family, and no person has been told of; oldest first."""
    told = exists().where(
        InboxRow.mutation_id == DeliveryRow.mutation_id, InboxRow.reason == QUARANTINED
    )
    lies = _is_open(Verdict.QUARANTINED)
    return _keys(session, page, lies, _IS_FIRST, DeliveryRow.family_id.is_not(None), ~told)


def open_count(session: Session, status: Verdict) -> int:
    """How many deliveries have this status still."""
    return session.scalar(select(func.count()).where(_is_open(status))) or 0


def take(session: Session, key: Key, status: Verdict) -> DeliveryRow | None:
    """One delivery, for settling it; None if it is settled, or somebody is at it."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.device_id == key[0], DeliveryRow.seq == key[1], _is_open(status))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def of_mutation(session: Session, mutation_id: UUID) -> list[DeliveryRow]:
    """All deliveries of one mutation: a phone that enrolled anew sends again what it had sent."""
    query = select(DeliveryRow).where(DeliveryRow.mutation_id == mutation_id)
    return list(session.scalars(query))


def with_bytes(session: Session, mutation_id: UUID) -> DeliveryRow:
    """The delivery of a mutation with which its bytes lie.

    Raises:
        LookupError: there is none.
    """
    query = select(DeliveryRow).where(
        DeliveryRow.mutation_id == mutation_id, DeliveryRow.raw.is_not(None)
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        raise LookupError(mutation_id)
    return found


def told(row: DeliveryRow) -> Result:
    """The verdict as the device was told it the first time."""
    return msgspec.convert(row.answer, Result)


def standing(row: DeliveryRow) -> Result:
    """What has become of the mutation by now."""
    first = told(row)
    if row.status == first.status:
        return first
    return msgspec.structs.replace(
        first, status=Verdict(row.status), reason=row.reason, rev=row.rev, pointer=None
    )


def as_row(result: Result) -> dict[str, Any]:
    """A verdict as it is kept."""
    kept: dict[str, Any] = msgspec.to_builtins(result)
    return kept


def _keys(session: Session, page: Page, *where: ColumnElement[bool]) -> list[Place]:
    query = select(*_OLDEST_FIRST).where(*where)
    if page.after is not None:
        query = query.where(tuple_(*_OLDEST_FIRST) > tuple_(*page.after))
    found = session.execute(query.order_by(*_OLDEST_FIRST).limit(page.most))
    return [Place(*row) for row in found]


def _is_open(status: Verdict) -> ColumnElement[bool]:
    # The status in so many words: that is how PostgreSQL sees that the index of what is open fits.
    told = DeliveryRow.status == literal_column(f"'{status.value}'")
    return and_(told, DeliveryRow.settled_at.is_(None))


_WAITING: Final = (
    select(DeliveryRow.device_id, DeliveryRow.seq)
    .where(_is_open(Verdict.PARKED), one_of(DeliveryRow.family_id))
    .order_by(*_OLDEST_FIRST)
)
