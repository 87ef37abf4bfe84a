"""Needs: stated by a parent, looked at together, closed by a parent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.records import the_one
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import adults, living, name_of
from api.web.submitting import Errand, carried_out, ids_of, opened, seen, shown
from api.web.texts import _
from nyefamilier.door.mutations import Operation
from nyefamilier.families.views import FamilyView
from nyefamilier.kernel.actors import Role
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
    form = opened()
    errand = Errand("need", _FIELDS)
    answer = carried_out(form, family_id, errand, lambda: _read_need(form))
    if answer is not None:
        return answer
    view = seen(family_id)
    return shown("need.html", form, view, parents=_parents(view))


@pages.route("/families/<uuid:family_id>/needs/<uuid:need_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def review_need(family_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Look at a need with the parents; they may close it."""
    form = opened()
    errand = Errand("saved", _FIELDS)
    answer = carried_out(form, family_id, errand, lambda: _read_review(form, need_id))
    if answer is not None:
        return answer
    view, need = seen(family_id), _need(family_id, need_id)
    form.suggest(state=need.state)
    return shown("review.html", form, view, need=need, parents=_parents(view), states=_STATES)


_STATES = sorted(NeedState, key=lambda state: state in CLOSED)


def read_theme(form: Form, field: str) -> str | None:
    """The theme that was chosen, as a need keeps it."""
    theme = form.choice(field, Theme, required=False)
    return None if theme is None else str(theme)


def _read_need(form: Form) -> Sequence[Operation]:
    words = form.text("words", limit=WORDS_CHARS, required=True)
    wish = form.text("wish", limit=WORDS_CHARS)
    theme = read_theme(form, "theme")
    stated_by = form.id("stated_by")
    if stated_by is None:
        form.wrong("stated_by", _("Choose who said it."))
    if words is None or stated_by is None:
        return ()
    return (StateNeed(ids_of(form).of("need"), stated_by, words, wish, theme),)


def _read_review(form: Form, need_id: UUID) -> Sequence[Operation]:
    state = form.choice("state", NeedState)
    words = form.text("words", limit=WORDS_CHARS)
    if state is None:
        return ()
    review_id = ids_of(form).of("review")
    if state not in CLOSED and form.value("closed_by"):
        form.wrong("state", _("A need is closed as met, or as no longer wished for."))
    if state not in CLOSED:
        return (ReviewNeed(review_id, need_id, state, words),)
    closed_by = form.id("closed_by")
    if closed_by is None:
        form.wrong("closed_by", _("Only a parent closes a need: choose who did."))
        return ()
    return (CloseNeed(review_id, need_id, closed_by, state, words),)


def _need(family_id: UUID, need_id: UUID) -> Need:
    with work() as current:
        found = needs(current, FamilyId(family_id))
    return the_one(found, need_id, "need")


def _parents(view: FamilyView) -> list[tuple[str, str]]:
    return [(str(one.id), name_of(one)) for one in living(adults(view))]
