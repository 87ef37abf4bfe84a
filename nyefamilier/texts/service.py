"""Texts' use cases: write down what is to be told, and look at it again when it is sent.

A text is written in the transaction of what it tells of, so that there is none without it and none
is forgotten. Whether it may go out is decided when it is sent, and then only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias, cast
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import STAYS_AWAY, NotAllowed, Unavailable
from nyefamilier.kernel.ids import FamilyId, new_id
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.storage.work import Work
from nyefamilier.texts import store
from nyefamilier.texts.circumstances import look, number_index
from nyefamilier.texts.gateway import Message
from nyefamilier.texts.rules import (
    Planned,
    Suppress,
    Told,
    Wait,
    decide,
    next_try,
    texts_of_booking,
    texts_of_visit,
)
from nyefamilier.texts.states import UNSETTLED, Kind, Reason, TextState
from nyefamilier.texts.tables import TextRow
from nyefamilier.texts.wording import words_of
from nyefamilier.visits.events import VisitAgreed, VisitMade

LOST_AFTER: Final = timedelta(minutes=5)
"""A text that was handed over is taken for lost after this, and tried again under the same key."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A text that was looked at and is not sent now, if ever."""


@dataclass(frozen=True, slots=True, repr=False)
class Handed:
    """A text that may go out at this moment.

    Args:
        attempt: Which try this is, counted from 1.
    """

    message: Message
    attempt: int


Looked: TypeAlias = Settled | Handed


class Defective(Exception):  # noqa: N818 - one text's; the run goes on
    """Looking at a text failed as nobody thought of. Nothing of it has happened.

    Args:
        text_id: The text.
        attempts: How often it had been tried before.
    """

    def __init__(self, text_id: UUID, attempts: int) -> None:
        super().__init__("a text could not be looked at")
        self.text_id = text_id
        self.attempts = attempts


def write_for_booking(work: Work, event: VisitAgreed) -> None:
    """Write down the texts that an agreement asks for."""
    planned = texts_of_booking(event.kind, event.at, event.before, work.now)
    _write(work, event.family_id, event.visit_id, event.at, planned)


def write_for_visit(work: Work, event: VisitMade) -> None:
    """Write down the texts that a visit asks for which was made."""
    _write(work, event.family_id, event.visit_id, event.at, texts_of_visit(event.at, work.now))


HEARERS: Final = frozenset({write_for_booking, write_for_visit})
"""Whoever plays what is long past takes these out: nobody is written to about it."""


def look_at_next(work: Work, contact: str | None) -> Looked | None:
    """Look at the text that is due: hand it over, put it off, or settle it. None if none is due.

    *contact* is the number that parents may call.

    Raises:
        NotAllowed: the actor is a person.
        Unavailable: the key provider is away.
        Defective: this text cannot be looked at; whoever calls rolls back and sets it aside.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Texts are sent by the programme's own job.")
    row = store.next_due(work.session, work.now)
    if row is None:
        return None
    text_id, attempts = row.id, row.attempts
    try:
        return _look_at(work, row, contact)
    except Unavailable as refusal:
        if refusal.code not in STAYS_AWAY:
            raise
        _settle(work, row, TextState.FAILED, Reason.NOT_READABLE)
        return Settled()
    except Exception as error:
        if unavailable_from(error) is not None:
            raise
        # Whatever it is, it is this text's: the others that are due must not wait for it.
        raise Defective(text_id, attempts) from error


def set_aside(work: Work, defective: Defective) -> None:
    """A text that cannot be looked at is tried again, later each time, until it is given up."""
    row = store.locked(work.session, defective.text_id)
    if row.state in UNSETTLED and row.attempts == defective.attempts:
        row.attempts += 1
        _put_off(work, row, Reason.DEFECT, Reason.DEFECT)


def note_sent(work: Work, handed: Handed) -> None:
    """The gateway gave a receipt."""
    row = store.locked(work.session, handed.message.key)
    if row.state != TextState.SENT:
        _settle(work, row, TextState.SENT, None)


def note_refused(work: Work, handed: Handed) -> None:
    """The gateway will never send it."""
    row = store.locked(work.session, handed.message.key)
    if _is_ours(row, handed):
        _settle(work, row, TextState.FAILED, Reason.GATEWAY_REFUSED)


def note_away(work: Work, handed: Handed) -> None:
    """No receipt came: it is tried again, later each time, until it is given up."""
    row = store.locked(work.session, handed.message.key)
    if _is_ours(row, handed):
        _put_off(work, row, Reason.GATEWAY_AWAY, Reason.GAVE_UP)


def note_defect(work: Work, handed: Handed) -> None:
    """The gateway failed as it never should; nobody knows whether it went out. As if away."""
    row = store.locked(work.session, handed.message.key)
    if _is_ours(row, handed):
        _put_off(work, row, Reason.DEFECT, Reason.DEFECT)


def _put_off(work: Work, row: TextRow, meanwhile: Reason, at_last: Reason) -> None:
    again = next_try(row.attempts, work.now)
    if again is None:
        _settle(work, row, TextState.FAILED, at_last)
    else:
        row.due, row.reason = again, meanwhile


def _write(
    work: Work, family_id: FamilyId, visit_id: UUID, visit_at: datetime, planned: Iterable[Planned]
) -> None:
    dossier: Dossier = work.dossiers[family_id]
    for one in planned:
        values = {
            "id": new_id(work.now),
            "family_id": family_id,
            "visit_id": visit_id,
            "rev": dossier.family.rev,
            "kind": one.kind,
            "visit_at": visit_at,
            "written_at": work.now,
            "due": one.due,
            "state": TextState.WAITING,
            "reason": None,
            "attempts": 0,
            "handed_at": None,
            "number_index": None,
            "settled_at": None,
        }
        work.session.insert(TextRow, values)


def _look_at(work: Work, row: TextRow, contact: str | None) -> Looked:
    dossier = open_dossier(work, FamilyId(row.family_id), Action.READ, "text")
    found, recipient = look(dossier, row)
    handed_before = row.state == TextState.HANDED
    told = Told(Kind(row.kind), row.visit_at, handed_before)
    match decide(told, found, work.now):
        case Suppress(reason):
            _settle(work, row, TextState.SUPPRESSED, reason)
            return Settled()
        case Wait(until, reason):
            row.due, row.reason = until, reason
            return Settled()
    row.state, row.reason = TextState.HANDED, None
    row.attempts += 1
    row.handed_at, row.due = work.now, work.now + LOST_AFTER
    row.number_index = number_index(dossier, recipient)
    number = cast("str", recipient.number)  # without one it has been suppressed
    words = words_of(told.kind, row.visit_at, recipient.language, contact)
    return Handed(Message(row.id, number, words), row.attempts)


def _is_ours(row: TextRow, handed: Handed) -> bool:
    """Whether the text stands as this try left it; another process may have tried since."""
    return row.state == TextState.HANDED and row.attempts == handed.attempt


def _settle(work: Work, row: TextRow, state: TextState, reason: Reason | None) -> None:
    row.state, row.reason, row.settled_at = state, reason, work.now
