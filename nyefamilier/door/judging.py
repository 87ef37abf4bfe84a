"""Judges what phones send: every mutation gets a verdict, and none is ever lost.

Content is never an error here. What is safe is carried out; a value that another device changed is
kept beside the one that stands; what is not permitted is held, what comes too early is parked. Only
what is away (database, key provider) raises, and then nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from nyefamilier.changes import store
from nyefamilier.door.deciding import as_it_stands, carry_out
from nyefamilier.door.handling import ASSIGNING, check_size, open_for
from nyefamilier.door.inbox import (
    Left,
    add_conflict,
    add_held,
    add_parked,
    add_quarantined,
    close_waiting,
)
from nyefamilier.door.keeping import keep
from nyefamilier.door.merged import Contested, Standing, Waits, plain
from nyefamilier.door.merging import merge, resolve
from nyefamilier.door.mutations import Mutation, Operation, Sent
from nyefamilier.door.touching import NEW, told, touched_by
from nyefamilier.families import service as families
from nyefamilier.families.dossier import Dossier, Sender, open_to_file
from nyefamilier.families.holding import held_family
from nyefamilier.families.intents import RegisterFamily
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, Unavailable
from nyefamilier.kernel.ids import FamilyId, MutationId, new_id
from nyefamilier.storage.engine import names_taken_id
from nyefamilier.storage.work import Work
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.outside import OutsideHours
from nyefamilier.wire.verdicts import Verdict

LATE = "late"
"""A note was filed although its nurse does not follow the family any more."""
NO_LONGER_HERS = "no-longer-hers"
"""The rest of what she sent is for the present nurse to decide."""
WAITS_FOR_FAMILY = "waits-for-family"
"""There is no such family, or she never followed it: nothing is told of it, nor to it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a mutation.

    Args:
        status: The verdict.
        reason: The stable name of why, for all but what was simply applied.
        pointer: Where in the mutation the reason lies.
        rev: The family's revision that it made, if it made one.
        review: What a person must decide, the first of it.
        filed: Notes that were filed although the rest is held.
        waits_for: The record that a parked mutation waits for.
    """

    status: Verdict
    reason: str | None = None
    pointer: str | None = None
    rev: int | None = None
    review: UUID | None = None
    filed: tuple[UUID, ...] = ()
    waits_for: UUID | None = None


@dataclass(slots=True)
class _Filed:
    """What of a late mutation was filed, and what was not."""

    notes: list[UUID] = field(default_factory=list)
    rest: list[Operation] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Outcome:
    """What has come of a mutation's operations so far."""

    touched: list[str] = field(default_factory=list)
    contested: list[Contested] = field(default_factory=list)
    done: int = 0
    reason: str | None = None


def judge(work: Work, sent: Sent) -> Judgement:
    """The verdict on a mutation of a phone that may be used. Its effects are in the transaction.

    Raises:
        Unavailable: something of ours is away, or a record does not open.
    """
    try:
        return _judge_alone(work, sent)
    except Waits as waits:
        return Judgement(Verdict.PARKED, waits.reason, waits.pointer, waits_for=waits.record_id)
    except Unavailable:
        raise
    except Refusal as refusal:
        return hold(work, sent, refusal.code, refusal.pointer, _stands(refusal))
    except IntegrityError as error:
        if not names_taken_id(error):
            raise
        return hold(work, sent, "id-taken")


def _judge_alone(work: Work, sent: Sent) -> Judgement:
    try:
        return _undone_if_it_fails(work, sent, _judge)
    except TimeTaken:
        # Perhaps it was free when it was looked at and taken a moment later. Now it is seen to be,
        # and a visit that took place is recorded without the next one.
        return _undone_if_it_fails(work, sent, _judge)


def judge_at_once(work: Work, sent: Sent) -> Judgement:
    """The same where all goes well, without a savepoint: a push is judged some times faster.

    Whatever is raised has left traces in the transaction. Whoever calls rolls all of it back, and
    has it judged by `judge`, which gives a verdict on what is refused or waits.

    Raises:
        Refusal, Waits: see `judge`.
    """
    work.dossiers.pop(sent.mutation.family_id, None)
    try:
        return _judge(work, sent)
    finally:
        work.dossiers.pop(sent.mutation.family_id, None)


def hold(
    work: Work,
    sent: Sent,
    reason: str,
    pointer: str | None = None,
    stands: dict[str, Any] | None = None,
) -> Judgement:
    """Keep a mutation whole, for the family's nurse to decide: of a phone that was revoked, say.

    Args:
        work: The transaction, the actor and the instant.
        sent: What was sent.
        reason: The stable name of why.
        pointer: Where in the mutation the reason lies.
        stands: What stands in its way, for who decides.

    Raises:
        Unavailable: something of ours is away.
    """

    def held(work: Work, sent: Sent) -> Judgement:
        return _hold(work, sent, reason, pointer, stands)

    return _undone_if_it_fails(work, sent, held)


def hold_at_once(work: Work, sent: Sent, reason: str) -> Judgement:
    """The same without a savepoint; see `judge_at_once`.

    Raises:
        Unavailable: something of ours is away.
    """
    work.dossiers.pop(sent.mutation.family_id, None)
    try:
        return _hold(work, sent, reason, None)
    finally:
        work.dossiers.pop(sent.mutation.family_id, None)


def report_parked(work: Work, sent: Sent, reason: str) -> UUID | None:
    """Show a mutation that has waited for days to the family's nurse; it goes on waiting.

    Returns:
        The item in the inbox; None where there is no such family, or it was never the sender's.

    Raises:
        Unavailable: something of ours is away.
    """
    family_id = sent.mutation.family_id
    return _reported(work, family_id, lambda dossier: add_parked(dossier, sent, reason))


def report_quarantined(
    work: Work, family_id: FamilyId, mutation_id: UUID, device_id: UUID
) -> UUID | None:
    """Tell the family's nurse of a mutation that we could not process; without its contents.

    Returns:
        The item in the inbox; None where there is no such family, or it was never the sender's.

    Raises:
        Unavailable: something of ours is away.
    """
    return _reported(
        work, family_id, lambda dossier: add_quarantined(dossier, mutation_id, device_id)
    )


def _reported(work: Work, family_id: FamilyId, add: Callable[[Dossier], UUID]) -> UUID | None:
    work.dossiers.pop(family_id, None)
    dossier = open_to_file(work, family_id, "mutation")
    if dossier is None:
        return None
    review = add(dossier)
    # The mutation itself is still to come, under its own id.
    report = Mutation(MutationId(new_id(work.now)), family_id, ())
    keep(dossier, report, [told(("inbox", review, NEW))])
    work.dossiers.pop(family_id)
    return review


def _undone_if_it_fails(
    work: Work, sent: Sent, judging: Callable[[Work, Sent], Judgement]
) -> Judgement:
    """Judge; if that fails, nothing of it has happened and the transaction goes on."""
    family_id = sent.mutation.family_id
    # A mutation makes a revision of its own, and access is decided anew for each.
    work.dossiers.pop(family_id, None)
    try:
        with work.session.begin_nested():
            return judging(work, sent)
    finally:
        work.dossiers.pop(family_id, None)


def _judge(work: Work, sent: Sent) -> Judgement:
    mutation = sent.mutation
    check_size(mutation)
    _refuse_online_only(mutation)
    first = mutation.operations[0]
    registers = isinstance(first, RegisterFamily)
    if registers and families.any_exists(work, [mutation.family_id]):
        return _hold(work, sent, "family-exists", "/family")
    try:
        dossier = open_for(work, mutation.family_id, first)
    except (NotFound, NotAllowed):
        if registers:
            raise
        return _judge_late(work, sent)
    dossier.sender = Sender(work.actor.id, sent.occurred_at)
    return _judge_operations(dossier, sent, already_done=int(registers))


def _judge_operations(dossier: Dossier, sent: Sent, already_done: int) -> Judgement:
    mutation = sent.mutation
    standing = Standing(dossier, lambda: _others(dossier, sent), sent.device_id)
    outcome = _Outcome(touched_by(dossier.id, mutation.operations[:already_done]))
    outcome.done = already_done
    for number, operation in enumerate(mutation.operations[already_done:], already_done):
        try:
            if number:
                open_for(dossier.work, dossier.id, operation, first=False)
            _merge_one(standing, operation, outcome)
        except (Refusal, Waits) as refused:
            refused.pointer = f"/ops/{number}{refused.pointer or ''}"
            raise
    return _told(dossier, sent, outcome)


def _merge_one(standing: Standing, operation: Operation, outcome: _Outcome) -> None:
    merged = merge(standing, operation)
    dossier = standing.dossier
    for one in merged.do:
        outcome.touched += carry_out(dossier, as_it_stands(dossier, one))
        outcome.done += 1
    outcome.touched += [f"{kind}:{other}:is:{here}" for kind, other, here in merged.same]
    outcome.contested += merged.contested
    outcome.reason = outcome.reason or merged.reason


def _told(dossier: Dossier, sent: Sent, outcome: _Outcome) -> Judgement:
    reviews = [add_conflict(dossier, sent, one) for one in outcome.contested]
    outcome.touched += [told(("inbox", one, NEW)) for one in reviews]
    if reviews:
        reason = outcome.contested[0].reason
        judgement = Judgement(Verdict.CONFLICT, reason, review=reviews[0])
    elif outcome.done:
        judgement = Judgement(Verdict.APPLIED, outcome.reason)
    else:
        judgement = Judgement(Verdict.NOOP, outcome.reason or "already-so")
    return _kept(dossier, sent, judgement, outcome.touched)


def _judge_late(work: Work, sent: Sent) -> Judgement:
    """A nurse who gave the family up: her notes are filed, the rest is for the present nurse."""
    family_id = sent.mutation.family_id
    dossier = _open_to_file(work, sent)
    if dossier is None:
        # A family that is not hers looks like one that is not here: its id is all that she has.
        raise Waits(family_id, WAITS_FOR_FAMILY, "/family")
    dossier.sender = Sender(work.actor.id, sent.occurred_at, late=True)
    standing, filed = Standing(dossier), _Filed()
    for operation in sent.mutation.operations:
        _file(standing, operation, filed)
    return _told_late(dossier, sent, filed)


def _file(standing: Standing, operation: Operation, filed: _Filed) -> None:
    note = _fileable(standing, operation)
    if note is None:
        filed.rest.append(operation)
        return
    for one in merge(standing, note).do:
        filed.touched += carry_out(standing.dossier, one)
    filed.notes.append(note.note_id)


def _fileable(standing: Standing, operation: Operation) -> WriteNote | CorrectNote | None:
    """The note, if it can be filed alone; without a visit that is itself held back."""
    if not isinstance(operation, WriteNote | CorrectNote):
        return None
    try:
        resolve(standing, operation)
    except Waits as waits:
        if not isinstance(operation, WriteNote) or waits.pointer != "/visit_id":
            return None
        return replace(operation, visit_id=None)
    return operation


def _told_late(dossier: Dossier, sent: Sent, filed: _Filed) -> Judgement:
    notes = tuple(filed.notes)
    reason = NO_LONGER_HERS if filed.rest else LATE
    review = add_held(dossier, sent, reason, Left(filed.rest, notes))
    status = Verdict.HELD if filed.rest else Verdict.APPLIED
    judgement = Judgement(status, reason, review=review, filed=notes)
    return _kept(dossier, sent, judgement, [*filed.touched, told(("inbox", review, NEW))])


def _hold(
    work: Work,
    sent: Sent,
    reason: str,
    pointer: str | None,
    stands: dict[str, Any] | None = None,
) -> Judgement:
    if (dossier := _open_to_file(work, sent)) is None:
        if isinstance(sent.mutation.operations[0], RegisterFamily):
            return Judgement(Verdict.HELD, reason, pointer)
        # It can be shown to nobody before its family is here, and hers.
        return Judgement(Verdict.PARKED, reason, "/family", waits_for=sent.mutation.family_id)
    review = add_held(dossier, sent, reason, Left(sent.mutation.operations, stands=stands))
    judgement = Judgement(Verdict.HELD, reason, pointer, review=review)
    return _kept(dossier, sent, judgement, [told(("inbox", review, NEW))])


def _stands(refusal: Refusal) -> dict[str, Any] | None:
    """What stands in the way of a mutation that was refused, where that can be told."""
    match refusal:
        case TimeTaken():
            return plain(taken=refusal.taken, free=refusal.free)
        case OutsideHours():
            return plain(free=refusal.free)
    return None


def _open_to_file(work: Work, sent: Sent) -> Dossier | None:
    work.dossiers.pop(sent.mutation.family_id, None)
    return open_to_file(work, sent.mutation.family_id, "mutation")


def _kept(dossier: Dossier, sent: Sent, judgement: Judgement, touched: Sequence[str]) -> Judgement:
    if sent.again:
        touched = [*touched, *close_waiting(dossier, sent)]
    keep(dossier, sent.mutation, sorted(set(touched)), status=judgement.status, sent=sent)
    return replace(judgement, rev=dossier.family.rev)


def _others(dossier: Dossier, sent: Sent) -> Mapping[str, int]:
    """What others wrote since the sender looked; asked for only when anybody wrote anything."""
    base, seen = sent.mutation.base_rev, dossier.family.rev - 1
    if base is None or base >= seen:
        return {}
    held = held_family(dossier.work, dossier.id)
    if held is not None and base in held.others:
        return held.others[base]
    others = store.touched_by_others(dossier.work.session, dossier.id, base, sent.device_id)
    if held is not None:
        held.others[base] = others
    return others


def _refuse_online_only(mutation: Mutation) -> None:
    for number, operation in enumerate(mutation.operations):
        if type(operation) in ASSIGNING:
            raise RuleBroken(
                "online-only",
                "Who follows a family is decided with the server at hand: access hangs on it.",
                pointer=f"/ops/{number}",
            )
