"""Agreeing on a visit, recording it, cancelling it.

One visit is one form and one mutation: what the parents brought up, what was done, the notes, and
what was agreed about the next time stand or fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import adults, everybody, living, name_of
from api.web.register import frame
from api.web.submitting import Ids, done, ids_of, opened, send
from api.web.texts import _
from api.web.visit_names import visit_name
from api.web.wording import language_options
from nyefamilier.door.mutations import Operation
from nyefamilier.families.states import MemberRole
from nyefamilier.families.views import FamilyView, Member, family
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import NOTE_CHARS, WriteNote
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs.intents import WORDS_CHARS, ReviewNeed, StateNeed
from nyefamilier.needs.states import CLOSED, NeedState
from nyefamilier.needs.views import Need, needs
from nyefamilier.visits.intents import (
    AGREED,
    BookVisit,
    CancelledBy,
    CancelVisit,
    Interpreter,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.states import OPEN_STATES, InterpreterCategory, Place, Present, Theme
from nyefamilier.visits.views import PlanItem, Visit, plan, visits

NEW_NEEDS = 2
"""New needs that the form has room for; more are written down on the family's page."""
REASON, AGREEMENT = 500, 500
"""The longest of each, in characters."""

_PRESENT_AS = {
    MemberRole.MOTHER: Present.MOTHER,
    MemberRole.FATHER: Present.FATHER,
    MemberRole.CO_MOTHER: Present.CO_MOTHER,
    MemberRole.GUARDIAN: Present.GUARDIAN,
    MemberRole.CHILD: Present.CHILD,
}
_REVIEWED = (NeedState.OPEN, NeedState.BEING_MET)


@pages.route("/families/<uuid:family_id>/visits/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_visit(family_id: UUID) -> ResponseReturnValue:
    """Record a visit: the parents' own topics first."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        open_needs = [one for one in needs(current, view.id) if one.state not in CLOSED]
        open_visits = _open_visits(visits(current, view.id))
        kinds = _kinds(plan(current, view.id).anchors)
        now = current.now.astimezone(OSLO)
    form = opened(view.rev)
    _suggest(form, view, open_visits, now)
    if form.sent:
        operations = _read_visit(form, view, open_needs, open_visits)
        if form.ok:
            answer = send(form, view.id, operations, _FIELDS)
            if answer is not None:
                return done(answer, "visit")
    page = render_template(
        "visit.html",
        form=form,
        parents=_choices(living(adults(view))),
        writable=living(everybody(view)),
        open_needs=open_needs,
        visit_options=_visit_options(open_visits, kinds),
        languages=language_options(),
        new_needs=range(NEW_NEEDS),
        reviewed=_REVIEWED,
        **frame(view),
    )
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/visits/book", methods=["GET", "POST"])
@allow(Role.NURSE)
def book_visit(family_id: UUID) -> ResponseReturnValue:
    """Agree on a time with the family."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        open_visits = _open_visits(visits(current, view.id))
    form = opened(view.rev)
    form.suggest(visit=request.args.get("visit", ""), place=Place.HOME)
    chosen = _visit(open_visits, form.value("visit"))
    if chosen is not None and chosen.at is not None:
        at = chosen.at.astimezone(OSLO)
        form.suggest(day=at.date().isoformat(), clock=f"{at:%H:%M}", agreed=chosen.agreed or "")
    if form.sent:
        at_when = form.moment("day", "clock", required=True)
        place = form.choice("place", Place)
        agreed = form.text("agreed", limit=AGREEMENT)
        if form.ok and at_when is not None and place is not None:
            intent = BookVisit(
                visit_id=ids_of(form).of("visit") if chosen is None else chosen.id,
                at=at_when,
                place=place,
                agreed=agreed,
            )
            answer = send(form, view.id, [intent], {"/at": "day", "/place": "place"})
            if answer is not None:
                return done(answer, "booked")
    page = render_template(
        "booking.html", form=form, visit_options=_visit_options(open_visits, ()), **frame(view)
    )
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/visits/<uuid:visit_id>/cancel", methods=["GET", "POST"])
@allow(Role.NURSE)
def cancel_visit(family_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    """The visit will not take place."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        visit = next((one for one in visits(current, view.id) if one.id == visit_id), None)
    if visit is None:
        raise NotFound("visit")
    form = opened(view.rev)
    if form.sent:
        by = form.choice("by", CancelledBy)
        reason = form.text("reason", limit=REASON)
        if form.ok and by is not None:
            answer = send(form, view.id, [CancelVisit(visit.id, by, reason)])
            if answer is not None:
                return done(answer, "cancelled")
    page = render_template(
        "cancel.html", form=form, visit=visit, CancelledBy=CancelledBy, **frame(view)
    )
    return page, 422 if form.sent else 200


_FIELDS = {
    "/at": "day",
    "/minutes": "minutes",
    "/next_visit/on": "next_day",
    "/interpreter/why_unqualified": "why_unqualified",
    "/kind": "visit",
}


def _open_visits(found: Sequence[Visit]) -> list[Visit]:
    return [one for one in found if one.state in OPEN_STATES]


def _visit(found: Sequence[Visit], written: str) -> Visit | None:
    return next((one for one in found if str(one.id) == written), None)


def _due(found: Sequence[Visit], now: datetime) -> Visit | None:
    """The visit that was most likely made: agreed for today, or with its window open."""
    today = now.date()
    for one in found:
        if one.at is not None and one.at.astimezone(OSLO).date() == today:
            return one
    fits = (one for one in found if one.opens and one.closes and one.opens <= today <= one.closes)
    return next(fits, None)


def _kinds(anchors: Sequence[PlanItem]) -> list[str]:
    """The protocol's anchors that no visit stands for yet."""
    return [one.kind for one in anchors if one.visit_id is None]


def _visit_options(open_visits: Sequence[Visit], kinds: Sequence[str]) -> list[tuple[str, str]]:
    planned = [(str(one.id), visit_name(one.kind)) for one in open_visits]
    missing = [(kind, visit_name(kind)) for kind in kinds]
    return [*planned, *missing, ("", _("A visit outside the plan"))]


def _choices(members: Sequence[Member]) -> list[tuple[str, str]]:
    return [(str(one.id), name_of(one)) for one in members]


def _suggest(form: Form, view: FamilyView, open_visits: Sequence[Visit], now: datetime) -> None:
    asked = request.args.get("visit")
    chosen = _due(open_visits, now) if asked is None else _visit(open_visits, asked)
    agreed = None if chosen is None or chosen.at is None or chosen.at > now else chosen.at
    at = now if agreed is None else agreed.astimezone(OSLO)
    place = Place.HOME if chosen is None or chosen.place is None else Place(chosen.place)
    there = [_PRESENT_AS[one.role] for one in living(view.members)]
    form.suggest(
        visit="" if chosen is None else str(chosen.id),
        outcome=Outcome.DONE,
        day=at.date().isoformat(),
        place=place,
        minutes="60",
        present=list(dict.fromkeys(str(one) for one in there)),
        next_place=Place.HOME,
    )
    if agreed is not None:
        form.suggest(clock=f"{at:%H:%M}")


def _read_visit(
    form: Form, view: FamilyView, open_needs: Sequence[Need], open_visits: Sequence[Visit]
) -> list[Operation]:
    ids = ids_of(form)
    visit = _read_what_happened(form, ids, open_visits)
    if visit is None:
        return []
    operations: list[Operation] = [visit]
    operations += _read_new_needs(form, ids, visit.visit_id, view)
    operations += _read_reviews(form, ids, visit.visit_id, open_needs)
    operations += _read_notes(form, ids, visit.visit_id, view)
    return operations


def _read_what_happened(form: Form, ids: Ids, open_visits: Sequence[Visit]) -> RecordVisit | None:
    outcome = form.choice("outcome", Outcome)
    at = form.moment("day", "clock", required=True)
    place = form.choice("place", Place)
    took_place = outcome is Outcome.DONE
    minutes = form.number("minutes", 0, 600, required=took_place)
    interpreter = _read_interpreter(form)
    following = _read_next(form, ids)
    present, themes = form.choices("present", Present), form.choices("themes", Theme)
    if outcome is None or at is None or place is None:
        return None
    chosen = _visit(open_visits, form.value("visit"))
    return RecordVisit(
        visit_id=ids.of("visit") if chosen is None else chosen.id,
        outcome=outcome,
        at=at,
        minutes=(minutes or 0) if took_place else 0,
        place=place,
        kind=AGREED if chosen is not None else form.value("visit") or AGREED,
        present=present if took_place else (),
        themes=themes if took_place else (),
        interpreter=interpreter if took_place else None,
        next_visit=following,
    )


def _read_interpreter(form: Form) -> Interpreter | None:
    category = form.choice("interpreter", InterpreterCategory, required=False)
    if category is None:
        return None
    language = form.text("interpreter_language", limit=100)
    if language is None:
        form.wrong("interpreter_language", _("Choose the language that was interpreted."))
        return None
    why = form.text("why_unqualified", limit=REASON)
    return Interpreter(category, language, why)


def _read_next(form: Form, ids: Ids) -> NextVisit | None:
    on = form.day("next_day")
    if on is None:
        if form.value("next_clock"):
            form.wrong("next_day", _("Fill in a date."))
        return None
    place = form.choice("next_place", Place) or Place.HOME
    at = form.moment("next_day", "next_clock") if form.value("next_clock") else None
    return NextVisit(ids.of("next"), on, at, place)


def _read_new_needs(form: Form, ids: Ids, visit_id: UUID, view: FamilyView) -> list[Operation]:
    parents = {str(one.id): one.id for one in adults(view)}
    found: list[Operation] = []
    for number in range(NEW_NEEDS):
        words = form.text(f"need{number}_words", limit=WORDS_CHARS)
        if words is None:
            continue
        stated_by = parents.get(form.value(f"need{number}_by"))
        if stated_by is None:
            form.wrong(f"need{number}_by", _("Choose who said it."))
            continue
        theme = form.choice(f"need{number}_theme", Theme, required=False)
        found.append(
            StateNeed(
                need_id=ids.of("need", number, place=number),
                stated_by=stated_by,
                words=words,
                wish=form.text(f"need{number}_wish", limit=WORDS_CHARS),
                theme=None if theme is None else str(theme),
                visit_id=visit_id,
            )
        )
    return found


def _read_reviews(
    form: Form, ids: Ids, visit_id: UUID, open_needs: Sequence[Need]
) -> list[Operation]:
    found: list[Operation] = []
    for need in open_needs:
        state = form.choice(f"review-{need.id}", NeedState, required=False)
        words = form.text(f"review-{need.id}-words", limit=WORDS_CHARS)
        if state is None and words is None:
            continue
        found.append(
            ReviewNeed(
                review_id=ids.of("review", need.id),
                need_id=need.id,
                state=state or need.state,
                words=words,
                visit_id=visit_id,
            )
        )
    return found


def _read_notes(form: Form, ids: Ids, visit_id: UUID, view: FamilyView) -> list[Operation]:
    found: list[Operation] = []
    for place, member in enumerate(living(everybody(view))):
        text = form.text(f"note-{member.id}", limit=NOTE_CHARS)
        if text is None:
            continue
        kind = form.choice(f"note-{member.id}-kind", NoteKind, required=False)
        restricted = kind is not None and kind is not NoteKind.ORDINARY
        found.append(
            WriteNote(
                note_id=ids.of("note", member.id, place=place),
                member_id=member.id,
                text=text,
                kind=kind or NoteKind.ORDINARY,
                visible_to_parents=not restricted,
                visit_id=visit_id,
            )
        )
    return found
