"""The inbox: what phones sent that a person must decide. For nurses of the families only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.paging import page_of
from api.reviews.places import key_of, place_after
from api.web.blueprint import pages
from api.web.deciding import (
    decided_as,
    headline,
    kind_words,
    offered,
    only_to_read,
    operation_words,
    why,
)
from api.web.forms import Form
from api.web.naming import names_for
from api.web.people import initials, nameless, short_id, title_of
from api.web.submitting import Errand, applied, opened, status
from api.web.telling import Line, Names, lines_of, sides_of
from api.web.texts import _
from nyefamilier.changes.intents import REASON_CHARS, Choice, DecideReview
from nyefamilier.door.mutations import Operation
from nyefamilier.door.reviews import (
    PAGE,
    Review,
    family_of,
    names_in,
    review,
    reviews,
    written_by,
)
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import Role
from nyefamilier.storage.work import Work

_FIELDS = {"/choose": "choose", "/reason": "reason"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item on the list."""

    id: UUID
    headline: str
    kind: str
    called: str
    short: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An operation that was not carried out, in words."""

    headline: str
    lines: list[Line]


@pages.get("/inbox")
@allow(Role.NURSE)
def show_inbox() -> ResponseReturnValue:
    """What waits for the nurse, the oldest first."""
    with work() as current:
        found = reviews(current, after=place_after(request.args.get("cursor")))
        names = names_in(current, found)
        today = current.today
    waiting = [_waiting(one, names.get(one.family_id, ())) for one in found]
    more = page_of(found, PAGE, key_of).next
    return render_template("inbox.html", waiting=waiting, more=more, today=today)


@pages.route("/inbox/<uuid:review_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def decide_review(review_id: UUID) -> ResponseReturnValue:
    """One item with both contents, and what can be decided of it."""
    form = opened()
    with work() as current:
        family_id = family_of(current, review_id)
    errand = Errand("decided", _FIELDS)
    answer = applied(form, family_id, errand, lambda: _read_decision(form, review_id))
    if answer is not None:
        said = "already-saved" if answer.replayed else "decided"
        return redirect(url_for("web.show_inbox", done=said), 303)
    with work() as current:
        page = _page(current, review(current, review_id))
    return render_template("inbox_item.html", form=form, **page), status(form)


def _read_decision(form: Form, review_id: UUID) -> tuple[Operation, ...]:
    choose = form.choice("choose", Choice)
    reason = form.text("reason", limit=REASON_CHARS)
    if form.ticked("only_read"):
        reason = reason or _("Read.")
    if choose is Choice.DISMISS and reason is None:
        form.wrong("reason", _("Say why nothing is to be done."))
    return () if choose is None else (DecideReview(review_id, choose, reason),)


def _waiting(item: Review, names: tuple[str, ...]) -> Waiting:
    short = short_id(item.family_id)
    return Waiting(
        id=item.id,
        headline=headline(item),
        kind=kind_words(item),
        called=initials(names) or short,
        short=short,
        opened_at=item.opened_at,
    )


def _page(current: Work, item: Review) -> dict[str, Any]:
    view = family(current, item.family_id)
    wrote = written_by(current, item)
    names = names_for(current, item, view, wrote)
    sender = names.get(str(item.sent_by), _("somebody who no longer works here"))
    stood, sent = sides_of(item.record_kind or "", item.current or {}, item.proposed or {}, names)
    return {
        "item": item,
        "family": view,
        "title": title_of(view),
        "tab_title": nameless(view.id),
        "headline": headline(item),
        "kind": kind_words(item),
        "why": why(item),
        "sender": sender,
        "wrote": wrote,
        "names": names,
        "subject": names.get(str(item.record_id)),
        "stood": stood,
        "sent": sent,
        "in_the_way": lines_of(item.current or {}, names),
        "operations": [_told(one, names) for one in item.operations],
        "choices": offered(item, sender),
        "only_read": only_to_read(item),
        "decided": None if item.decision is None else decided_as(item.decision),
    }


def _told(operation: dict[str, Any], names: Names) -> Told:
    return Told(operation_words(str(operation.get("op"))), lines_of(operation, names))
