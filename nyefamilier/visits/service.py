"""Visits' use cases: plan, book, record, cancel.

The plan is worked out from the protocol that the family joined under, whenever its days change.
Working it out again changes nothing: a protocol's item has one row per pregnancy.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from nyefamilier.families.dossier import Dossier
from nyefamilier.families.events import AnchorsChanged, ProgrammeEnded
from nyefamilier.families.service import check_met, participation_of
from nyefamilier.families.states import LOSSES, OTHER_PARENT, TeamPart
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.clock import day_of, month_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import PregnancyId
from nyefamilier.offers import store as offers_store
from nyefamilier.offers.events import EnrolmentClosed, EnrolmentStarted
from nyefamilier.offers.states import OPEN_STATES as ENROLLED
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.protocols.protocol import PlannedWindow, VisitRole
from nyefamilier.protocols.rules import CONSULTATION_1, UNSCHEDULED, counts_as, timed_as
from nyefamilier.protocols.service import protocol
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.bodies import VisitBody
from nyefamilier.visits.booking import agree_next, become, row_for
from nyefamilier.visits.events import (
    VisitDone,
    VisitMade,
)
from nyefamilier.visits.intents import (
    MOST_MINUTES,
    CancelledBy,
    CancelVisit,
    Outcome,
    RecordVisit,
    ReworkPlan,
)
from nyefamilier.visits.makers import nurse_of
from nyefamilier.visits.missed import plan_again
from nyefamilier.visits.placing import require_birth
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.planned import planned_row, windows_of
from nyefamilier.visits.states import OPEN_STATES, Place, Present, VisitState, interpreting
from nyefamilier.visits.tables import VisitRow

_CANCELLED = {
    CancelledBy.FAMILY: VisitState.CANCELLED_BY_FAMILY,
    CancelledBy.US: VisitState.CANCELLED_BY_US,
}
_OTHER_PARENT = frozenset(Present(role) for role in OTHER_PARENT)


def replan(work: Work, event: AnchorsChanged | EnrolmentStarted) -> None:
    """Bring the rows of the protocol's anchors in line with the family's days.

    Runs whenever term, birth or homecoming changes and when a family is enrolled. Idempotent.
    """
    dossier: Dossier = work.dossiers[event.family_id]
    if not dossier.may_have(EnrolmentRow):
        return
    enrolment = offers_store.open_enrolment(work.session, event.family_id)
    if enrolment is None or enrolment.pregnancy_id != event.pregnancy_id:
        return
    _lay_out(dossier, enrolment)


def rework_plan(dossier: Dossier, intent: ReworkPlan) -> None:
    """Work a plan out anew. Nothing, where the family takes part no more.

    Raises:
        NotFound: the family has no such enrolment.
    """
    enrolment = dossier.record(EnrolmentRow, intent.enrolment_id)
    if enrolment.state in ENROLLED and _lay_out(dossier, enrolment):
        # As after a birth: what was booked from other days is out of place until somebody looks.
        dossier.touch(dossier.record(PregnancyRow, enrolment.pregnancy_id))


def planned_windows(dossier: Dossier, enrolment: EnrolmentRow) -> list[PlannedWindow]:
    """The windows of the anchors that the family's protocol gives it, by its days as known now."""
    found = windows_of(dossier, enrolment, enrolment.pregnancy_id)
    return [window for window in found if window.is_anchor]


def close_open(work: Work, event: ProgrammeEnded | EnrolmentClosed) -> None:
    """Close at once every planned and booked visit of a pregnancy whose programme has ended."""
    dossier: Dossier = work.dossiers[event.family_id]
    for row in store.open_visits(work.session, event.family_id):
        if row.pregnancy_id == event.pregnancy_id:
            become(dossier, row, VisitState.SUPERSEDED)
            dossier.touch(row)


def record_visit(dossier: Dossier, intent: RecordVisit) -> None:
    """Record what became of a visit. One record feeds every statistic that counts it.

    Raises:
        NotFound: the id is another family's visit.
        RuleBroken: ``visit-in-future``, ``date-too-old``, ``visit-minutes``, ``visit-closed``,
            ``unknown-visit-kind``, ``unknown-nurse``, ``nurse-not-qualified``,
            ``interpreter-reason``, ``birth-awaited``; of the next visit ``visit-in-past``,
            ``visit-too-far``, ``visit-days-differ``.
        OutsideHours, TimeTaken: ``outside-hours``, ``time-taken``, of the next visit.
    """
    _check_record(dossier, intent)
    row, body = row_for(dossier, intent.visit_id, intent.kind)
    require_birth(dossier, row, by=day_of(intent.at))
    was_planned = row.at is not None or row.ideal is not None
    to = VisitState.DONE if intent.outcome is Outcome.DONE else VisitState.NOT_HOME
    become(dossier, row, to)
    row.at, row.place, row.minutes = intent.at, intent.place, intent.minutes
    row.nurse_id = nurse_of(dossier, intent.nurse_id)
    row.present = [str(one) for one in intent.present]
    row.themes = [str(one) for one in intent.themes]
    row.recorded_at, row.recorded_by = dossier.work.now, dossier.author_id
    interpreter = intent.interpreter
    row.interpreter_category = None if interpreter is None else interpreter.category
    if to is VisitState.DONE:
        _count(dossier, row, was_planned=was_planned)
    dossier.put(
        row,
        replace(
            body,
            interpreter_language=None if interpreter is None else interpreter.language,
            why_unqualified=None if interpreter is None else interpreter.why_unqualified,
        ),
    )
    if to is VisitState.DONE:
        dossier.work.record(VisitMade(dossier.id, row.id, intent.at))
    if intent.next_visit is not None:
        agree_next(dossier, row, intent.next_visit)
    elif to is VisitState.NOT_HOME:
        plan_again(dossier, row)


def cancel_visit(dossier: Dossier, intent: CancelVisit) -> None:
    """A planned or booked visit will not take place.

    Raises:
        NotFound: the family has no such visit.
        RuleBroken: ``visit-closed``.
    """
    row = dossier.record(VisitRow, intent.visit_id)
    become(dossier, row, _CANCELLED[intent.by])
    body = dossier.read(row, VisitBody)
    dossier.put(row, replace(body, cancel_reason=intent.reason))


def _lay_out(dossier: Dossier, enrolment: EnrolmentRow) -> bool:
    """Bring the rows of a plan in line, and say whether a visit that is booked was moved."""
    rows = store.items_of(dossier.work.session, enrolment.pregnancy_id, enrolment.programme)
    expected = {window.kind: window for window in planned_windows(dossier, enrolment)}
    open_rows = [row for row in rows.values() if row.state in OPEN_STATES]
    open_rows += _in_place_of_items(dossier, enrolment)
    was_booked = [row for row in open_rows if row.state == VisitState.BOOKED]
    before = [(row.opens, row.closes) for row in was_booked]
    for kind, window in expected.items():
        if kind not in rows:
            _plan_item(dossier, enrolment, window)
    for row in open_rows:
        _bring_in_line(dossier, row, expected.get(row.kind))
    return before != [(row.opens, row.closes) for row in was_booked]


def _in_place_of_items(dossier: Dossier, enrolment: EnrolmentRow) -> list[VisitRow]:
    """The open visits of the protocol's kinds that were agreed on without being planned."""
    born = dossier.record(PregnancyRow, enrolment.pregnancy_id).ended_on is not None
    version = protocol(enrolment.programme, enrolment.protocol_version)
    kinds = {
        item.kind
        for item in version.visits
        if item.role is VisitRole.ANCHOR or (born and item.ends_at_birth)
    }
    return [
        row
        for row in store.open_visits(dossier.work.session, dossier.id)
        if row.kind in kinds
        and not row.from_protocol
        and (row.pregnancy_id, row.programme) == (enrolment.pregnancy_id, enrolment.programme)
    ]


def _plan_item(dossier: Dossier, enrolment: EnrolmentRow, window: PlannedWindow) -> None:
    if window.closed_by_birth or window.closes < enrolment.started_on:
        # The day has passed before the family said yes; there is nothing to plan.
        return
    pregnancy_id, programme = enrolment.pregnancy_id, enrolment.programme
    row = planned_row(dossier, window, pregnancy_id, programme, from_protocol=True)
    dossier.put(row, VisitBody())


def _bring_in_line(dossier: Dossier, row: VisitRow, window: PlannedWindow | None) -> None:
    """Move a visit's window; one that the birth left no days for is taken off the plan."""
    days = (row.opens, row.ideal, row.closes)
    if window is not None:
        row.opens, row.ideal, row.closes = window.opens, window.ideal, window.closes
    if window is None or window.closed_by_birth:
        become(dossier, row, VisitState.SUPERSEDED)
    elif (row.opens, row.ideal, row.closes) == days:
        return
    dossier.touch(row)


def _check_record(dossier: Dossier, intent: RecordVisit) -> None:
    if intent.at > dossier.work.now:
        raise RuleBroken(
            "visit-in-future",
            "A visit that has not begun yet is booked, not recorded.",
            pointer="/at",
        )
    check_met(dossier, day_of(intent.at), "/at")
    least = 1 if intent.outcome is Outcome.DONE else 0
    if not least <= intent.minutes <= MOST_MINUTES:
        raise RuleBroken(
            "visit-minutes",
            f"A visit lasts {least} to {MOST_MINUTES} minutes.",
            pointer="/minutes",
        )
    interpreter = intent.interpreter
    if interpreter is None or interpreter.why_unqualified:
        return
    if interpreter.category.needs_reason:
        raise RuleBroken(
            "interpreter-reason",
            "Say why there was no qualified interpreter (tolkeloven sections 6 and 7).",
            pointer="/interpreter/why_unqualified",
        )


def _count(dossier: Dossier, row: VisitRow, *, was_planned: bool) -> None:
    """Tell statistics of a visit that took place: once, with everything that it counts as."""
    if row.pregnancy_id is None or row.at is None or row.minutes is None:
        return
    on = day_of(row.at)
    pregnancy = PregnancyId(row.pregnancy_id)
    unscheduled = () if was_planned else (UNSCHEDULED,)
    row.counts_as = [*_statistics_of(dossier, row, pregnancy, on), *unscheduled]
    known = participation_of(dossier, pregnancy)
    dossier.work.record(
        VisitDone(
            participation=known.participation,
            bydel=dossier.bydel_on(on),
            month=month_of(on),
            programme=row.programme,
            kind=row.kind,
            minutes=row.minutes,
            at_home=row.place == Place.HOME,
            counts_as=tuple(row.counts_as),
            by_own_nurse=_is_own_nurse(dossier, row),
            other_parent_present=not _OTHER_PARENT.isdisjoint(row.present),
            weeks=_weeks_since(known.offered_on, on),
            interpreter=interpreting(row.interpreter_category),
        )
    )


def _weeks_since(offered_on: date | None, on: date) -> int | None:
    """Whole weeks since the first offer; None where it is not known, or came after the visit."""
    if offered_on is None or on < offered_on:
        return None
    return (on - offered_on).days // 7


def _statistics_of(
    dossier: Dossier, row: VisitRow, pregnancy_id: PregnancyId, on: date
) -> tuple[str, ...]:
    pregnancy = dossier.record(PregnancyRow, pregnancy_id)
    days = anchors_of(pregnancy)
    at_home = row.place == Place.HOME
    timed: tuple[str, ...] = ()
    if pregnancy.outcome not in LOSSES:
        timed = timed_as(on, pregnancy.term, days.born_on, days.homecoming_on, at_home=at_home)
    counted = partial(
        counts_as,
        row.kind,
        on,
        days.born_on,
        days.homecoming_on,
        by_public_health_nurse=True,
        at_home=at_home,
        in_programme=row.programme is not None,
    )
    if_first = counted(first_after_birth=True)
    # What a first visit alone counts as has consultation 1 in it; most visits come too late for
    # that, and then the others need not be read.
    if CONSULTATION_1 not in if_first or not _has_been_welcomed(dossier, row):
        return (*if_first, *timed)
    return (*counted(first_after_birth=False), *timed)


def _has_been_welcomed(dossier: Dossier, row: VisitRow) -> bool:
    """Whether another visit was this child's first consultation. A telephone call was not."""
    return any(
        other.id != row.id
        and other.pregnancy_id == row.pregnancy_id
        and CONSULTATION_1 in other.counts_as
        for other in store.visits_of(dossier.work.session, dossier.id)
    )


def _is_own_nurse(dossier: Dossier, row: VisitRow) -> bool:
    return any(
        one.part == TeamPart.PRIMARY and one.nurse_id == row.nurse_id for one in dossier.team_now()
    )
