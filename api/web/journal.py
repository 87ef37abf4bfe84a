"""Notes: signed, never edited, corrected by a new version."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.records import the_one
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import everybody, name_of
from api.web.submitting import Errand, carried_out, ids_of, opened, seen, shown
from api.web.texts import _
from nyefamilier.door.mutations import Operation
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import NOTE_CHARS, CorrectNote, WriteNote
from nyefamilier.journal.views import Note, notes
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId

_FIELDS = {"/text": "text", "/member_id": "about"}


@pages.route("/families/<uuid:family_id>/notes/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def write_note(family_id: UUID) -> ResponseReturnValue:
    """Sign a note about one member."""
    form = opened()
    form.suggest(kind=NoteKind.ORDINARY)
    errand = Errand("note", _FIELDS)
    answer = carried_out(form, family_id, errand, lambda: _read_note(form))
    if answer is not None:
        return answer
    view = seen(family_id)
    members = [(str(one.id), name_of(one)) for one in everybody(view)]
    return shown("note.html", form, view, members=members)


@pages.route("/families/<uuid:family_id>/notes/<uuid:note_id>/correct", methods=["GET", "POST"])
@allow(Role.NURSE)
def correct_note(family_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Sign a new version of a note."""
    form = opened()
    errand = Errand("corrected", _FIELDS)
    answer = carried_out(form, family_id, errand, lambda: _read_correction(form, note_id))
    if answer is not None:
        return answer
    note = _note(family_id, note_id)
    form.suggest(text=note.text or "")
    return shown("correct.html", form, seen(family_id), note=note)


def _read_note(form: Form) -> Sequence[Operation]:
    text = form.text("text", limit=NOTE_CHARS, required=True)
    kind = form.choice("kind", NoteKind)
    about = form.id("about")
    if about is None:
        form.wrong("about", _("Choose whom the note is about."))
    if text is None or kind is None or about is None:
        return ()
    visible = kind is NoteKind.ORDINARY and not form.ticked("hide")
    return (WriteNote(ids_of(form).of("note"), about, text, kind, visible),)


def _read_correction(form: Form, note_id: UUID) -> Sequence[Operation]:
    text = form.text("text", limit=NOTE_CHARS, required=True)
    return () if text is None else (CorrectNote(ids_of(form).of("note"), note_id, text),)


def _note(family_id: UUID, note_id: UUID) -> Note:
    with work() as current:
        found = notes(current, FamilyId(family_id))
    return the_one(found, note_id, "note")
