"""Sign notes, read them, correct them. There is no edit and no delete."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.journal import schemas
from api.records import Items, the_one
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import Note, notes
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId

blueprint = guarded_blueprint("notes", __name__, "/api/v1/families", roles=[Role.NURSE])


@blueprint.get("/<uuid:family_id>/notes")
@blueprint.response(200, schemas.NotesSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_notes(family_id: UUID) -> Items:
    """A family's notes, oldest first.

    All versions of all of them; for a lead without their words.
    """
    with work() as current:
        return Items(notes(current, FamilyId(family_id)))


@blueprint.post("/<uuid:family_id>/notes")
@blueprint.arguments(schemas.NewNoteSchema, example=schemas.NOTE)
@answers(blueprint, 201)
@refuses("note-empty", "restricted-note-visible", "text-too-long")
def write_note(body: dict[str, Any], family_id: UUID) -> Answered:
    """Sign a note about one member of the family.

    What a parent says about the other is a note about that parent, never about the child: both
    parents may read the child's.
    """
    ids = NewIds()
    note_id = ids.one("note", body.pop("id", None))
    return answer_to(change(family_id, WriteNote(note_id, **body)), ids, at=f"/notes/{note_id}")


@blueprint.get("/<uuid:family_id>/notes/<uuid:note_id>")
@blueprint.response(200, schemas.NoteSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_note(family_id: UUID, note_id: UUID) -> Note:
    """One version of a note.

    `corrected_by` names the versions that correct it; nothing is ever taken away.
    """
    with work() as current:
        return the_one(notes(current, FamilyId(family_id)), note_id, "note")


@blueprint.post("/<uuid:family_id>/notes/<uuid:note_id>/corrections")
@blueprint.arguments(schemas.CorrectionSchema, example=schemas.CORRECTION)
@answers(blueprint, 201)
@refuses("note-empty", "text-too-long")
def correct_note(body: dict[str, Any], family_id: UUID, note_id: UUID) -> Answered:
    """Sign a new version of a note; the one before stays readable.

    Two corrections of one version both stand, and both are shown.
    """
    ids = NewIds()
    new = ids.one("note", body.get("id"))
    intent = CorrectNote(new, note_id, body["text"])
    return answer_to(change(family_id, intent), ids, at=f"/notes/{new}")
