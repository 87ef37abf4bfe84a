"""Queries over outings and alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.safety.states import ClosedHow
from nyefamilier.safety.tables import AlarmRow, OutingRow


def begin(session: Session, values: Mapping[str, Any]) -> None:
    """Write an outing down, unless it is there already."""
    session.execute(insert(OutingRow).values(values).on_conflict_do_nothing())


def outing(session: Session, outing_id: UUID) -> OutingRow | None:
    """The outing, held until the transaction ends."""
    query = select(OutingRow).where(OutingRow.id == outing_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def outings_of(
    session: Session, whose: ColumnElement[bool], ended_since: datetime, most: int
) -> Sequence[OutingRow]:
    """Outings that go on, and those that ended after an instant; the most pressing first."""
    query = (
        select(OutingRow)
        .where(whose, or_(OutingRow.ended_at.is_(None), OutingRow.ended_at > ended_since))
        .order_by(OutingRow.ended_at.desc().nulls_first(), OutingRow.expected_at, OutingRow.id)
        .limit(most)
    )
    return session.scalars(query).all()


def of_bydel(bydel: str) -> ColumnElement[bool]:
    """Outings of a bydel's nurses."""
    return OutingRow.bydel == bydel


def of_nurse(nurse_id: UUID) -> ColumnElement[bool]:
    """A nurse's own."""
    return OutingRow.nurse_id == nurse_id


def alarms_of(session: Session, outing_ids: Sequence[UUID]) -> dict[UUID, AlarmRow]:
    """The newest alarm of each outing that has any."""
    query = select(AlarmRow).where(AlarmRow.outing_id.in_(outing_ids)).order_by(AlarmRow.raised_at)
    return {row.outing_id: row for row in session.scalars(query)}


def count_late(session: Session, bydel: str, late_before: datetime) -> int:
    """How many of a bydel's nurses are late and have not been looked after."""
    query = select(func.count()).select_from(OutingRow)
    return session.scalar(query.where(of_bydel(bydel), _late(late_before, _settled))) or 0


def late_without_alarm(session: Session, late_before: datetime, most: int) -> Sequence[OutingRow]:
    """Outings for which an alarm is to be raised, held; those that somebody holds are left out."""
    query = (
        select(OutingRow)
        .where(_late(late_before, _any))
        .order_by(OutingRow.expected_at, OutingRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(query).all()


def raise_alarm(session: Session, values: Mapping[str, Any]) -> None:
    """Write an alarm down, unless there is one for that time already."""
    session.execute(insert(AlarmRow).values(values).on_conflict_do_nothing())


def open_alarms(session: Session, outing_id: UUID) -> Sequence[AlarmRow]:
    """The outing's alarms that nothing has closed."""
    query = select(AlarmRow).where(AlarmRow.outing_id == outing_id, AlarmRow.closed_at.is_(None))
    return session.scalars(query).all()


def untold(session: Session, most: int) -> Sequence[tuple[UUID, str, datetime]]:
    """Open alarms of which nobody has been sent a text: id, bydel, and since when she is late."""
    query = (
        select(AlarmRow.id, OutingRow.bydel, AlarmRow.expected_at)
        .join(OutingRow, OutingRow.id == AlarmRow.outing_id)
        .where(AlarmRow.closed_at.is_(None), AlarmRow.told_at.is_(None))
        .order_by(AlarmRow.raised_at, AlarmRow.id)
        .limit(most)
    )
    return [(id_, bydel, at) for id_, bydel, at in session.execute(query)]


def delete_old(session: Session, before: datetime, most: int) -> int:
    """Forget outings that were expected to end before an instant, and say how many."""
    old = select(OutingRow.id).where(OutingRow.expected_at < before).limit(most)
    ids = session.scalars(old).all()
    session.execute(delete(AlarmRow).where(AlarmRow.outing_id.in_(ids)))
    session.execute(delete(OutingRow).where(OutingRow.id.in_(ids)))
    return len(ids)


def _late(late_before: datetime, but_with: ColumnElement[bool]) -> ColumnElement[bool]:
    has = exists().where(
        AlarmRow.outing_id == OutingRow.id,
        AlarmRow.expected_at == OutingRow.expected_at,
        but_with,
    )
    return and_(OutingRow.ended_at.is_(None), OutingRow.expected_at <= late_before, ~has)


_any: ColumnElement[bool] = AlarmRow.id.is_not(None)
_settled: ColumnElement[bool] = AlarmRow.closed_how == ClosedHow.SETTLED
