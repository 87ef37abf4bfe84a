"""How what devices say of visits is brought together: a plan is one value, a fact beats it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from nyefamilier.door.merged import Contested, Merged, Standing, plain
from nyefamilier.visits.appointments import lasting
from nyefamilier.visits.arrangements import arranged
from nyefamilier.visits.bodies import VisitBody
from nyefamilier.visits.claiming import TimeTaken, refuse_if_taken
from nyefamilier.visits.intents import (
    AGREED,
    BookVisit,
    CancelledBy,
    CancelVisit,
    NextVisit,
    Outcome,
    RecordVisit,
    ReworkPlan,
)
from nyefamilier.visits.nearest import Sought
from nyefamilier.visits.outside import OutsideHours, reason_to_keep
from nyefamilier.visits.states import OPEN_STATES, Place, VisitState
from nyefamilier.visits.tables import VisitRow

_HAPPENED: Final = frozenset({VisitState.DONE, VisitState.NOT_HOME})
_CANCELLED: Final = {
    CancelledBy.FAMILY: VisitState.CANCELLED_BY_FAMILY,
    CancelledBy.US: VisitState.CANCELLED_BY_US,
}


def book_visit(standing: Standing, booking: BookVisit) -> Merged:
    """Time, place and nurse are one value: never one nurse's time with another's place."""
    row = standing.find(VisitRow, booking.visit_id)
    reason = _not_to_be_scheduled(standing, booking.place)
    proposed = _booked(standing, booking)
    current = {} if row is None else _plan(row)
    if row is not None and reason is None:
        if (
            row.state == VisitState.BOOKED
            and current == proposed
            and _adds_nothing(standing, row, booking)
        ):
            return Merged()
        reason = _changed(standing, row)
    if reason is None:
        return Merged((booking,))
    touch = ("visit", booking.visit_id, "plan")
    return Merged((), (Contested(touch, reason, booking, current, proposed),))


def record_visit(standing: Standing, record: RecordVisit) -> Merged:
    """What happened is taken in whatever the plan says; two different outcomes are contested."""
    row = standing.find(VisitRow, record.visit_id)
    if row is None or row.state in OPEN_STATES:
        return _with_next(standing, record, None)
    if row.state not in _HAPPENED and record.outcome is Outcome.DONE:
        return _with_next(standing, record, "was-cancelled")
    current, proposed = _outcome(standing, row), _recorded(standing, record)
    if current == proposed:
        return Merged()
    touch = ("visit", record.visit_id, "outcome")
    reason = "another-outcome" if row.state in _HAPPENED else "was-cancelled"
    return Merged((), (Contested(touch, reason, record, current, proposed),))


def cancel_visit(standing: Standing, cancellation: CancelVisit) -> Merged:
    """A visit is called off as the sender knew it; not another one, and not one that took place."""
    row = standing.dossier.record(VisitRow, cancellation.visit_id)
    words = standing.dossier.read(row, VisitBody)
    ended = {_CANCELLED[cancellation.by], VisitState.SUPERSEDED}
    if row.state in ended and cancellation.reason in {None, words.cancel_reason}:
        return Merged()
    reason = _changed(standing, row)
    if row.state not in OPEN_STATES:
        reason = "visit-closed"
    if reason is None:
        return Merged((cancellation,))
    current = _plan(row) | plain(reason=words.cancel_reason)
    proposed = plain(by=cancellation.by, reason=cancellation.reason)
    touch = ("visit", row.id, "plan")
    return Merged((), (Contested(touch, reason, cancellation, current, proposed),))


def rework_plan(_: Standing, reworking: ReworkPlan) -> Merged:
    """A plan follows from days and protocol: whoever asks, and when, it comes out the same."""
    return Merged((reworking,))


def _changed(standing: Standing, row: VisitRow) -> str | None:
    """Why the plan is not what the sender took it for."""
    if standing.changed(("visit", row.id, "plan")):
        return "changed-since"
    return "visit-closed" if standing.changed(("visit", row.id, "outcome")) else None


def _not_to_be_scheduled(standing: Standing, place: Place) -> str | None:
    reason = standing.ended()
    elsewhere = place is not Place.HOME
    return None if reason == "address-protected" and elsewhere else reason


def _with_next(standing: Standing, record: RecordVisit, reason: str | None) -> Merged:
    following = record.next_visit
    if following is None:
        return Merged((record,), reason=reason)
    contested = _next_contested(standing, following, record)
    if contested is None:
        return Merged((record,), reason=reason)
    return Merged((replace(record, next_visit=None),), (contested,), reason)


def _next_contested(
    standing: Standing, following: NextVisit, record: RecordVisit
) -> Contested | None:
    """Why what was agreed in a visit that took place is for a person to decide, if it is."""
    later: BookVisit | None = None
    current: dict[str, Any] = {}
    missed = record.outcome is Outcome.NOT_HOME
    again = standing.find(VisitRow, record.visit_id) if missed else None
    if following.at is not None:
        later = BookVisit(
            following.id,
            following.at,
            following.place,
            kind=_kind_of_next(record, again),
            nurse_id=record.nurse_id,
            second_nurse_id=None if again is None else again.second_nurse_id,
            outside_hours=following.outside_hours,
        )
    reason = _not_to_be_scheduled(standing, following.place)
    if reason is None and later is not None:
        reason, current = _in_the_way(standing, later)
    if reason is None:
        return None
    proposed = plain(on=following.on, at=following.at, place=following.place)
    return Contested(("visit", following.id, "plan"), reason, later, current, proposed)


def _kind_of_next(record: RecordVisit, again: VisitRow | None) -> str:
    """After one for which nobody was at home, what comes next is the same visit again."""
    if record.outcome is Outcome.DONE:
        return AGREED
    return record.kind if again is None else again.kind


def _in_the_way(standing: Standing, booking: BookVisit) -> tuple[str | None, dict[str, Any]]:
    """Why its nurse cannot keep an appointment, and when she could; nothing where she can."""
    dossier = standing.dossier
    first, second = booking.nurse_id or dossier.author_id, booking.second_nurse_id
    nurses = (first,) if second in {None, first} else (first, second)
    sought = Sought(booking.visit_id, nurses, lasting(booking.at), booking.place)
    try:
        reason_to_keep(dossier.work, sought, booking.outside_hours)
        refuse_if_taken(dossier.work, sought)
    except TimeTaken as taken:
        return taken.code, plain(taken=taken.taken, free=taken.free)
    except OutsideHours as outside:
        return outside.code, plain(free=outside.free)
    return None, {}


def _adds_nothing(standing: Standing, row: VisitRow, booking: BookVisit) -> bool:
    words = standing.dossier.read(row, VisitBody)
    return (
        # The time is the same and stands, so whatever reason it has is reason enough.
        replace(arranged(words, booking, moved=False), outside_hours=words.outside_hours) == words
        and booking.minutes in {None, row.minutes}
        and booking.second_nurse_id in {None, row.second_nurse_id}
    )


def _plan(row: VisitRow) -> dict[str, Any]:
    return plain(state=row.state, at=row.at, place=row.place, nurse_id=row.nurse_id)


def _booked(standing: Standing, booking: BookVisit) -> dict[str, Any]:
    return plain(
        state=VisitState.BOOKED,
        at=booking.at,
        place=booking.place,
        nurse_id=booking.nurse_id or standing.dossier.author_id,
    )


def _outcome(standing: Standing, row: VisitRow) -> dict[str, Any]:
    words = standing.dossier.read(row, VisitBody)
    return plain(
        state=row.state,
        at=row.at,
        minutes=row.minutes,
        place=row.place,
        nurse_id=row.nurse_id,
        present=sorted(row.present),
        themes=sorted(row.themes),
        interpreter=row.interpreter_category,
        language=words.interpreter_language,
        why_unqualified=words.why_unqualified,
    )


def _recorded(standing: Standing, record: RecordVisit) -> dict[str, Any]:
    told = record.interpreter
    return plain(
        state=VisitState.DONE if record.outcome is Outcome.DONE else VisitState.NOT_HOME,
        at=record.at,
        minutes=record.minutes,
        place=record.place,
        nurse_id=record.nurse_id or standing.dossier.author_id,
        present=sorted(record.present),
        themes=sorted(record.themes),
        interpreter=None if told is None else told.category,
        language=None if told is None else told.language,
        why_unqualified=None if told is None else told.why_unqualified,
    )
