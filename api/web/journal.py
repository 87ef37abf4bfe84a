"""Notes: signed, never edited, corrected by a new version."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.people import everybody, name_of
from api.web.register import frame, member_of
from api.web.submitting import done, ids_of, opened, send
from api.web.texts import _
from nyefamilier.families.views import family
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import NOTE_CHARS, CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId

_FIELDS = {"/text": "text", "/member_id": "about"}


@pages.route("/families/<uuid:family_id>/notes/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def write_note(family_id: UUID) -> ResponseReturnValue:
    """Sign a note about one member."""
    with work() as current:
        view = family(current, FamilyId(family_id))
    form = opened(view.rev)
    form.suggest(kind=NoteKind.ORDINARY)
    if form.sent:
        text = form.text("text", limit=NOTE_CHARS, required=True)
        kind = form.choice("kind", NoteKind)
        about = form.id("about")
        if about is None:
            form.wrong("about", _("Choose whom the note is about."))
        if form.ok and text is not None and kind is not None and about is not None:
            intent = WriteNote(
                note_id=ids_of(form).of("note"),
                member_id=member_of(view, about).id,
                text=text,
                kind=kind,
                visible_to_parents=kind is NoteKind.ORDINARY and not form.ticked("hide"),
            )
            answer = send(form, view.id, [intent], _FIELDS)
            if answer is not None:
                return done(answer, "note")
    members = [(str(one.id), name_of(one)) for one in everybody(view)]
    page = render_template("note.html", form=form, members=members, **frame(view))
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/notes/<uuid:note_id>/correct", methods=["GET", "POST"])
@allow(Role.NURSE)
def correct_note(family_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Sign a new version of a note."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        note = next((one for one in notes(current, view.id) if one.id == note_id), None)
    if note is None:
        raise NotFound("note")
    form = opened(view.rev)
    form.suggest(text=note.text or "")
    if form.sent:
        text = form.text("text", limit=NOTE_CHARS, required=True)
        if form.ok and text is not None:
            intent = CorrectNote(ids_of(form).of("note"), note.id, text)
            answer = send(form, view.id, [intent], _FIELDS)
            if answer is not None:
                return done(answer, "corrected")
    page = render_template("correct.html", form=form, note=note, **frame(view))
    return page, 422 if form.sent else 200
