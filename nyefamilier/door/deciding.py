"""Decides what lies in the inbox, and carries out what was decided in the name of its sender.

Both contents stay in the item for ever. A decision that a rule of the programme does not allow is
refused like any other write, and the item stays open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from nyefamilier.changes.bodies import InboxBody
from nyefamilier.changes.events import ReviewDecided
from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.handling import do, open_for
from nyefamilier.door.inbox import Kind
from nyefamilier.door.mutations import Operation
from nyefamilier.door.operations import operation_of
from nyefamilier.door.touching import touched_by
from nyefamilier.families import store
from nyefamilier.families.dossier import Dossier, Sender
from nyefamilier.families.intents import SetAddress, UpdateMember
from nyefamilier.families.tables import MemberRow
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.intents import BookVisit, RecordVisit
from nyefamilier.visits.missed import close_again
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow

CHOICES: Final = {
    Kind.CONFLICT: frozenset({Choice.CURRENT, Choice.PROPOSED, Choice.DISMISS}),
    Kind.HELD: frozenset({Choice.FILE_HELD, Choice.DISMISS}),
    Kind.PARKED: frozenset({Choice.FILE_HELD, Choice.DISMISS}),
}
"""What can be decided of what."""

_CARRIES_OUT: Final = frozenset({Choice.PROPOSED, Choice.FILE_HELD})


def carry_out(dossier: Dossier, operation: Operation) -> list[str]:
    """Carry out any operation on a family that is open for it, and say what it touched.

    Raises:
        Refusal: see its use case; for a decision see `decide`.
    """
    touched = touched_by(dossier.id, [operation])
    if isinstance(operation, DecideReview):
        return touched + decide(dossier, operation)
    do(dossier, operation)
    return touched


def decide(dossier: Dossier, intent: DecideReview) -> list[str]:
    """Decide an item of the family's inbox.

    Returns:
        What was touched by carrying it out.

    Raises:
        NotFound: the family has no such item.
        RuleBroken: ``review-decided``, ``review-choice``, ``reason-missing``; what the operations
            that are carried out are refused for.
    """
    row = dossier.record(InboxRow, intent.review_id)
    body = dossier.read(row, InboxBody)
    _check(row, body, intent)
    touched: list[str] = []
    if intent.choose in _CARRIES_OUT:
        touched = _in_the_name_of_the_sender(dossier, row, body, intent.reason)
    row.decided_at, row.decided_by = dossier.work.now, dossier.work.actor.id
    row.decision = intent.choose
    dossier.put(row, replace(body, why=intent.reason))
    dossier.work.record(ReviewDecided(dossier.id, row.id, row.mutation_id))
    return touched


def as_it_stands(dossier: Dossier, operation: Operation) -> Operation:
    """The operation against what is here now, which whoever merges or decides has looked at."""
    match operation:
        case UpdateMember(member_id=member):
            return replace(operation, base_rev=dossier.record(MemberRow, member).rev)
        case SetAddress(address=address):
            present = store.present_address(dossier.work.session, dossier.id)
            if present is not None and address.valid_from < present.valid_from:
                later = replace(address, valid_from=present.valid_from)
                return replace(operation, address=later)
    return operation


def _check(row: InboxRow, body: InboxBody, intent: DecideReview) -> None:
    if row.decided_at is not None:
        raise RuleBroken("review-decided", "This has been decided already; read it again.")
    nothing_to_do = intent.choose in _CARRIES_OUT and not body.operations
    if intent.choose not in CHOICES[Kind(row.kind)] or nothing_to_do:
        raise RuleBroken(
            "review-choice",
            "This cannot be decided so. A conflict is decided for one of its values, what is held "
            "is filed or dismissed; what has nothing left to be done is dismissed.",
            pointer="/choose",
        )
    if intent.choose is Choice.DISMISS and not intent.reason:
        raise RuleBroken("reason-missing", "Say why nothing is to be done.", pointer="/reason")


def _in_the_name_of_the_sender(
    dossier: Dossier, row: InboxRow, body: InboxBody, why: str | None
) -> list[str]:
    before = dossier.sender
    dossier.sender = Sender(row.sent_by, body.occurred_at or row.opened_at)
    touched: list[str] = []
    for told in body.operations:
        operation = operation_of(told)
        # The deciding nurse must be allowed what she lets happen.
        open_for(dossier.work, dossier.id, operation, first=False)
        _give_way(dossier, operation)
        meant = as_it_stands(dossier, _for_a_reason(operation, why))
        touched += carry_out(dossier, meant)
    dossier.sender = before
    return touched


def _for_a_reason(operation: Operation, why: str | None) -> Operation:
    """A visit outside working time that gave no reason is for the one that the decision gives."""
    if isinstance(operation, BookVisit) and operation.outside_hours is None:
        return replace(operation, outside_hours=why)
    return operation


def _give_way(dossier: Dossier, operation: Operation) -> None:
    """Let a visit that was taken for missed be recorded as made: a person says that it was."""
    if isinstance(operation, RecordVisit):
        row = dossier.find(VisitRow, operation.visit_id)
        if row is not None and row.state == VisitState.NOT_HOME:
            row.state = VisitState.BOOKED
            close_again(dossier, row)
