"""Agreeing on visits: the time, the nurse, and which visit it is.

Whatever agrees on a time says so (`TimeAgreed`), and whatever ends an agreement does: the nurses'
time follows (`claiming`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from nyefamilier.families.dossier import Dossier
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.errors import NotFound, RuleBroken
from nyefamilier.offers.service import enrolment_now, pregnancy_of
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.protocols.service import protocol
from nyefamilier.visits import store
from nyefamilier.visits.appointments import lasting
from nyefamilier.visits.arrangements import arranged, of_the_same_visit, require_company
from nyefamilier.visits.bodies import VisitBody
from nyefamilier.visits.closing import require_open_window
from nyefamilier.visits.events import (
    TimeAgreed,
    TimeGivenBack,
    VisitAgreed,
)
from nyefamilier.visits.intents import (
    AGREED,
    BookVisit,
    NextVisit,
)
from nyefamilier.visits.makers import nurse_of, second_nurse_of
from nyefamilier.visits.nearest import Sought
from nyefamilier.visits.outside import reason_to_keep
from nyefamilier.visits.placing import require_birth
from nyefamilier.visits.slots import LEAST_MINUTES, MOST_BOOKED
from nyefamilier.visits.states import Place, VisitState, move
from nyefamilier.visits.tables import VisitRow

AN_HOUR = 60
"""How many minutes a visit is to last, where nothing else was agreed on."""

BOOKING_AHEAD = timedelta(days=366)
"""How far ahead a visit can be agreed."""


def book_visit(dossier: Dossier, intent: BookVisit) -> None:
    """Agree on a time.

    Raises:
        NotFound: the id is another family's visit.
        RuleBroken: ``visit-in-past``, ``visit-too-far``, ``visit-closed``, ``unknown-visit-kind``,
            ``unknown-nurse``, ``visit-minutes``, ``birth-awaited``, ``interpreter-child``,
            ``interpreter-relative``, ``not-alone``, ``nurse-not-qualified``, ``window-closed``.
        OutsideHours: ``outside-hours``.
        TimeTaken: ``time-taken``.
    """
    check_time(intent.at, dossier.work.now)
    row, body = row_for(dossier, intent.visit_id, intent.kind)
    require_birth(dossier, row)
    was_booked = row.state == VisitState.BOOKED
    before = row.at
    body = arranged(body, intent, moved=before not in {None, intent.at})
    become(dossier, row, VisitState.BOOKED)
    row.at, row.place = intent.at, intent.place
    require_open_window(dossier, row)
    row.nurse_id = nurse_of(dossier, intent.nurse_id)
    row.second_nurse_id = second_nurse_of(dossier, row, intent)
    require_company(body, intent.place, together=row.second_nurse_id is not None)
    row.minutes = _minutes(row, intent.minutes, was_booked=before is not None)
    dossier.put(row, _within_hours(dossier, row, body, "/at"))
    _take_time(dossier, row, moved=was_booked)
    # A visit that takes another's place at the same time must be told of as if it were new.
    told = before if was_booked or before != intent.at else None
    dossier.work.record(VisitAgreed(dossier.id, row.id, row.kind, intent.at, told))


def check_time(at: datetime, now: datetime, pointer: str = "/at") -> None:
    """Refuse a time that nobody can agree on any more, or not yet.

    Raises:
        RuleBroken: ``visit-in-past``, ``visit-too-far``.
    """
    if day_of(at) < day_of(now):
        raise RuleBroken(
            "visit-in-past",
            "A visit is booked for today or later; record it if it took place.",
            pointer=pointer,
        )
    if at > now + BOOKING_AHEAD:
        raise RuleBroken("visit-too-far", "At most a year ahead. Check the year.", pointer=pointer)


def row_for(dossier: Dossier, visit_id: UUID, kind: str) -> tuple[VisitRow, VisitBody]:
    """The family's visit with this id, or a new one of *kind*.

    A new visit of a protocol's item is that item: it takes the place of the one that was planned or
    booked, with its days, its time and its words, so that a nurse who made the newborn visit
    without opening the plan does not leave a second one to be made.

    Raises:
        NotFound: the id is another family's visit.
        RuleBroken: ``unknown-visit-kind``.
    """
    row = dossier.anybodys(VisitRow, visit_id)
    if row is not None and row.family_id != dossier.id:
        raise NotFound("visit", pointer="/visit_id")
    if row is not None:
        return row, dossier.read(row, VisitBody)
    enrolment = enrolment_now(dossier)
    _check_kind(enrolment, kind)
    row = VisitRow(
        id=visit_id,
        pregnancy_id=pregnancy_of(dossier, enrolment),
        programme=None if enrolment is None else enrolment.programme,
        kind=kind,
        from_protocol=False,
        state=VisitState.PLANNED,
    )
    if kind == AGREED or enrolment is None:
        return row, VisitBody()
    return row, _take_place(dossier, row)


def _take_place(dossier: Dossier, row: VisitRow) -> VisitBody:
    """Let *row* take the place of whatever stands open of its kind; with the words of that."""
    body = VisitBody()
    standing = [
        one
        for one in store.open_visits(dossier.work.session, dossier.id)
        if (one.pregnancy_id, one.programme, one.kind)
        == (row.pregnancy_id, row.programme, row.kind)
    ]
    # What is booked goes before what is only planned.
    for one in sorted(standing, key=lambda one: one.state == VisitState.BOOKED):
        body = dossier.read(one, VisitBody)
        row.opens, row.ideal, row.closes = one.opens, one.ideal, one.closes
        row.at, row.minutes, row.second_nurse_id = one.at, one.minutes, one.second_nurse_id
        become(dossier, one, VisitState.SUPERSEDED)
        dossier.touch(one)
    return body


def become(dossier: Dossier, row: VisitRow, to: VisitState) -> None:
    """Move a visit to a state. Whatever leaves `BOOKED` gives its nurse's time back.

    Raises:
        RuleBroken: ``visit-closed``.
    """
    if row.state == VisitState.BOOKED and to is not VisitState.BOOKED:
        dossier.work.record(TimeGivenBack(dossier.id, row.id))
    row.state = move(VisitState(row.state), to)


def _take_time(
    dossier: Dossier, row: VisitRow, *, moved: bool = False, pointer: str = "/at"
) -> None:
    sought = _sought(row)
    if sought is None:
        return
    nurses, begins, ends = sought.nurse_ids, sought.span.begins, sought.span.ends
    dossier.work.record(
        TimeAgreed(dossier.id, row.id, nurses, begins, ends, sought.place, moved, pointer)
    )


def _within_hours(
    dossier: Dossier, row: VisitRow, body: VisitBody, pointer: str = "/at"
) -> VisitBody:
    """The words of a visit, with the reason for its time only where the time needs one."""
    sought = _sought(row)
    if sought is None:
        return body
    reason = reason_to_keep(dossier.work, sought, body.outside_hours, pointer)
    return body if reason == body.outside_hours else replace(body, outside_hours=reason)


def _sought(row: VisitRow) -> Sought | None:
    nurses = tuple(one for one in (row.nurse_id, row.second_nurse_id) if one is not None)
    if row.at is None or not nurses:
        return None
    lasts = timedelta(minutes=row.minutes or AN_HOUR)
    return Sought(row.id, nurses, lasting(row.at, lasts), row.place or Place.HOME)


def _minutes(row: VisitRow, minutes: int | None, *, was_booked: bool) -> int:
    if minutes is None:
        return (row.minutes if was_booked else None) or AN_HOUR
    if not LEAST_MINUTES <= minutes <= MOST_BOOKED:
        raise RuleBroken(
            "visit-minutes",
            f"A visit is agreed to last {LEAST_MINUTES} to {MOST_BOOKED} minutes.",
            pointer="/minutes",
        )
    return minutes


def _check_kind(enrolment: EnrolmentRow | None, kind: str) -> None:
    if kind == AGREED:
        return
    known = enrolment is not None and protocol(
        enrolment.programme, enrolment.protocol_version
    ).visit(kind)
    if not known:
        raise RuleBroken(
            "unknown-visit-kind",
            f"The family's protocol has no such visit. A visit outside it is of kind {AGREED}.",
            pointer="/kind",
        )


def agree_next(dossier: Dossier, after: VisitRow, following: NextVisit) -> None:
    """Agree on what comes after a visit that was recorded.

    After one for which nobody was at home it is the same visit again, with the same days to be in.

    Raises:
        RuleBroken: ``visit-in-past``, ``visit-too-far``, ``visit-days-differ``.
        OutsideHours: ``outside-hours``.
        TimeTaken: ``time-taken``.
    """
    _check_next(following, dossier.work.now)
    again = after.state == VisitState.NOT_HOME
    row = VisitRow(
        id=following.id,
        pregnancy_id=after.pregnancy_id,
        programme=after.programme,
        kind=after.kind if again else AGREED,
        from_protocol=False,
        state=VisitState.PLANNED if following.at is None else VisitState.BOOKED,
        opens=after.opens if again else None,
        ideal=following.on,
        closes=after.closes if again else None,
        at=following.at,
        place=following.place,
        nurse_id=after.nurse_id,
        minutes=None if following.at is None else AN_HOUR,
    )
    told = VisitBody()
    if again:
        told = of_the_same_visit(dossier.read(after, VisitBody))
        # Whoever was to come as the second may have been there as the first.
        second = after.second_nurse_id
        row.second_nurse_id = None if second == after.nurse_id else second
    told = replace(told, outside_hours=following.outside_hours)
    dossier.put(row, _within_hours(dossier, row, told, "/next_visit/at"))
    _take_time(dossier, row, pointer="/next_visit/at")
    if following.at is not None:
        dossier.work.record(VisitAgreed(dossier.id, row.id, row.kind, following.at, None))


def _check_next(following: NextVisit, now: datetime) -> None:
    check_time(datetime.combine(following.on, time(), OSLO), now, "/next_visit/on")
    if following.at is None:
        return
    check_time(following.at, now, "/next_visit/at")
    if day_of(following.at) != following.on:
        raise RuleBroken(
            "visit-days-differ",
            "The next visit's time is on another day than the day that was agreed on.",
            pointer="/next_visit/at",
        )
