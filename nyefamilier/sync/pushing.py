"""Takes in what a phone pushes: each mutation once, in order, with a verdict that is kept.

A push is one transaction. It is done without savepoints first, since almost always all goes well.
If anything fails, nothing of it has happened, and it is done again in parts: as many mutations
together as go together, and what does not go with them alone. One that we cannot process is then
quarantined alone, and one that meets something that is away ends the push after those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from uuid import UUID

import msgspec
import structlog

from nyefamilier.door.merged import Waits
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.errors import Conflict, Refusal, Unavailable
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries
from nyefamilier.sync.deliveries import Key
from nyefamilier.sync.desk import Desk, Upset, open_desk
from nyefamilier.sync.devices import known_device, present_epoch
from nyefamilier.sync.envelopes import Envelope, read_push
from nyefamilier.sync.faults import Fault, away_for_now, fault_of, is_database_gone
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.retrying import retry, waiting_for
from nyefamilier.sync.senders import OpenAs
from nyefamilier.sync.sequence import in_order
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.sync.taken import Taken
from nyefamilier.wire.messages import Push, PushAnswer, Result, VoidedSeqs

log = structlog.get_logger("sync")


@dataclass(slots=True)
class Batch:
    """What has come of a push so far.

    Args:
        results: The verdicts.
        faults: Why some could not be processed.
        lost: How many mutations the phone says that it has lost.
        problem: Why the rest was not taken in.
        may_go_through: What was parked, and waits for something of the families written now.
    """

    results: list[Result] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lost: int = 0
    problem: Refusal | None = None
    may_go_through: list[Key] = field(default_factory=list)


def push(open_as: OpenAs, actor: Actor, body: bytes) -> PushAnswer:
    """Take in a push, and say what became of each mutation.

    Args:
        open_as: Opens a transaction: the nurse's, and of others whose parked mutations may go
            through now.
        actor: The nurse who is signed in.
        body: What her phone sent, unpacked.

    Raises:
        Malformed, TooLarge: see `envelopes.read_push`.
        UnknownDevice: ``wrong-device``.
        Conflict: ``sequence-gap``, ``seq-reuse``, ``server-regressed``; each tells the results
            so far, and what it has taken in until then is kept.
        Unavailable: something of ours is away; likewise.
    """
    told, envelopes = read_push(body)
    answer, batch = _taken_in(lambda: open_as(actor), told, envelopes)
    retry(open_as, batch.may_go_through)
    return _told(answer, batch)


def verdicts(work: Work, device_id: UUID, first: int, last: int) -> PushAnswer:
    """What has become of a device's mutations from one seq to another, both included.

    Raises:
        UnknownDevice: ``wrong-device``.
    """
    device = known_device(work, device_id, allow_locked=True)
    rows = deliveries.between(work.session, device_id, first, last)
    return _answer(work, device, [deliveries.standing(row) for row in rows])


_OpenWork: TypeAlias = Callable[[], AbstractContextManager[Work]]
_Judge: TypeAlias = Callable[[Desk, Sequence[Envelope], Batch], list[Taken]]


def _taken_in(
    open_work: _OpenWork, told: Push, envelopes: list[Envelope]
) -> tuple[PushAnswer, Batch]:
    try:
        return _attempt(open_work, told, envelopes, _all_together)
    except Refusal:
        raise
    except Exception as error:
        if is_database_gone(error):
            raise
        _note_upset(error.__cause__ if isinstance(error, Upset) else error)
        went = error.place if isinstance(error, Upset) else 0
    return _attempt(open_work, told, envelopes, partial(_in_parts, went=went))


def _note_upset(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, Refusal | Waits):
        log.warning("push-upset", error=fault_of(error).error)


def _attempt(
    open_work: _OpenWork, told: Push, envelopes: list[Envelope], judge: _Judge
) -> tuple[PushAnswer, Batch]:
    with open_work() as work:
        device = known_device(work, told.device_id, lock=True, allow_locked=True)
        batch = Batch()
        if told.acked_seq > device.last_seq:
            batch.problem = _regressed()
        else:
            _take_in(open_desk(work, device, told.clock), envelopes, batch, judge)
            device.acked_seq = max(device.acked_seq, told.acked_seq)
        answer = _answer(work, device, batch.results)
    # What was not committed was not said.
    return answer, batch


def _take_in(desk: Desk, envelopes: list[Envelope], batch: Batch, judge: _Judge) -> None:
    device = desk.device
    order = in_order(device.last_seq, envelopes)
    _replay(desk, order.replayed, batch)
    if batch.problem is None and order.fresh:
        taken = judge(desk, order.fresh, batch)
        batch.lost = _note_lost(desk, taken)
        batch.results += desk.keep(taken)
        batch.faults += [one.fault for one in taken if one.fault is not None]
        batch.may_go_through = waiting_for(desk.work, _written(taken))
        if taken:
            device.last_seq = taken[-1].envelope.last_seq
    if batch.problem is None and order.gap:
        batch.problem = _gap(device.last_seq + 1)


def _replay(desk: Desk, envelopes: Sequence[Envelope], batch: Batch) -> None:
    seqs = [one.seq for one in envelopes]
    known = deliveries.by_seq(desk.work.session, desk.device.id, seqs)
    for one in envelopes:
        row = known.get(one.seq)
        if row is None or row.digest != desk.cipher.digest(one.raw):
            batch.problem = _reused(one.seq)
            return
        batch.results.append(deliveries.told(row))


def _all_together(desk: Desk, envelopes: Sequence[Envelope], _batch: Batch) -> list[Taken]:
    desk.expect(envelopes)
    return desk.judge_together(envelopes)


def _in_parts(desk: Desk, envelopes: Sequence[Envelope], batch: Batch, *, went: int) -> list[Taken]:
    desk.expect(envelopes)
    desk.lock(envelopes)
    taken: list[Taken] = []
    try:
        _take_parts(desk, envelopes, taken, went)
    except Exception as error:
        batch.problem = away_for_now(error)
        if batch.problem is None or is_database_gone(error):
            raise
    return taken


def _take_parts(desk: Desk, envelopes: Sequence[Envelope], taken: list[Taken], went: int) -> None:
    alone = 1
    while len(taken) < len(envelopes):
        left = envelopes[len(taken) :]
        # So many went through together a moment ago, and the next did not.
        some = desk.judge_beginning(left if taken else left[:went])
        taken += some
        # Where one after the other is refused, ever more are not even tried together.
        alone = 1 if some else 2 * alone
        for one in left[len(some) : len(some) + alone]:
            taken.append(desk.judge_alone(one))


def _note_lost(desk: Desk, taken: Sequence[Taken]) -> int:
    """Write down what the phone says that it has lost: nobody else will ever miss it."""
    voids = [one.envelope.content for one in taken if not one.kept_elsewhere]
    lost = sum(one.count for one in voids if isinstance(one, VoidedSeqs))
    if lost:
        note_event(desk.work, Event.VOIDED, desk.device.id, count=lost)
    return lost


def _written(taken: Sequence[Taken]) -> set[UUID]:
    """The families that were written."""
    made = (one.envelope.family_id for one in taken if one.result.rev is not None)
    return {family_id for family_id in made if family_id is not None}


def _answer(work: Work, device: DeviceRow, results: list[Result]) -> PushAnswer:
    return PushAnswer(
        epoch=present_epoch(work),
        server_time=work.now,
        last_seq=device.last_seq,
        durable_seq=device.durable_seq,
        results=results,
    )


def _told(answer: PushAnswer, batch: Batch) -> PushAnswer:
    for fault in batch.faults:
        log.error(
            "mutation-quarantined", reason=fault.reason, error=fault.error, frames=fault.frames
        )
    if batch.lost:
        log.error("mutations-lost-on-phone", count=batch.lost)
    if batch.problem is None:
        return answer
    if isinstance(batch.problem, Unavailable):
        batch.problem.detail = (
            "Something of ours is away or busy. What `results` names was taken in, and nothing "
            "else; send it again in a moment."
        )
    told = {"results": [], **msgspec.to_builtins(answer)}
    batch.problem.members = told | batch.problem.members
    raise batch.problem


def _regressed() -> Conflict:
    return Conflict(
        "server-regressed",
        "The server has lost what it told you that it has: a backup was restored. Send again "
        "from your journal all that comes after `durable_seq`.",
    )


def _reused(seq: int) -> Conflict:
    return Conflict(
        "seq-reuse",
        f"Another mutation was taken in as {seq}: this installation is a copy. Enrol anew, and "
        "keep the mutations' ids.",
        members={"seq": seq},
    )


def _gap(expected: int) -> Conflict:
    return Conflict(
        "sequence-gap",
        f"The next mutation is {expected}. Send from there on; say `seq.void` for what is lost.",
        members={"expected_seq": expected},
    )
