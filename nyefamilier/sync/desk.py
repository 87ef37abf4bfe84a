"""Where one device's mutations are judged and kept, within one transaction."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nyefamilier.changes import store as changes
from nyefamilier.door.foreseeing import foresee
from nyefamilier.door.judging import Judgement, hold, hold_at_once, judge, judge_at_once
from nyefamilier.door.mutations import Mutation, Sent
from nyefamilier.door.operations import decode
from nyefamilier.door.turns import days_meant
from nyefamilier.families.holding import hold_families, release, write_families
from nyefamilier.families.store import lock_families
from nyefamilier.kernel.errors import Refusal
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries, keeping
from nyefamilier.sync.devices import device_cipher
from nyefamilier.sync.envelopes import Envelope, Flaw, Newer
from nyefamilier.sync.faults import away_for_now, fault_of, is_database_gone
from nyefamilier.sync.states import DeviceState, stopped
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from nyefamilier.sync.taken import Taken, flawed, judged, quarantined
from nyefamilier.vault.devices import DeviceCipher
from nyefamilier.vault.vault import FamilyCipher
from nyefamilier.wire.limits import OPERATIONS
from nyefamilier.wire.messages import Clock, PushedMutation, Result, VoidedSeqs
from nyefamilier.wire.verdicts import Verdict

ID_REUSED: Final = "mutation-id-reused"
"""The reason of what came under an id that another change has."""

_AT_ONCE: Final = text("SET CONSTRAINTS ALL IMMEDIATE")
_AT_COMMIT: Final = text("SET CONSTRAINTS ALL DEFERRED")


class Upset(Exception):  # noqa: N818 - what happened to those judged together
    """One of those that were judged together did not go through: nothing of them has happened.

    Args:
        place: Which of them, from 0; 0 also where it cannot be told.
    """

    def __init__(self, place: int = 0) -> None:
        super().__init__(place)
        self.place = place


@dataclass(slots=True)
class Desk:
    """One device's turn. Made by `open_desk`, with the device's row locked.

    Args:
        held: Why everything is held, if it is.
    """

    work: Work
    device: DeviceRow
    cipher: DeviceCipher
    clock: Clock | None
    held: str | None = None
    _known: dict[UUID, Taken | DeliveryRow] = field(default_factory=dict)
    """What is known of the mutations' ids, from earlier deliveries and from this one."""
    _used: set[UUID] = field(default_factory=set)
    """The ids of changes that came by another doorway."""
    _read: dict[int, Sent | Flaw] = field(default_factory=dict)
    _at_once: bool = False

    def expect(self, envelopes: Sequence[Envelope]) -> None:
        """Wait for the mutations' turns, and find out which of them have been taken in before."""
        ids = [one.id for one in envelopes]
        changes.take_turns(self.work.session, [*ids, *self._turns(envelopes)])
        self._known = dict(deliveries.by_mutation(self.work.session, ids))
        self._used = changes.taken_in(self.work.session, ids) - self._known.keys()

    def judge_together(self, envelopes: Sequence[Envelope]) -> list[Taken]:
        """The verdicts on mutations that all go through, with all that they are about at hand.

        Whatever is raised has left traces, and nothing of them may be kept.

        Raises:
            Upset: one of them is refused, waits, or cannot be processed.
            Unavailable: the key provider is away, or will not open a family's key.
            Exception: whatever said that the database is away.
        """
        self._foresee(envelopes)
        taken: list[Taken] = []
        for one in envelopes:
            try:
                taken.append(self.judge(one))
            except Exception as error:
                if is_database_gone(error):
                    raise
                raise Upset(len(taken)) from error
        return taken

    def judge_beginning(self, envelopes: Sequence[Envelope]) -> list[Taken]:
        """The verdicts on the first of *envelopes*, as many as go through together; none, if none.

        Raises:
            Exception: whatever said that the database is away.
        """
        some, known = list(envelopes), dict(self._known)
        while some:
            try:
                return self._together(some)
            except Upset as upset:
                some, self._known = some[: upset.place], dict(known)
        return []

    def judge(self, one: Envelope) -> Taken:
        """The verdict on one mutation.

        Raises:
            Unavailable: something of ours is away, or a record does not open.
        """
        before = self._known.get(one.id)
        if before is not None:
            return self._again(one, before)
        if one.id in self._used:
            return flawed(one, Flaw(ID_REUSED, "/id"))
        taken = self._known[one.id] = self._to_be_held(self._judge(one))
        return taken

    def judge_alone(self, one: Envelope) -> Taken:
        """The same, such that a mutation that we cannot process leaves no trace but its verdict.

        Raises:
            Exception: whatever said that something is away: nothing of this mutation has happened.
        """
        try:
            with savepoint(self.work):
                return self.judge(one)
        except Exception as error:
            # When the database is gone, what came before is not sure to be undone or kept.
            if is_database_gone(error) or away_for_now(error) is not None:
                raise
            taken = self._to_be_held(quarantined(one, fault_of(error)))
            self._known[one.id] = taken
            return taken

    def keep(self, taken: Sequence[Taken]) -> list[Result]:
        """Keep the verdicts, and the bytes of what made no revision.

        Raises:
            Unavailable: the key provider is away.
        """
        loose = [one for one in taken if _is_loose(one)]
        families = {one.envelope.family_id for one in loose} - {None}
        ciphers = keeping.family_ciphers(self.work, [one for one in families if one is not None])
        for one in taken:
            self.work.session.insert(DeliveryRow, self._row(one, ciphers))
        write_families(self.work)
        self.work.session.write()
        release(self.work)
        return [one.result for one in taken]

    def _foresee(self, envelopes: Sequence[Envelope]) -> None:
        """Lock all that the mutations are about, and have at hand what judging them asks for."""
        sent = self._all_sent(envelopes)
        hold_families(self.work, {one.mutation.family_id for one in sent})
        if self._why_held() is None:
            foresee(self.work, (one.mutation for one in sent))
        self._at_once = True

    def lock(self, envelopes: Sequence[Envelope]) -> None:
        """Lock the families of all that will be judged part by part.

        Part by part they would be locked in the order of the push, and two pushes about the same
        families could wait for each other in a circle. Where one of them is held for too long, they
        are: what comes before it is taken in then.
        """
        families = {one.mutation.family_id for one in self._readable(envelopes)}
        try:
            with self.work.session.begin_nested():
                lock_families(self.work.session, families)
        except OperationalError as error:
            if is_database_gone(error):
                raise

    def _together(self, envelopes: Sequence[Envelope]) -> list[Taken]:
        """The same as `judge_together`, such that nothing of it remains if it fails."""
        try:
            with savepoint(self.work):
                taken = self.judge_together(envelopes)
                write_families(self.work)
                return taken
        except Upset:
            raise
        except Exception as error:
            if is_database_gone(error):
                raise
            raise Upset from error
        finally:
            self._at_once = False

    def _judge(self, one: Envelope) -> Taken:
        match one.content:
            case Flaw() as flaw:
                return flawed(one, flaw)
            case Newer():
                return judged(one, Judgement(Verdict.PARKED, "newer-version"))
            case VoidedSeqs():
                return judged(one, Judgement(Verdict.APPLIED, "void"))
            case PushedMutation():
                sent = self._sent(one)
                return flawed(one, sent) if isinstance(sent, Flaw) else self._of_sent(one, sent)

    def _sent(self, one: Envelope) -> Sent | Flaw:
        """The mutation as the door takes it; read once."""
        if one.seq not in self._read:
            self._read[one.seq] = sent_of(self.device, one)
        return self._read[one.seq]

    def _all_sent(self, envelopes: Sequence[Envelope]) -> list[Sent]:
        return [one for one in map(self._sent, envelopes) if isinstance(one, Sent)]

    def _readable(self, envelopes: Sequence[Envelope]) -> Iterator[Sent]:
        """Those that can be read; one that cannot be is told so, or quarantined, when judged."""
        for one in envelopes:
            with suppress(Exception):
                sent = self._sent(one)
                if isinstance(sent, Sent):
                    yield sent

    def _turns(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        return days_meant(self.work, [one.mutation for one in self._readable(envelopes)])

    def _of_sent(self, one: Envelope, sent: Sent) -> Taken:
        why = self._why_held()
        if why is not None:
            holding = hold_at_once if self._at_once else hold
            return judged(one, holding(self.work, sent, why))
        judging = judge_at_once if self._at_once else judge
        return judged(one, judging(self.work, sent))

    def _to_be_held(self, taken: Taken) -> Taken:
        """What waits of a phone that was stopped, by its reason: it is held when it can go on."""
        why = self._why_held()
        if why is None or taken.result.status not in {Verdict.PARKED, Verdict.QUARANTINED}:
            return taken
        return replace(taken, result=msgspec.structs.replace(taken.result, reason=why))

    def _why_held(self) -> str | None:
        """Why nothing of this device is carried out, if that is so."""
        if self.device.state != DeviceState.ACTIVE:
            return stopped(DeviceState(self.device.state))
        return self.held

    def _again(self, one: Envelope, before: Taken | DeliveryRow) -> Taken:
        """What has become of a mutation that was delivered before, under another seq."""
        settled_at = before.settled_at
        if isinstance(before, Taken):
            raw, result = before.envelope.raw, before.result
        elif self._is_sender_of(before):
            raw, result = keeping.raw_of(self.work, before), deliveries.standing(before)
        else:
            return flawed(one, Flaw(ID_REUSED, "/id"))
        if not keeping.means_the_same(one.raw, raw):
            return flawed(one, Flaw(ID_REUSED, "/id"))
        again = msgspec.structs.replace(result, seq=one.seq)
        return Taken(one, again, kept_elsewhere=True, settled_at=settled_at)

    def _is_sender_of(self, row: DeliveryRow) -> bool:
        device = self.work.session.get_one(DeviceRow, row.device_id)
        return device.account_id == self.device.account_id

    def _row(self, one: Taken, families: Mapping[UUID, FamilyCipher]) -> dict[str, Any]:
        envelope, result = one.envelope, one.result
        content = envelope.content if isinstance(envelope.content, PushedMutation) else None
        sealed = keeping.seal(envelope, families, self.cipher) if _is_loose(one) else (None, None)
        return {
            "device_id": self.device.id,
            "seq": envelope.seq,
            "mutation_id": envelope.id,
            "family_id": envelope.family_id,
            "status": result.status.value,
            "reason": result.reason,
            "rev": result.rev,
            "answer": deliveries.as_row(result),
            "digest": self.cipher.digest(envelope.raw),
            "raw": sealed[0],
            "sealed_by": sealed[1],
            "waits_for": one.waits_for,
            "received_at": self.work.now,
            "occurred_at": None if content is None else content.occurred_at,
            "clock": _clocks(self.clock, content),
            "settled_at": one.settled_at,
        }


@contextmanager
def savepoint(work: Work) -> Generator[None]:
    """Undo what happens inside if it fails, and leave what was before as it is."""
    try:
        with work.session.begin_nested():
            yield
            work.session.flush()
            # References within a family are checked at commit, when it would be too late.
            work.session.execute(_AT_ONCE)
            work.session.execute(_AT_COMMIT)
    finally:
        release(work)


def open_desk(
    work: Work, device: DeviceRow, clock: Clock | None, *, held: str | None = None
) -> Desk:
    """The turn of a device whose row is locked; everything is held if *held* says why.

    Raises:
        Unavailable: the key provider is away.
    """
    return Desk(work, device, device_cipher(work, device), clock, held)


def sent_of(device: DeviceRow, one: Envelope) -> Sent | Flaw:
    """The mutation as the door takes it, or what is wrong with it."""
    content = one.content
    if not isinstance(content, PushedMutation):
        return content if isinstance(content, Flaw) else Flaw("not-readable")
    if not content.ops:
        return Flaw("no-operations", "/ops")
    if len(content.ops) > OPERATIONS:
        return Flaw("too-many-operations", "/ops")
    operations = []
    for number, op in enumerate(content.ops):
        try:
            operations.append(decode(bytes(op)))
        except Refusal as refusal:
            return Flaw(refusal.code, f"/ops/{number}{refusal.pointer or ''}")
    family_id = FamilyId(content.family)
    mutation = Mutation(MutationId(one.id), family_id, tuple(operations), content.base_rev)
    return Sent(mutation, device.id, content.occurred_at, one.raw)


def _is_loose(one: Taken) -> bool:
    return one.result.rev is None and not one.kept_elsewhere


def _clocks(clock: Clock | None, content: PushedMutation | None) -> dict[str, Any] | None:
    recorded = None if content is None else content.recorded
    told = {"sent": clock, "recorded": recorded}
    known: dict[str, Any] = msgspec.to_builtins(
        {name: one for name, one in told.items() if one is not None}
    )
    return known or None
