"""Agreeing on a visit, recording it, cancelling it.

One visit is one form and one mutation: what the parents brought up, what was done, the notes, and
what was agreed about the next time stand or fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.records import the_one
from api.web.blueprint import pages
from api.web.booking import (
    BOOKING_FIELDS,
    categories,
    free_times,
    is_outside_hours,
    read_booking,
    suggest_booking,
    ways,
)
from api.web.colleagues import visitor_options
from api.web.forms import Form
from api.web.people import adults, everybody, living, name_of
from api.web.proposing import proposals
from api.web.submitting import Errand, carried_out, opened, seen, shown
from api.web.texts import _
from api.web.visit_forms import NEW_NEEDS, VISIT_FIELDS, read_visit
from api.web.visit_names import visit_name
from api.web.wording import language_options
from nyefamilier.door.mutations import Operation
from nyefamilier.families.states import MemberRole
from nyefamilier.families.views import FamilyView, family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs.states import CLOSED, NeedState
from nyefamilier.needs.views import needs
from nyefamilier.storage.work import Work
from nyefamilier.visits.intents import (
    REASON_CHARS,
    CancelledBy,
    CancelVisit,
    Outcome,
)
from nyefamilier.visits.states import OPEN_STATES, Place, Present
from nyefamilier.visits.views import Visit, plan, visits

_PRESENT_AS = {
    MemberRole.MOTHER: Present.MOTHER,
    MemberRole.FATHER: Present.FATHER,
    MemberRole.CO_MOTHER: Present.CO_MOTHER,
    MemberRole.GUARDIAN: Present.GUARDIAN,
    MemberRole.CHILD: Present.CHILD,
}
_RECORDED = Errand("visit", VISIT_FIELDS)
_BOOKED = Errand("booked", BOOKING_FIELDS)


@pages.route("/families/<uuid:family_id>/visits/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_visit(family_id: UUID) -> ResponseReturnValue:
    """Record a visit: the parents' own topics first."""
    form = opened()
    answer = carried_out(form, family_id, _RECORDED, lambda: read_visit(form))
    return answer or _show_visit(form, FamilyId(family_id))


@pages.route("/families/<uuid:family_id>/visits/book", methods=["GET", "POST"])
@allow(Role.NURSE)
def book_visit(family_id: UUID) -> ResponseReturnValue:
    """Agree on a time with the family."""
    form = opened()
    answer = carried_out(form, family_id, _BOOKED, lambda: read_booking(form))
    if answer is not None:
        return answer
    with work() as current:
        view = family(current, FamilyId(family_id))
        found = _open(visits(current, view.id))
        chosen = _chosen(found, form.value("visit") or request.args.get("visit", ""))
        suggest_booking(form, chosen, view, current.actor.id)
        awaited = _awaiting_birth(current, view.id)
        bookable = [one for one in found if one.id not in awaited or one == chosen]
        return shown(
            "booking.html",
            form,
            view,
            visit_options=_visit_options(bookable, ()),
            nurses=visitor_options(current, view.id),
            languages=language_options(),
            categories=categories(),
            ways=ways(),
            free=free_times(form),
            is_outside_hours=is_outside_hours(form),
            proposals=proposals(current, view.id, None if chosen is None else chosen.id),
        )


@pages.route("/families/<uuid:family_id>/visits/<uuid:visit_id>/cancel", methods=["GET", "POST"])
@allow(Role.NURSE)
def cancel_visit(family_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    """The visit will not take place."""
    form = opened()
    errand = Errand("cancelled", {"/reason": "reason"})
    answer = carried_out(form, family_id, errand, lambda: _read_cancelling(form, visit_id))
    if answer is not None:
        return answer
    visit = _visit(family_id, visit_id)
    return shown("cancel.html", form, seen(family_id), visit=visit, CancelledBy=CancelledBy)


def _show_visit(form: Form, family_id: FamilyId) -> ResponseReturnValue:
    with work() as current:
        view = family(current, family_id)
        open_needs = [one for one in needs(current, family_id) if one.state not in CLOSED]
        found = _open(visits(current, family_id))
        # The protocol's promises that no visit stands for yet.
        missing = [one.kind for one in plan(current, family_id).anchors if one.visit_id is None]
        now = current.now.astimezone(OSLO)
    _suggest_visit(form, view, found, now)
    form.mostly_optional = True
    return shown(
        "visit.html",
        form,
        view,
        parents=[(str(one.id), name_of(one)) for one in living(adults(view))],
        writable=living(everybody(view)),
        open_needs=open_needs,
        visit_options=_visit_options(found, missing),
        languages=language_options(),
        new_needs=range(NEW_NEEDS),
        free=free_times(form),
        is_outside_hours=is_outside_hours(form),
        reviewed=[one for one in NeedState if one not in CLOSED],
    )


def _suggest_visit(form: Form, view: FamilyView, found: Sequence[Visit], now: datetime) -> None:
    asked = request.args.get("visit")
    chosen = _due(found, now) if asked is None else _chosen(found, asked)
    agreed = None if chosen is None or chosen.at is None or chosen.at > now else chosen.at
    at = now if agreed is None else agreed.astimezone(OSLO)
    there = [_PRESENT_AS[one.role] for one in living(view.members)]
    form.suggest(
        visit="" if chosen is None else str(chosen.id),
        outcome=Outcome.DONE,
        day=at.date().isoformat(),
        clock="" if agreed is None else f"{at:%H:%M}",
        place=(None if chosen is None else chosen.place) or Place.HOME,
        minutes="60",
        present=list(dict.fromkeys(str(one) for one in there)),
        next_place=Place.HOME,
    )


def _read_cancelling(form: Form, visit_id: UUID) -> Sequence[Operation]:
    by, reason = form.choice("by", CancelledBy), form.text("reason", limit=REASON_CHARS)
    return () if by is None else (CancelVisit(visit_id, by, reason),)


def _open(found: Sequence[Visit]) -> list[Visit]:
    return [one for one in found if one.state in OPEN_STATES]


def _chosen(found: Sequence[Visit], written: str) -> Visit | None:
    return next((one for one in found if str(one.id) == written), None)


def _awaiting_birth(current: Work, family_id: FamilyId) -> set[UUID | None]:
    """The visits that nobody agrees on before the child is born."""
    return {one.visit_id for one in plan(current, family_id).anchors if one.provisional}


def _due(found: Sequence[Visit], now: datetime) -> Visit | None:
    """The visit that was most likely made: agreed for today, or with its window open."""
    today = now.date()
    for one in found:
        if one.at is not None and one.at.astimezone(OSLO).date() == today:
            return one
    fits = (one for one in found if one.opens and one.closes and one.opens <= today <= one.closes)
    return next(fits, None)


def _visit(family_id: UUID, visit_id: UUID) -> Visit:
    with work() as current:
        found = visits(current, FamilyId(family_id))
    return the_one(found, visit_id, "visit")


def _visit_options(found: Sequence[Visit], missing: Sequence[str]) -> list[tuple[str, str]]:
    planned = [(str(one.id), visit_name(one.kind)) for one in found]
    others = [(kind, visit_name(kind)) for kind in missing]
    return [*planned, *others, ("", _("A visit outside the plan"))]
