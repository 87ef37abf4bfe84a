"""The times that the booking page proposes, each with the reasons of its place in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for

from api.web.formats import clock, weekday
from api.web.forms import Form
from api.web.refusals import said
from api.web.texts import _, _l
from nyefamilier.accounts.service import display_names
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.storage.work import Work
from nyefamilier.visits.newborn import Window
from nyefamilier.visits.openings import WISHES
from nyefamilier.visits.placing import Placing, Wanted, slots
from nyefamilier.visits.slots import Reason, Slot, Why

REASONS = {
    Reason.IN_WINDOW: _l("in the visit's window"),
    Reason.HOLIDAY: _l("in a window made longer because of holidays"),
    Reason.BEFORE_WINDOW: _l("before the visit's window"),
    Reason.AFTER_WINDOW: _l("after the visit's window"),
    Reason.OWN_NURSE: _l("the family's own nurse"),
    Reason.COVERING_NURSE: _l("a nurse who covers for the family's own"),
    Reason.OTHER_NURSE: _l("another nurse of the bydel"),
    Reason.SAME_AREA: _l("has another visit close by in that half-day"),
    Reason.SAME_HALF_DAY: _l("is out visiting in that half-day"),
    Reason.WISHED: _l("as the family wished"),
    Reason.ROOM_IN_WEEK: _l("room in the nurse's week"),
}
WHY = {
    Why.WINDOW_PASSED: _l("The visit's window has passed."),
    Why.NOBODY_WORKS: _l("No nurse works long enough on any day of the visit's window."),
    Why.FULLY_BOOKED: _l("All nurses are fully booked in the visit's window."),
    Why.NO_SECOND_NURSE: _l("No two nurses are free at the same time in the visit's window."),
}
_HALF_DAYS = {
    "monday-morning": _l("Monday morning"),
    "monday-afternoon": _l("Monday afternoon"),
    "tuesday-morning": _l("Tuesday morning"),
    "tuesday-afternoon": _l("Tuesday afternoon"),
    "wednesday-morning": _l("Wednesday morning"),
    "wednesday-afternoon": _l("Wednesday afternoon"),
    "thursday-morning": _l("Thursday morning"),
    "thursday-afternoon": _l("Thursday afternoon"),
    "friday-morning": _l("Friday morning"),
    "friday-afternoon": _l("Friday afternoon"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """A time to choose."""

    when: str
    until: str
    who: str
    reasons: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the page proposes, and what was asked.

    Args:
        refused: Why there is nothing to propose at all.
        why: Why nothing in the window can be; *times* are then the nearest outside it.
    """

    form: Form
    times: Sequence[Proposed] = ()
    window: Window | None = None
    why: str | None = None
    refused: str | None = None

    @property
    def half_days(self) -> list[tuple[str, str]]:
        """The half-days that a family can wish for, as choices."""
        return [(name, str(words)) for name, words in _HALF_DAYS.items()]


def proposals(current: Work, family_id: FamilyId, visit_id: UUID | None) -> Proposals:
    """What to propose for a visit, or for one outside the plan, as the address asks.

    Raises:
        NotFound, NotAllowed, Unavailable: see `visits.placing.slots`.
    """
    form = _asked()
    wishes = [WISHES[one] for one in form.values("wish") if one in WISHES]
    wanted = Wanted(visit_id, wishes=wishes)
    try:
        found = slots(current, family_id, wanted)
    except RuleBroken as refusal:
        return Proposals(form, refused=said(refusal))
    why = found.answer.why
    return Proposals(
        form,
        _proposed(current, family_id, found),
        found.window,
        None if why is None else str(WHY[why]),
    )


def _asked() -> Form:
    """What the address asks: the form of wishes, which changes nothing."""
    form = Form()
    form.typed.setlist("wish", request.args.getlist("wish"))
    return form


def _proposed(current: Work, family_id: FamilyId, found: Placing) -> list[Proposed]:
    times = found.answer.slots or found.answer.nearest
    names = display_names(current.session, list({one.nurse_id for one in times}))
    asked = {"visit": found.visit_id or "", "wish": request.args.getlist("wish")}
    return [_one(slot, names, family_id, asked) for slot in times]


def _one(
    slot: Slot, names: Mapping[UserId, str], family_id: FamilyId, asked: Mapping[str, Any]
) -> Proposed:
    day, at = day_of(slot.begins).isoformat(), _clock(slot.begins)
    chosen = (request.args.get("day"), request.args.get("clock")) == (day, at)
    address = {"family_id": family_id, "day": day, "clock": at, "nurse": slot.nurse_id, **asked}
    return Proposed(
        when=_("%(day)s at %(time)s", day=weekday(slot.begins), time=clock(slot.begins)),
        until=clock(slot.ends),
        who=names.get(slot.nurse_id, ""),
        reasons=", ".join(_reasons(slot, planned=asked["visit"] != "")),
        href=url_for("web.book_visit", _anchor="agree", **address),
        chosen=chosen,
    )


def _reasons(slot: Slot, *, planned: bool) -> list[str]:
    """The reasons in words. A visit outside the plan has no window of its own to lie in."""
    told = (one for one in slot.reasons if planned or one is not Reason.IN_WINDOW)
    return [str(REASONS[one]) for one in told]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(OSLO):%H:%M}"
