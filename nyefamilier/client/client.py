"""The phone as an app uses it: write, look, and make one round when there is a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from nyefamilier.client import copies, leasing, leaving, outbox
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.outbox import NotEnrolled
from nyefamilier.client.pace import Chance, Pace
from nyefamilier.client.pulling import Pulling
from nyefamilier.client.pushing import Pushing, SentBefore
from nyefamilier.client.report import Report
from nyefamilier.client.showing import Family, family_shown
from nyefamilier.client.standing import State
from nyefamilier.client.steps import Step
from nyefamilier.client.stopping import Stopping
from nyefamilier.client.store import Store, stand
from nyefamilier.client.talking import Line, Refused
from nyefamilier.client.transport import Transport, Unreachable
from nyefamilier.kernel.ids import new_id
from nyefamilier.vault.phone import CannotOpen
from nyefamilier.wire import limits
from nyefamilier.wire.messages import SCHEMA, Lease, PushedMutation, Receipts, Recorded
from nyefamilier.wire.verdicts import Command


class CannotKeep(Exception):  # noqa: N818 - an answer, not a defect
    """What was to be saved is over a limit of the protocol; nothing was kept.

    Args:
        why: A code: ``too-many-operations``, ``mutation-too-large``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Saved:
    """A mutation that is on the phone's disk, and has its place in the order."""

    id: UUID
    seq: int


@dataclass(slots=True)
class Client:
    """One nurse's phone.

    Args:
        store: Her store, and nobody else's.
        transport: How requests reach the server.
        clocks: The phone's clocks.
        name: What she calls the phone.
        chance: By which waits are drawn.
        max_bytes: How much one pull may bring.
    """

    store: Store
    transport: Transport
    clocks: Clocks = field(default_factory=Clocks)
    name: str = "Telefon"
    chance: Chance | None = None
    max_bytes: int = limits.PULL_BYTES_USUAL
    line: Line = field(init=False)
    pace: Pace = field(init=False)
    stopping: Stopping = field(init=False)
    _crashed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.line = Line(self.transport, signer=leasing.signer(self.store))
        self.pace = Pace(self.clocks.running)
        if self.chance is not None:
            self.pace.chance = self.chance
        self.stopping = Stopping(self.store, self.line, self.clocks, self.pace, self.name)
        standing = self.store.standing
        if standing is not None:
            self._crashed = not standing.tidy
            self._note_tidy(Step.BEGUN, is_tidy=False)
            leasing.open_up(self.store, self.clocks)

    def sign_in(self, username: str, password: str) -> None:
        """Sign the nurse in; what she may do online is then hers for the token's life.

        Raises:
            Unreachable, Refused: see `Line.post`.
        """
        self.line.sign_in(username, password)

    def enrol(self) -> None:
        """Make this installation known to the server; once, or anew when the server says so.

        Raises:
            OtherNurse: the store is another nurse's.
            Unreachable, Refused: see `Line.post`.
        """
        leasing.enrol(self.store, self.line, self.clocks, self.name)

    def save(
        self,
        type_: str,
        family: UUID,
        ops: Sequence[Mapping[str, object]],
        occurred_at: datetime | None = None,
    ) -> Saved:
        """Keep one thing that the nurse meant; it is on the disk when this returns.

        Args:
            type_: What it is, for whoever reads the log: ``visit.record``, say.
            family: Whose family it is about; a new one has a new id.
            ops: Its operations, each with its name under ``op``: all of them happen, or none.
            occurred_at: When it was so, by the nurse's word; now, if she does not say.

        Raises:
            CannotKeep: it is over a limit.
            NotEnrolled: the phone has not been enrolled yet.
            sqlite3.OperationalError: the disk is full. Nothing was kept.
        """
        leasing.open_up(self.store, self.clocks)
        wall = self.clocks.wall()
        seen = copies.cursor(self.store, family)
        told = PushedMutation(
            id=new_id(wall),
            seq=1,
            v=SCHEMA,
            type=type_,
            family=family,
            base_rev=0 if seen is None else seen.rev,
            occurred_at=occurred_at or wall,
            ops=[msgspec.Raw(msgspec.json.encode(op)) for op in ops],
            recorded=Recorded(wall=wall, mono_ms=self.clocks.mono_ms, boot=self.clocks.boot),
        )
        _refuse_large(told)
        kept = outbox.put(self.store, told)
        return Saved(kept.id, kept.seq)

    def families(self) -> list[UUID]:
        """The families that the phone has, or has something unsent for."""
        unsent = {one.family for one in outbox.unsent(self.store)} - {outbox.VOID}
        return sorted({*copies.families(self.store), *unsent})

    def family(self, family: UUID) -> Family:
        """A family as the nurse sees it: the server's records, and over them what is pending.

        Raises:
            StoreClosed: the lease has run out.
            CannotOpen: a row was damaged; the next round fetches the family anew.
        """
        leasing.open_up(self.store, self.clocks)
        try:
            return family_shown(self.store, family)
        except CannotOpen:
            copies.doubt(self.store, family)
            raise

    def round(self) -> Report:
        """Everything that there is to do with the network, once.

        Lease if due; push until empty or stuck; pull until there is no more; purge what is to go,
        after its unsent work; receipts. Never raises for what the network or the server does.

        Raises:
            NotEnrolled: the phone has not been enrolled yet.
        """
        report = Report()
        self.line.traffic.clear()
        if self.store.standing is None:
            raise NotEnrolled("Enrol the phone first.")
        if self.pace.left > 0:
            report.stopped = "quiet"
        else:
            self._try(report)
        return self._summed_up(report)

    def close(self) -> None:
        """End in good order."""
        if self.store.standing is not None and not self._crashed:
            self._note_tidy(Step.ENDED, is_tidy=True)
        self.store.close()

    def _try(self, report: Report) -> None:
        try:
            self._go(report)
        except Unreachable as away:
            report.stopped = away.why
            self.pace.failed(away.after)
        except Refused as refused:
            self.stopping.heed(refused, report)
        else:
            self.pace.went_well(self.line.backoff)

    def _go(self, report: Report) -> None:
        if not self._has_lease(report):
            return
        self._push(report)
        self._tell_receipts(report)
        self._pull(report)
        # What came down may have brought back what the server lost, or ask for a family whose
        # unsent work has to go up before.
        if report.stuck is None:
            self._push(report)
        self._leave(report)
        self._tell_receipts(report)

    def _has_lease(self, report: Report) -> bool:
        """Whether the store is open, after asking for the lease where that is due."""
        leasing.open_up(self.store, self.clocks)
        if leasing.is_due(self.store, self.clocks):
            self._renew(report)
        state = outbox.standing_of(self.store).state
        if state is State.ACTIVE:
            self.stopping.is_active()
        else:
            self.stopping.give_way(report, state)
        return self.store.cipher is not None

    def _renew(self, report: Report) -> None:
        """Ask for the lease. While the old one lasts, a refusal is no reason to stop."""
        try:
            lease = self._lease_or_purge(report)
        except Refused as refused:
            if self.store.cipher is None or refused.status != 409:
                raise
            report.alarms.append(f"lease-refused {refused.code}")
            return
        report.lease_renewed = lease.key_share is not None
        report.upgrade = Command.UPGRADE in lease.commands

    def _lease_or_purge(self, report: Report) -> Lease:
        """The lease; where it is refused for a family that is overdue to go, after that is gone."""
        try:
            return leasing.renew(self.store, self.line, self.clocks)
        except Refused as refused:
            if refused.code != "purge-overdue":
                raise
        self._push(report)
        self._pull(report)
        self._leave(report)
        self._tell_receipts(report)
        return leasing.renew(self.store, self.line, self.clocks)

    def _push(self, report: Report) -> None:
        pushing = Pushing(self.store, self.line, self.clocks, report)
        try:
            pushing.run()
        except SentBefore:
            self.enrol()
            report.enrolled_anew = True
            report.alarms.append("seq-reuse")
            pushing.run()

    def _pull(self, report: Report) -> None:
        pulling = Pulling(
            self.store, self.line, self.clocks, report, self.max_bytes, prove_rows=self._crashed
        )
        try:
            pulling.run()
        except Refused as refused:
            if refused.status != 426:
                raise
            report.upgrade = True
        self._crashed = pulling.prove_rows

    def _leave(self, report: Report) -> None:
        """Delete what is to go. What could not be pushed stays for the server's eyes only."""
        going = [one.family for one in leaving.leaving(self.store) if one.gone is None]
        for family in (*going, *leaving.strays(self.store)):
            report.purged[family] = leaving.purge(self.store, family)
        if report.purged:
            self.store.tidy_up()

    def _tell_receipts(self, report: Report) -> None:
        told = leaving.receipts(self.store)[: limits.RECEIPTS]
        if told:
            device_id = outbox.standing_of(self.store).device_id
            body = Receipts(device_id=device_id, receipts=told)
            self.line.post("/purge-receipts", body, dict[str, object], signed=True)
            leaving.receipted(self.store, told)
            report.receipts += len(told)

    def _note_tidy(self, step: Step, *, is_tidy: bool) -> None:
        with self.store.durable(step) as cx:
            stand(cx, msgspec.structs.replace(outbox.standing_of(self.store), tidy=is_tidy))

    def _summed_up(self, report: Report) -> Report:
        report.wait = self.pace.left
        traffic = self.line.traffic
        report.requests, report.bytes_up, report.bytes_down = (
            traffic.requests,
            traffic.up,
            traffic.down,
        )
        report.unsent = 0 if report.erased else len(outbox.unsent(self.store))
        return report


def _refuse_large(told: PushedMutation) -> None:
    if len(told.ops) > limits.OPERATIONS:
        raise CannotKeep("too-many-operations")
    # Its seq may get longer; what is just below the limit now must still be below it then.
    if len(msgspec.json.encode(told)) > limits.MUTATION_BYTES - 32:
        raise CannotKeep("mutation-too-large")
