"""What the visit form tells, as operations: the visit, new needs, looks at old ones, and notes.

Read from the form alone: which fields it has says which needs and members it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from api.web.forms import Form
from api.web.needing import read_theme
from api.web.submitting import Ids, ids_of
from api.web.texts import _
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import LANGUAGE_CHARS
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import NOTE_CHARS, WriteNote
from nyefamilier.needs.intents import WORDS_CHARS, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.visits.intents import (
    AGREED,
    MOST_MINUTES,
    REASON_CHARS,
    Interpreter,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.states import InterpreterCategory, Place, Present, Theme

NEW_NEEDS = 2
"""New needs that the form has room for; more are written down on the family's page."""

VISIT_FIELDS = {
    "/at": "day",
    "/minutes": "minutes",
    "/next_visit/on": "next_day",
    "/next_visit/at": "next_clock",
    "/interpreter/why_unqualified": "why_unqualified",
    "/kind": "visit",
}
"""Where on the form the pointers of refusals are."""


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def read_visit(form: Form) -> Sequence[Operation]:
    """All that the form tells; nothing when the visit itself cannot be read."""
    ids = ids_of(form)
    visit = _read_what_happened(form, ids)
    visit_id = ids.of("visit") if visit is None else visit.visit_id
    told = (
        *_read_new_needs(form, ids, visit_id),
        *_read_reviews(form, ids, visit_id),
        *_read_notes(form, ids, visit_id),
    )
    return () if visit is None else (visit, *told)


def _read_what_happened(form: Form, ids: Ids) -> RecordVisit | None:
    outcome, place = form.choice("outcome", Outcome), form.choice("place", Place)
    at = form.moment("day", "clock", required=True)
    took_place = outcome is Outcome.DONE
    minutes = form.number("minutes", 0, MOST_MINUTES, required=took_place)
    present, themes = form.choices("present", Present), form.choices("themes", Theme)
    interpreter, following = _read_interpreter(form), _read_next(form, ids)
    if outcome is None or at is None or place is None:
        return None
    planned, kind = form.id("visit"), form.value("visit")
    visit = RecordVisit(
        visit_id=planned or ids.of("visit"),
        outcome=outcome,
        at=at,
        minutes=0,
        place=place,
        kind=AGREED if planned is not None else kind or AGREED,
        next_visit=following,
    )
    if not took_place:
        return visit
    return replace(
        visit, minutes=minutes or 0, present=present, themes=themes, interpreter=interpreter
    )


def _read_interpreter(form: Form) -> Interpreter | None:
    category = form.choice("interpreter", InterpreterCategory, required=False)
    why = form.text("why_unqualified", limit=REASON_CHARS)
    language = form.text("interpreter_language", limit=LANGUAGE_CHARS)
    if category is None:
        if why is not None or language is not None:
            form.wrong("interpreter", _("Choose who interpreted."))
        return None
    if language is None:
        form.wrong("interpreter_language", _("Choose the language that was interpreted."))
        return None
    return Interpreter(category, language, why)


def _read_next(form: Form, ids: Ids) -> NextVisit | None:
    on = form.day("next_day")
    at = form.moment("next_day", "next_clock") if form.value("next_clock") else None
    place = form.choice("next_place", Place, required=False) or Place.HOME
    why = form.text("next_outside_hours", limit=REASON_CHARS)
    return None if on is None else NextVisit(ids.of("next"), on, at, place, why)


def _read_new_needs(form: Form, ids: Ids, visit_id: UUID) -> Iterator[Operation]:
    for number in range(NEW_NEEDS):
        name = f"need{number}"
        words = form.text(f"{name}_words", limit=WORDS_CHARS)
        wish, theme = (
            form.text(f"{name}_wish", limit=WORDS_CHARS),
            read_theme(form, f"{name}_theme"),
        )
        stated_by = form.id(f"{name}_by")
        if words is None:
            if wish is not None:
                form.wrong(f"{name}_words", _("Write what the parents said."))
            continue
        if stated_by is None:
            form.wrong(f"{name}_by", _("Choose who said it."))
            continue
        need_id = ids.of("need", number, place=number)
        yield StateNeed(need_id, stated_by, words, wish, theme, visit_id)


def _read_reviews(form: Form, ids: Ids, visit_id: UUID) -> Iterator[Operation]:
    for need_id in _ids_after("review-", form):
        state = form.choice(f"review-{need_id}", NeedState, required=False)
        words = form.text(f"review-{need_id}-words", limit=WORDS_CHARS)
        if state is not None:
            yield ReviewNeed(ids.of("review", need_id), need_id, state, words, visit_id)
        elif words is not None:
            form.wrong(f"review-{need_id}", _("Choose how it stands now."))


def _read_notes(form: Form, ids: Ids, visit_id: UUID) -> Iterator[Operation]:
    for place, member_id in enumerate(_ids_after("note-", form)):
        text = form.text(f"note-{member_id}", limit=NOTE_CHARS)
        kind = form.choice(f"note-{member_id}-kind", NoteKind, required=False) or NoteKind.ORDINARY
        if text is None:
            continue
        visible = kind is NoteKind.ORDINARY
        note_id = ids.of("note", member_id, place=place)
        yield WriteNote(note_id, member_id, text, kind, visible, visit_id)


def _ids_after(prefix: str, form: Form) -> list[UUID]:
    """The ids that stand behind a prefix in the names of the form's fields, in their order."""
    behind = (name.removeprefix(prefix) for name in form.typed if name.startswith(prefix))
    found = (_ID.match(text) for text in behind)
    return list(dict.fromkeys(UUID(one[0]) for one in found if one is not None))
