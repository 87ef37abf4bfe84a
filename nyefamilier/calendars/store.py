"""Queries over nurses' hours and absences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from nyefamilier.calendars.hours import Away, HalfDay, Hours, Purpose
from nyefamilier.calendars.tables import AbsenceRow, CalendarRow, FeedRow, HoursRow
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


def calendar(session: Session, nurse_id: UUID, *, lock: bool = False) -> CalendarRow | None:
    """A nurse's calendar, if anything was ever written into it.

    Args:
        session: The session.
        nurse_id: Whose.
        lock: Whether to keep others from writing into it till the transaction ends.
    """
    query = select(CalendarRow).where(CalendarRow.nurse_id == nurse_id)
    return session.scalar(query.with_for_update() if lock else query)


def add_calendar(session: Session, values: Mapping[str, Any]) -> None:
    """Make a nurse's calendar, unless somebody else has just made it."""
    session.execute(insert(CalendarRow).values(values).on_conflict_do_nothing())


def absences_from(session: Session, nurse_id: UUID, since: datetime) -> Sequence[AbsenceRow]:
    """A nurse's absences that end after an instant, in order; not those that were cancelled."""
    query = (
        select(AbsenceRow)
        .where(
            AbsenceRow.nurse_id == nurse_id,
            AbsenceRow.cancelled_at.is_(None),
            AbsenceRow.ends > since,
        )
        .order_by(AbsenceRow.begins)
    )
    return session.scalars(query).all()


def put_feed(session: Session, nurse_id: UUID, digest: bytes, now: datetime) -> None:
    """Let a nurse's feed have this address and no other."""
    made = insert(FeedRow).values(nurse_id=nurse_id, token_digest=digest, made_at=now)
    changed = {"token_digest": digest, "made_at": now}
    session.execute(made.on_conflict_do_update(index_elements=["nurse_id"], set_=changed))


def feed_with(session: Session, digest: bytes) -> FeedRow | None:
    """The feed that has this address."""
    return session.scalar(select(FeedRow).where(FeedRow.token_digest == digest))


def covering(session: Session, bydel: BydelNumber, on: date) -> set[UUID]:
    """The nurses whose hours on a day say that they help out in a bydel."""
    in_force = (
        select(HoursRow.nurse_id, HoursRow.covers)
        .where(HoursRow.valid_from <= on)
        .ext(distinct_on(HoursRow.nurse_id))
        .order_by(HoursRow.nurse_id, HoursRow.valid_from.desc())
        .subquery()
    )
    query = select(in_force.c.nurse_id).where(in_force.c.covers.contains([bydel]))
    return set(session.scalars(query))


def stored_week(week: Iterable[HalfDay]) -> list[dict[str, Any]]:
    """Half-days as they are stored, by weekday and time."""
    return [
        {
            "weekday": half.weekday,
            "begins": half.begins.isoformat("minutes"),
            "ends": half.ends.isoformat("minutes"),
            "purpose": half.purpose.value,
        }
        for half in sorted(week, key=lambda half: (half.weekday, half.begins))
    ]


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
