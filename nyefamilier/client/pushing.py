"""Sends what is in the outbox, in its order, until it is empty or the server stops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from nyefamilier.client import outbox
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.escrowing import send_to_escrow
from nyefamilier.client.hearing import hear
from nyefamilier.client.outbox import Unsent
from nyefamilier.client.report import Report
from nyefamilier.client.store import Store
from nyefamilier.client.talking import Line, Refused
from nyefamilier.kernel.ids import new_id
from nyefamilier.vault.phone import CannotOpen
from nyefamilier.wire import limits
from nyefamilier.wire.messages import SCHEMA, Clock, Push, PushAnswer, Result

_ENVELOPE_BYTES: Final = 2048
"""Room for what a push says beside its mutations."""
_MOST_MENDED: Final = 40
"""Refusals in a row without a single verdict, after which it is a defect and not a mishap."""
_MOST_PUSHES: Final = 1000
"""Of one run; what is left then waits for the next."""
_UNREADABLE: Final = frozenset(
    {"malformed-json", "malformed-push", "malformed-mutation", "malformed-gzip", "too-large",
     "mutation-too-large", "unpacks-too-far", "too-many-mutations"}
)  # fmt: skip
"""Refusals that one mutation of a push can cause: it is looked for by halving."""
_DAMAGED: Final = frozenset({"content-digest", "content-digest-missing"})
"""The body was changed on its way: the same bytes once more, later."""


class SentBefore(Exception):  # noqa: N818 - an answer, not a defect
    """The server knows other content under one of our seqs: this installation is a copy."""


@dataclass(slots=True)
class Pushing:
    """One run through the outbox."""

    store: Store
    line: Line
    clocks: Clocks
    report: Report
    _most: int = limits.MUTATIONS
    _mended: int = 0

    def run(self) -> None:
        """Push until the outbox is empty, or stuck; the report says why.

        Raises:
            SentBefore: enrol anew, and keep the mutations' ids.
            Unreachable: there is no network to speak of.
            Refused: for later; nobody is signed in; the phone is stopped or not known.
        """
        self.report.stuck = None
        for _ in range(_MOST_PUSHES):
            found = outbox.unsent(self.store, most=self._most)
            if not found or self.store.cipher is None:
                break
            if found[0].sealed is None:
                self._ask_of_escrow(found)
            elif batch := self._batch(found):
                self._send(batch)
            if self._is_stuck():
                break

    def _is_stuck(self) -> bool:
        return self.report.stuck is not None

    def _batch(self, found: list[Unsent]) -> list[tuple[Unsent, bytes]]:
        """As much of *found* as goes into one push."""
        batch: list[tuple[Unsent, bytes]] = []
        room = limits.PUSH_BYTES - _ENVELOPE_BYTES
        for one in found:
            raw = self._raw_of(one)
            if raw is None:
                break
            room -= len(raw) + 1
            if room < 0 and batch:
                break
            batch.append((one, raw))
        return batch

    def _raw_of(self, one: Unsent) -> bytes | None:
        """The bytes to push; None where only the escrow copy is left, or is from now on."""
        if one.sealed is None:
            return None
        try:
            return outbox.raw_of(self.store, one)
        except CannotOpen:
            self.report.alarms.append(f"damaged {one.seq}")
            outbox.seal_off(self.store, one.seq, "damaged")
            return None

    def _send(self, batch: list[tuple[Unsent, bytes]]) -> None:
        asked = self.clocks.mark
        try:
            answer = self.line.post("/push", self._body(batch), PushAnswer)
        except Refused as refused:
            problem = refused.problem
            self._settle(problem.results, problem.server_time or self.clocks.wall())
            self._mend(refused, batch)
            return
        before = self.report.brought_back
        # First, so that what this very answer names does not come back as lost.
        hear(self.store, asked, answer, self.report)
        settled = self._settle(answer.results, answer.server_time)
        if not settled and self.report.brought_back == before:
            self.report.stuck = "no-verdict"

    def _body(self, batch: list[tuple[Unsent, bytes]]) -> Push:
        standing = outbox.standing_of(self.store)
        clock = Clock(
            wall=self.clocks.wall(),
            mono_ms=self.clocks.mono_ms,
            boot=self.clocks.boot,
            offset_ms=standing.offset_ms,
        )
        return Push(
            device_id=standing.device_id,
            acked_seq=outbox.acked_seq(self.store),
            schema=SCHEMA,
            clock=clock,
            mutations=[msgspec.Raw(raw) for _, raw in batch],
        )

    def _settle(self, results: list[Result], told_at: datetime) -> list[Result]:
        settled = outbox.settle(self.store, results, told_at) if results else []
        self.report.verdicts += settled
        if settled:
            self._mended, self._most = 0, limits.MUTATIONS
        return settled

    def _mend(self, refused: Refused, batch: list[tuple[Unsent, bytes]]) -> None:
        """Do what the refusal asks for, so that the next push goes through.

        Raises:
            SentBefore, Refused: it is not for us to mend here.
        """
        self._mended += 1
        if refused.is_for_later or refused.status in {401, 403, 404}:
            raise refused
        if self._mended > _MOST_MENDED or refused.code in _DAMAGED:
            self.report.stuck = refused.code
        elif refused.code == "seq-reuse":
            raise SentBefore
        elif refused.code == "server-regressed":
            self._rewind(refused.problem.last_seq or 0, refused.problem.durable_seq or 0)
        elif refused.code == "sequence-gap":
            before = (refused.problem.expected_seq or 1) - 1
            self._rewind(before, before)
        elif refused.code in _UNREADABLE:
            self._halve(refused.code, batch)
        else:
            self.report.stuck = refused.code

    def _rewind(self, last_seq: int, safe: int) -> None:
        """Send again what follows *safe*, if the server lacks any of it after *last_seq*."""
        if outbox.count_beyond(self.store, last_seq):
            self.report.brought_back += outbox.bring_back(self.store, safe)
            self.report.alarms.append(f"server-regressed {last_seq}")
        first = outbox.unsent(self.store, most=1)[0].seq
        if first > last_seq + 1:
            self.report.alarms.append(f"lost-on-phone {last_seq + 1}")
            count = min(first - last_seq - 1, limits.VOIDED)
            outbox.fill_gap(self.store, last_seq + 1, count, new_id(self.clocks.wall()))

    def _halve(self, code: str, batch: list[tuple[Unsent, bytes]]) -> None:
        """Fewer at a time; where one alone is refused, only its escrow copy is sent."""
        if len(batch) > 1:
            self._most = len(batch) // 2
            return
        seq = batch[0][0].seq
        self.report.alarms.append(f"{code} {seq}")
        outbox.seal_off(self.store, seq, code)
        self._most = limits.MUTATIONS

    def _ask_of_escrow(self, found: list[Unsent]) -> None:
        """Hand over the escrow copies of what cannot be pushed, and ask what became of them.

        Raises:
            SentBefore: the server has passed them over, or has another mutation in their place.
            Unreachable, Refused: see `Line.post`.
        """
        head = [one for one in found if one.sealed is None]
        until = next(
            (place for place, one in enumerate(found) if one.sealed is not None), len(head)
        )
        send_to_escrow(self.store, self.line, self.report, head[:until])
        standing = outbox.standing_of(self.store)
        first, last = found[0].seq, found[until - 1].seq
        path = f"/ack?device_id={standing.device_id}&from={first}&to={last}"
        asked = self.clocks.mark
        answer = self.line.get(path, PushAnswer)
        self._refuse_others(answer.results, head[:until])
        settled = self._settle(answer.results, answer.server_time)
        hear(self.store, asked, answer, self.report)
        if not settled:
            if answer.last_seq >= last:
                raise SentBefore  # it took what comes later, and will never name these
            # What the server does not name, it may have lost with a backup: it is brought again at
            # once, and what was brought just now waits.
            outbox.offer_again(self.store, [one.seq for one in head[:until]])
            if not any(one.is_escrowed for one in head[:until]):
                self.report.stuck = "escrow-waits"

    def _refuse_others(self, results: list[Result], ours: list[Unsent]) -> None:
        """Notice that the server has another mutation under one of our seqs.

        Raises:
            SentBefore: it has.
        """
        named = {result.seq: result.id for result in results}
        if any(named.get(one.seq, one.id) != one.id for one in ours):
            raise SentBefore
