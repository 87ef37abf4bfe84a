"""Fetches what has changed, family by family, and proves each before it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from nyefamilier.client import copies, leaving, outbox
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.copies import DoesNotFit
from nyefamilier.client.hearing import bring_all_back, hear
from nyefamilier.client.report import Received, Report
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, stand
from nyefamilier.client.talking import Line
from nyefamilier.kernel.clock import day_of
from nyefamilier.wire import limits
from nyefamilier.wire.messages import SCHEMA, Change, Pull, PullAnswer, Snapshot
from nyefamilier.wire.verdicts import ResetReason

_MOST_TRIES: Final = 2
"""How often in one round a family is asked for again that does not fit."""
_MOST_PULLS: Final = 1000
"""A server that always has more for us has a defect."""
_RESTORED: Final = frozenset({ResetReason.AHEAD, ResetReason.DIVERGED})
"""Of a server that has not lost anything no family is so."""


@dataclass(slots=True)
class Pulling:
    """One run, until the server has no more."""

    store: Store
    line: Line
    clocks: Clocks
    report: Report
    max_bytes: int = limits.PULL_BYTES_USUAL
    prove_rows: bool = False
    """Whether to tell the checksums of all rows, as after a crash; they are told daily anyway."""

    _tell_all: bool = False
    _misfits: Counter[UUID] = field(default_factory=Counter)

    def run(self) -> None:
        """Pull until there is no more.

        Raises:
            Unreachable, Refused: see `Line.post`. What came before is kept.
        """
        for _ in range(_MOST_PULLS):
            if not self._pull():
                return
        self.report.alarms.append("pull-without-end")

    def _pull(self) -> bool:
        """One pull. Says whether there is to be another."""
        request = self._request()
        asked = self.clocks.mark
        answer = self.line.post("/pull", request, PullAnswer)
        hear(self.store, asked, answer, self.report)
        if answer.ask == "have" and request.have is None:
            self._tell_all = True
            return True
        self._tell_all = False
        self._proved(request)
        self._take(answer)
        if self.store.cipher is None:
            return False
        again = any(0 < tries <= _MOST_TRIES for tries in self._new_misfits(answer))
        self._tell_all = again
        return answer.more or again

    def _request(self) -> Pull:
        standing = outbox.standing_of(self.store)
        prove = self.prove_rows or standing.rows_told != day_of(self.clocks.wall())
        in_full = prove or self._tell_all
        partial = copies.partial(self.store)
        return Pull(
            device_id=standing.device_id,
            acked_seq=outbox.acked_seq(self.store),
            schema=SCHEMA,
            have=copies.have(self.store, prove_rows=prove) if in_full else None,
            have_hash=None if in_full else copies.have_hash(self.store),
            scope_hash=standing.scope_hash,
            max_bytes=None if self.max_bytes == limits.PULL_BYTES_USUAL else self.max_bytes,
            partial=partial or None,
        )

    def _proved(self, request: Pull) -> None:
        """The checksums of all rows were told, and heard: enough for today."""
        today = day_of(self.clocks.wall())
        if request.have is not None and all(one.rows is not None for one in request.have.values()):
            self.prove_rows = False
            if outbox.standing_of(self.store).rows_told != today:
                with self.store.durable(Step.PROVED) as cx:
                    standing = outbox.standing_of(self.store)
                    stand(cx, msgspec.structs.replace(standing, rows_told=today))

    def _take(self, answer: PullAnswer) -> None:
        leaving.take_scope(self.store, answer.scope, answer.drop)
        if self.store.cipher is None:
            # Closed: what is to go goes, and nothing comes that could not be sealed.
            return
        if any(one.why in _RESTORED for one in answer.reset) and not self.report.brought_back:
            bring_all_back(self.store, answer.durable_seq, self.report)
        going = {one.family for one in leaving.leaving(self.store)}
        for reset in answer.reset:
            copies.doubt(self.store, reset.family)
            if reset.why in {ResetReason.DIVERGED, ResetReason.ROWS_DIFFER}:
                self.report.alarms.append(f"stream-{reset.why} {reset.family}")
        for change in answer.changes:
            if change.family not in going:
                self._fit(change)
        for part in answer.snapshots:
            if part.family not in going:
                self._fit(part)
        self.report.alarms += [f"unreadable {family}" for family in answer.unreadable]

    def _fit(self, told: Change | Snapshot) -> None:
        """Take in what fits; give up the cursor of what does not, so that it is asked for again."""
        try:
            if isinstance(told, Change):
                self._apply(told)
            else:
                self._lay_aside(told)
        except DoesNotFit as misfit:
            copies.doubt(self.store, told.family)
            self._misfits[told.family] += 1
            self.report.alarms.append(f"client-{misfit.why} {told.family}")

    def _apply(self, change: Change) -> None:
        copies.apply(self.store, change)
        items = len(change.items)
        self.report.received.append(Received(change.family, change.from_, change.to, items))

    def _lay_aside(self, part: Snapshot) -> None:
        copies.lay_aside(self.store, part)
        if part.part == part.parts:
            count = self.store.read("SELECT count(*) FROM row WHERE family = ?", part.family.bytes)[
                0
            ][0]
            self.report.received.append(Received(part.family, None, part.at, count))

    def _new_misfits(self, answer: PullAnswer) -> list[int]:
        told = {one.family for one in answer.changes} | {one.family for one in answer.snapshots}
        return [self._misfits[family] for family in told]
