"""Rows of nurses' calendars, as the database holds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from nyefamilier.calendars.tables import AbsenceRow, CalendarRow, HoursRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def add_calendar(session: Session, nurse_id: UUID) -> CalendarRow:
    row = CalendarRow(
        nurse_id=nurse_id,
        key_id=uuid4(),
        key_version=1,
        key_provider="local",
        kek="kek-city",
        kek_version=1,
        wrapped=b"wrapped",
    )
    session.add(row)
    session.flush()
    return row


def half(weekday: int, begins: str, ends: str, purpose: str = "home") -> dict[str, Any]:
    return {"weekday": weekday, "begins": begins, "ends": ends, "purpose": purpose}


def add_hours(
    session: Session,
    nurse_id: UUID,
    since: date,
    week: Iterable[dict[str, Any]] = (),
    percentage: int = 100,
) -> None:
    row = HoursRow(
        nurse_id=nurse_id,
        valid_from=since,
        percentage=percentage,
        travel_minutes=15,
        covers=["12"],
        week=list(week),
        set_at=NOW,
        set_by=nurse_id,
    )
    session.add(row)
    session.flush()


def add_absence(
    session: Session,
    calendar: CalendarRow,
    begins: datetime,
    ends: datetime,
    *,
    cancelled: bool = False,
) -> None:
    row = AbsenceRow(
        id=uuid4(),
        nurse_id=calendar.nurse_id,
        nurse_number=calendar.number,
        begins=begins,
        ends=ends,
        kind=b"sealed",
        recorded_at=NOW,
        recorded_by=calendar.nurse_id,
        cancelled_at=NOW if cancelled else None,
    )
    session.add(row)
    session.flush()
