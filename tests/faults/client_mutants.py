"""Ways in which a phone can get sync wrong."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import msgspec

from nyefamilier.client import copies, leaving, outbox
from nyefamilier.client.client import Client
from nyefamilier.client.outbox import CELL, Unsent
from nyefamilier.client.pulling import Pulling
from nyefamilier.client.pushing import Pushing
from nyefamilier.client.standing import Standing
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store
from nyefamilier.client.transport import Unreachable
from nyefamilier.kernel.ids import new_id
from nyefamilier.wire.messages import Change, PushedMutation, Result
from nyefamilier.wire.verdicts import Verdict
from tests.faults.swapping import swap


def mark_all(stack: ExitStack) -> None:
    """What was saved while a push was under way counts as sent, too."""
    real = outbox.settle

    def settle(store: Store, results: list[Result], now: datetime) -> Any:
        told = real(store, results, now)
        rest = outbox.unsent(store) if told else []
        real(store, [Result(seq=o.seq, id=o.id, status=Verdict.APPLIED) for o in rest], now)
        return told

    swap(stack, outbox, "settle", settle)


def purge_outbox(stack: ExitStack) -> None:
    """A family that is given up takes its unsent work with it, before it is pushed."""
    real = leaving.purge

    def purge(store: Store, family: Any) -> int:
        gone = real(store, family)
        with store.durable(Step.PURGED) as cx:
            cx.execute("DELETE FROM outbox WHERE family = ?", (family.bytes,))
        return gone

    def go(self: Any, report: Any) -> None:
        if self._has_lease(report):
            self._pull(report)
            self._leave(report)
            self._push(report)
            self._tell_receipts(report)

    swap(stack, leaving, "purge", purge)
    swap(stack, Client, "_go", go)


def cursor_first(stack: ExitStack) -> None:
    """The cursor is written before the rows, in a transaction of its own."""

    def apply(store: Store, change: Change) -> None:
        before = copies.cursor(store, change.family)
        after = copies._followed(before, change)
        with store.durable(Step.CHANGED) as cx:
            copies._move(cx, msgspec_cursor(after, change.rows))
        with store.durable(Step.CHANGED) as cx:
            copies._write(cx, store.opened, "row", change.family, change.items)

    def msgspec_cursor(after: copies.Cursor, rows: int) -> copies.Cursor:
        return copies.Cursor(after.family, after.rev, after.chain, rows)

    swap(stack, copies, "apply", apply)


def new_id_on_retry(stack: ExitStack) -> None:
    """What got no answer is sent again under another id."""
    real = Pushing._send

    def send(self: Pushing, batch: list[tuple[Unsent, bytes]]) -> None:
        try:
            real(self, batch)
        except Unreachable:
            for one, raw in batch:
                _rename(self.store, one, raw)
            raise

    swap(stack, Pushing, "_send", send)


def _rename(store: Store, one: Unsent, raw: bytes) -> None:
    told = msgspec.json.decode(raw, type=PushedMutation)
    other = new_id(told.occurred_at)
    again = msgspec.json.encode(msgspec.structs.replace(told, id=other))
    sealed = store.opened.seal(CELL, other, one.family, one.seq, again)
    with store.durable(Step.VERDICTS) as cx:
        cx.execute(
            "UPDATE outbox SET id = ?, raw = ? WHERE seq = ?", (other.bytes, sealed, one.seq)
        )


def first_page_only(stack: ExitStack) -> None:
    """One page of a pull is taken for all of it."""

    def run(self: Pulling) -> None:
        if self._pull() and self._tell_all:
            self._pull()

    swap(stack, Pulling, "run", run)


def no_journal(stack: ExitStack) -> None:
    """What the server has named is forgotten at once."""
    real = outbox.settle

    def settle(store: Store, results: list[Result], now: datetime) -> Any:
        told = real(store, results, now)
        with store.durable(Step.PRUNED) as cx:
            cx.execute("DELETE FROM journal")
        return told

    swap(stack, outbox, "settle", settle)


def no_regress(stack: ExitStack) -> None:
    """A server that has lost what it had is not noticed."""
    swap(stack, outbox, "count_beyond", lambda _store, _last: 0)
    swap(stack, outbox, "bring_back", lambda _store, _last: 0)


def lease_ignored(stack: ExitStack) -> None:
    """The caseload stays open, whatever the lease says."""
    swap(stack, Standing, "lease_left", lambda _self, _clocks: timedelta(days=9))


def doubts_nothing(stack: ExitStack) -> None:
    """A family that the server says is not to be trusted is kept as it is."""
    swap(stack, copies, "doubt", lambda _store, _family: None)


def keeps_the_family(stack: ExitStack) -> None:
    """The receipt is sent, and the family's rows stay."""

    def purge(store: Store, family: Any) -> int:
        with store.durable(Step.PURGED) as cx:
            cx.execute("UPDATE leaving SET gone = 0 WHERE family = ?", (family.bytes,))
        return 0

    swap(stack, leaving, "purge", purge)


def forgets_pending(stack: ExitStack) -> None:
    """What the server has named and our copy does not show yet is not shown."""
    swap(stack, outbox, "acked", lambda _store, _family: [])
