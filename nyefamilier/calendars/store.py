"""Queries over nurses' hours and absences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.calendars.hours import Away, HalfDay, Hours, Purpose
from nyefamilier.calendars.tables import AbsenceRow, CalendarRow, FeedRow, HoursRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import BydelNumber, UserId
from nyefamilier.storage import plain


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
        select(AbsenceRow.nurse_id, AbsenceRow.begins, AbsenceRow.ends)
        .where(
            AbsenceRow.nurse_id.in_(nurse_ids),
            AbsenceRow.cancelled_at.is_(None),
            AbsenceRow.begins < ends,
            AbsenceRow.ends > begins,
        )
        .order_by(AbsenceRow.begins)
    )
    found: dict[UUID, tuple[Away, ...]] = {}
    for nurse_id, begun, ended in session.execute(query):
        found[nurse_id] = (*found.get(nurse_id, ()), Away(begun, ended))
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


_SERVING: Final = """
    SELECT id, username, display_name, role, bydel FROM account
    WHERE active AND role = 'nurse' AND (bydel = %(bydel)s OR id IN (
        SELECT nurse_id FROM (
            SELECT DISTINCT ON (nurse_id) nurse_id, covers FROM nurse_hours
            WHERE valid_from <= %(on)s ORDER BY nurse_id, valid_from DESC
        ) AS in_force WHERE covers @> ARRAY[%(bydel)s]::varchar[]
    ))
    ORDER BY bydel <> %(bydel)s, username
"""


def nurses_serving(
    connection: Connection, bydel: BydelNumber, on: date
) -> tuple[AccountIdentity, ...]:
    """A bydel's nurses, and then those whose hours on a day say that they help out in it."""
    found = plain.rows(connection, _SERVING, {"bydel": bydel, "on": on})
    return tuple(
        AccountIdentity(UserId(id_), username, name, Role(role), BydelNumber(own))
        for id_, username, name, role, own in found
    )


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
