"""Queries over nurses' hours and absences."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from nyefamilier.calendars.hours import Away, HalfDay, Hours, Purpose
from nyefamilier.calendars.tables import AbsenceRow, HoursRow
from nyefamilier.kernel.ids import BydelNumber


def hours_of(
    session: Session, nurse_ids: Collection[UUID], last: date
) -> dict[UUID, tuple[Hours, ...]]:
    """Each nurse's hours that have begun by *last*; nothing of whom nothing is known."""
    query = (
        select(HoursRow)
        .where(HoursRow.nurse_id.in_(nurse_ids), HoursRow.valid_from <= last)
        .order_by(HoursRow.valid_from)
    )
    found: dict[UUID, tuple[Hours, ...]] = {}
    for row in session.scalars(query):
        found[row.nurse_id] = (*found.get(row.nurse_id, ()), hours_value(row))
    return found


def away_during(
    session: Session, nurse_ids: Collection[UUID], begins: datetime, ends: datetime
) -> dict[UUID, tuple[Away, ...]]:
    """When each nurse is away between two instants, without the reason."""
    query = (
        select(AbsenceRow)
        .where(
            AbsenceRow.nurse_id.in_(nurse_ids),
            AbsenceRow.cancelled_at.is_(None),
            AbsenceRow.begins < ends,
            AbsenceRow.ends > begins,
        )
        .order_by(AbsenceRow.begins)
    )
    found: dict[UUID, tuple[Away, ...]] = {}
    for row in session.scalars(query):
        found[row.nurse_id] = (*found.get(row.nurse_id, ()), Away(row.begins, row.ends))
    return found


def hours_value(row: HoursRow) -> Hours:
    """The row as the rules take it."""
    return Hours(
        row.valid_from,
        row.percentage,
        row.travel_minutes,
        tuple(map(BydelNumber, row.covers)),
        tuple(map(_half_day, row.week)),
    )


def _half_day(stored: dict[str, Any]) -> HalfDay:
    begins, ends = (time.fromisoformat(stored[name]) for name in ("begins", "ends"))
    return HalfDay(stored["weekday"], begins, ends, Purpose(stored["purpose"]))
