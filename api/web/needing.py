"""Needs: stated by a parent, looked at together, closed by a parent."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import adults, living, name_of
from api.web.register import frame
from api.web.submitting import done, ids_of, opened, send
from api.web.texts import _
from nyefamilier.door.mutations import Operation
from nyefamilier.families.views import FamilyView, family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs.intents import WORDS_CHARS, CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import CLOSED, NeedState
from nyefamilier.needs.views import Need, needs
from nyefamilier.visits.states import Theme

_FIELDS = {"/words": "words", "/wish": "wish", "/stated_by": "stated_by", "/closed_by": "closed_by"}


@pages.route("/families/<uuid:family_id>/needs/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def state_need(family_id: UUID) -> ResponseReturnValue:
    """Write down what a parent says that the family needs."""
    with work() as current:
        view = family(current, FamilyId(family_id))
    form = opened(view.rev)
    if form.sent:
        words = form.text("words", limit=WORDS_CHARS, required=True)
        wish = form.text("wish", limit=WORDS_CHARS)
        theme = form.choice("theme", Theme, required=False)
        stated_by = _parent(form, view, "stated_by", _("Choose who said it."))
        if form.ok and words is not None and stated_by is not None:
            intent = StateNeed(
                need_id=ids_of(form).of("need"),
                stated_by=stated_by,
                words=words,
                wish=wish,
                theme=None if theme is None else str(theme),
            )
            answer = send(form, view.id, [intent], _FIELDS)
            if answer is not None:
                return done(answer, "need")
    page = render_template("need.html", form=form, parents=_parents(view), **frame(view))
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/needs/<uuid:need_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def review_need(family_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Look at a need with the parents; they may close it."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        need = next((one for one in needs(current, view.id) if one.id == need_id), None)
    if need is None:
        raise NotFound("need")
    form = opened(view.rev)
    form.suggest(state=need.state)
    if form.sent:
        intent = _read_review(form, view, need)
        if form.ok and intent is not None:
            answer = send(form, view.id, [intent], _FIELDS)
            if answer is not None:
                return done(answer, "saved")
    page = render_template(
        "review.html",
        form=form,
        need=need,
        parents=_parents(view),
        still_open=[one for one in NeedState if one not in CLOSED],
        closed=[one for one in NeedState if one in CLOSED],
        **frame(view),
    )
    return page, 422 if form.sent else 200


def _read_review(form: Form, view: FamilyView, need: Need) -> Operation | None:
    state = form.choice("state", NeedState)
    words = form.text("words", limit=WORDS_CHARS)
    if state is None:
        return None
    review_id = ids_of(form).of("review")
    if state not in CLOSED:
        return ReviewNeed(review_id, need.id, state, words)
    closed_by = _parent(form, view, "closed_by", _("Only a parent closes a need: choose who did."))
    return None if closed_by is None else CloseNeed(review_id, need.id, closed_by, state, words)


def _parents(view: FamilyView) -> list[tuple[str, str]]:
    return [(str(one.id), name_of(one)) for one in living(adults(view))]


def _parent(form: Form, view: FamilyView, field: str, message: str) -> UUID | None:
    chosen = {value: UUID(value) for value, _name in _parents(view)}.get(form.value(field))
    if chosen is None:
        form.wrong(field, message)
    return chosen
