"""Visits of a protocol that can be agreed on no more, because their window has closed for good."""

from __future__ import annotations

from datetime import date, timedelta

from nyefamilier.families.dossier import Dossier
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.offers.service import enrolment_now
from nyefamilier.protocols.protocol import PlannedWindow
from nyefamilier.visits.intents import AGREED
from nyefamilier.visits.newborn import CLOSES, LATEST, NEWBORN
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.planned import windows_of
from nyefamilier.visits.slots import BEYOND
from nyefamilier.visits.tables import VisitRow


def require_open_window(dossier: Dossier, row: VisitRow) -> None:
    """Refuse a visit of the protocol on a day on which it would be another visit.

    A window that has passed is no reason: the nearest times outside it are offered as well. It has
    closed for good where nothing would be offered any more.

    Raises:
        RuleBroken: ``window-closed``.
    """
    if row.at is None or row.kind == AGREED or row.programme is None:
        return
    last = _last_day(dossier, row)
    if last is None or day_of(row.at) <= last:
        return
    told = {"last_day": last.isoformat(), "instead": AGREED}
    detail = (
        f"This visit of the protocol could be made until {last}. Agree on a visit outside the plan "
        f"instead: a new one of kind {AGREED}."
    )
    if _waits_for_homecoming(dossier, row):
        told["homecoming"] = "not-recorded"
        detail += " Or record the child's homecoming, if it was late: the visit's days follow it."
    raise RuleBroken("window-closed", detail, pointer="/at", members=told)


def _waits_for_homecoming(dossier: Dossier, row: VisitRow) -> bool:
    """Whether the visit's days would be other ones if a homecoming were recorded."""
    if row.kind != NEWBORN or row.pregnancy_id is None:
        return False
    return anchors_of(dossier.record(PregnancyRow, row.pregnancy_id)).homecoming_on is None


def last_offered(kind: str, closes: date) -> date:
    """The last day on which a visit of the protocol is offered whose window closes on a day."""
    return closes + BEYOND + (LATEST - CLOSES if kind == NEWBORN else timedelta(0))


def _last_day(dossier: Dossier, row: VisitRow) -> date | None:
    """The last day on which the visit is offered; None where its protocol gives it no window."""
    if row.from_protocol:
        return None if row.closes is None else last_offered(row.kind, row.closes)
    window = _window(dossier, row)
    if window is None:
        return None
    return window.closes if window.closed_by_birth else last_offered(row.kind, window.closes)


def _window(dossier: Dossier, row: VisitRow) -> PlannedWindow | None:
    """The window of a visit of the protocol that was agreed on without the plan."""
    enrolment = enrolment_now(dossier)
    if enrolment is None or row.pregnancy_id is None:
        return None
    found = windows_of(dossier, enrolment, row.pregnancy_id)
    return next((one for one in found if one.kind == row.kind), None)
