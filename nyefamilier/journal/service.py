"""The journal's use cases. A note is signed once; whatever is wrong in it is mended by another.

Sources: helsepersonelloven sections 39, 40 and 42 (record, content, correction).
"""

from __future__ import annotations

from nyefamilier.families.dossier import Dossier
from nyefamilier.families.tables import MemberRow
from nyefamilier.journal.bodies import Filing, NoteBody, NoteKind
from nyefamilier.journal.intents import NOTE_CHARS, CorrectNote, WriteNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.tables import VisitRow


def write_note(dossier: Dossier, intent: WriteNote) -> None:
    """Sign a note about one member of the family.

    Raises:
        NotFound: the member or the visit is not this family's.
        RuleBroken: ``note-empty``, ``text-too-long``, ``restricted-note-visible``.
    """
    _check_text(intent.text)
    if intent.kind is not NoteKind.ORDINARY and intent.visible_to_parents:
        raise RuleBroken(
            "restricted-note-visible",
            "A restricted note is never shown to parents in an app. Set visible_to_parents to "
            "false.",
            pointer="/visible_to_parents",
        )
    dossier.record(MemberRow, intent.member_id)
    if intent.visit_id is not None:
        dossier.record(VisitRow, intent.visit_id)
    row = NoteRow(
        id=intent.note_id,
        member_id=intent.member_id,
        visit_id=intent.visit_id,
        version=1,
        signed_by=dossier.author_id,
        signed_at=dossier.work.now,
    )
    filing = _filing(dossier)
    dossier.put(row, NoteBody(intent.text, intent.kind, intent.visible_to_parents, filing))


def correct_note(dossier: Dossier, intent: CorrectNote) -> None:
    """Sign a new version. Two corrections of one version both stand, and both are shown.

    Raises:
        NotFound: the family has no such note.
        RuleBroken: ``note-empty``, ``text-too-long``.
    """
    _check_text(intent.text)
    before = dossier.record(NoteRow, intent.corrects)
    body = dossier.read(before, NoteBody)
    row = NoteRow(
        id=intent.note_id,
        member_id=before.member_id,
        visit_id=before.visit_id,
        corrects=before.id,
        version=before.version + 1,
        signed_by=dossier.author_id,
        signed_at=dossier.work.now,
    )
    filing = _filing(dossier)
    dossier.put(row, NoteBody(intent.text, body.kind, body.visible_to_parents, filing))


def _filing(dossier: Dossier) -> Filing | None:
    sender = dossier.sender
    return None if sender is None else Filing(sender.occurred_at, sender.late)


def _check_text(text: str) -> None:
    if not text.strip():
        raise RuleBroken("note-empty", "A note has a text.", pointer="/text")
    if len(text) > NOTE_CHARS:
        raise RuleBroken(
            "text-too-long",
            f"A note has at most {NOTE_CHARS} characters. Split it in two.",
            pointer="/text",
        )
