"""How what several devices write of notes and needs is brought together: words are only added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.merged import Contested, Merged, Standing, plain
from nyefamilier.families.dossier import Dossier
from nyefamilier.journal.bodies import NoteBody
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.store import corrections_of
from nyefamilier.journal.tables import NoteRow
from nyefamilier.needs.bodies import NeedBody, ReviewBody
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import CLOSED, NeedState
from nyefamilier.needs.tables import NeedRow, ReviewRow


def write_note(standing: Standing, note: WriteNote) -> Merged:
    """A note is added under its id; the same one twice is one."""
    row = standing.find(NoteRow, note.note_id)
    if row is not None and _text(standing.dossier, row) == note.text:
        return Merged()
    return Merged((note,))


def correct_note(standing: Standing, correction: CorrectNote) -> Merged:
    """A correction stands beside any other of the same note; that there are two is shown."""
    row = standing.find(NoteRow, correction.note_id)
    if row is not None and _text(standing.dossier, row) == correction.text:
        return Merged()
    touch = ("note", correction.corrects, "correction")
    if not standing.changed(touch):
        return Merged((correction,))
    standing_now = _latest(standing, correction.corrects)
    current = plain(text=_text(standing.dossier, standing_now))
    proposed = plain(note_id=correction.note_id, text=correction.text)
    flagged = Contested(touch, "parallel-corrections", None, current, proposed)
    return Merged((correction,), (flagged,))


def state_need(standing: Standing, need: StateNeed) -> Merged:
    """A need is added under its id; the same one twice is one."""
    row = standing.find(NeedRow, need.need_id)
    if row is not None and standing.dossier.read(row, NeedBody) == NeedBody(need.words, need.wish):
        return Merged()
    return Merged((need,))


def review_need(standing: Standing, review: ReviewNeed) -> Merged:
    """A step from where the sender saw the need. What the parents closed stays closed."""
    row = standing.dossier.record(NeedRow, review.need_id)
    if _is_here(standing, review):
        return Merged()
    touch = ("need", review.need_id, "state")
    if not standing.changed(touch):
        return Merged((review,))
    if row.state == review.state:
        return _only_words(review)
    return _contested(row, review)


def close_need(standing: Standing, closing: CloseNeed) -> Merged:
    """The parents' word: it goes before a nurse's review, and against another closing it stands."""
    row = standing.dossier.record(NeedRow, closing.need_id)
    if _is_here(standing, closing):
        return Merged()
    if row.state not in CLOSED:
        return Merged((closing,))
    if row.state == closing.state and closing.words is None:
        return Merged()
    return _contested(row, closing)


def decide_review(standing: Standing, decision: DecideReview) -> Merged:
    """What has been decided so already is decided."""
    row = standing.dossier.record(InboxRow, decision.review_id)
    same = row.decision is not None and Choice(row.decision) is decision.choose
    return Merged() if same else Merged((decision,))


def _latest(standing: Standing, note_id: UUID) -> NoteRow:
    """The version of a note that stands: the latest that corrects it, else itself."""
    known = corrections_of(standing.dossier.work.session, standing.dossier.id, note_id)
    return known[-1] if known else standing.dossier.record(NoteRow, note_id)


def _only_words(review: ReviewNeed) -> Merged:
    """The same end twice: nothing is done, unless the parents said something."""
    return Merged() if review.words is None else Merged((review,))


def _contested(row: NeedRow, told: ReviewNeed | CloseNeed) -> Merged:
    current = plain(state=row.state, closed_by=row.closed_by, closed_at=row.closed_at)
    by = told.closed_by if isinstance(told, CloseNeed) else None
    proposed = plain(state=told.state, closed_by=by, words=told.words)
    reason = "need-closed" if NeedState(row.state) in CLOSED else "changed-since"
    touch = ("need", row.id, "state")
    return Merged((), (Contested(touch, reason, told, current, proposed),))


def _is_here(standing: Standing, told: ReviewNeed | CloseNeed) -> bool:
    row = standing.find(ReviewRow, told.review_id)
    if row is None or row.need_id != told.need_id or row.state != told.state:
        return False
    return standing.dossier.read(row, ReviewBody) == ReviewBody(told.words)


def _text(dossier: Dossier, row: NoteRow) -> Any:  # noqa: ANN401 - text, opened
    return dossier.read(row, NoteBody).text
