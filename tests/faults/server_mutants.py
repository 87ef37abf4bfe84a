"""Ways in which a server can get sync wrong."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from nyefamilier.changes import store as changes
from nyefamilier.door import judging, merging, merging_visits
from nyefamilier.door.handling import HANDLERS
from nyefamilier.door.merged import Merged
from nyefamilier.families import store as families
from nyefamilier.families.dossier import Dossier
from nyefamilier.journal.bodies import NoteBody
from nyefamilier.journal.intents import CorrectNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.kernel.ids import new_id
from nyefamilier.sync import (
    desk,
    feed,
    keeping_up,
    ledger,
    pulling,
    pushing,
    retrying,
    scope,
    taken,
)
from nyefamilier.sync.devices import present_epoch
from nyefamilier.sync.keeping_up import Round
from nyefamilier.sync.sequence import Order
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.tables import VisitRow
from nyefamilier.wire import chain
from tests.faults import early
from tests.faults.swapping import swap, swap_item


def naive_cursor(stack: ExitStack) -> None:
    """The feed goes by the time at which a transaction began, and not by the family's revision."""
    real = feed.news
    seen: dict[UUID, Any] = {}

    def news(connection: Any, since: Any) -> Any:
        found = real(connection, since)
        for family, of in found.items():
            query = "SELECT rev, received_at FROM mutation WHERE family_id = %s"
            at = dict(connection.exec_driver_sql(query, (family,)).fetchall())
            newest = seen.get(family)
            if since[family] and newest is not None:
                of.records = [one for one in of.records if at[one.rev] >= newest]
            seen[family] = max(at.values())
        return found

    swap(stack, keeping_up, "news", news)


def no_dedupe(stack: ExitStack) -> None:
    """Nobody looks whether a mutation was taken in before."""
    swap(stack, pushing, "in_order", lambda _last, told: Order([], told, gap=False))
    swap(stack, desk.Desk, "expect", lambda _self, _told: None)


def ack_early(stack: ExitStack) -> None:
    """Everything is acknowledged when it arrives, before anybody has looked at it."""
    real = pushing._attempt

    def attempt(open_work: Any, told: Any, envelopes: Any, judge: Any) -> Any:
        results = [{"seq": e.seq, "id": str(e.id), "status": "applied"} for e in envelopes]
        with open_work() as work:
            epoch = present_epoch(work)
        early.answer_push(epoch, results, envelopes[-1].seq if envelopes else 0)
        return real(open_work, told, envelopes, judge)

    swap(stack, pushing, "_attempt", attempt)


def verdict_before_commit(stack: ExitStack) -> None:
    """The verdicts set out before the transaction is committed."""
    real = pushing._answer

    def answer(work: Any, device: Any, results: Any) -> Any:
        told = [{"seq": r.seq, "id": str(r.id), "status": str(r.status)} for r in results]
        early.answer_push(present_epoch(work), told, device.last_seq)
        return real(work, device, results)

    swap(stack, pushing, "_answer", answer)


def lww(stack: ExitStack) -> None:
    """The last writer wins."""
    swap(stack, judging, "_others", lambda _dossier, _sent: {})


def swallow_reject(stack: ExitStack) -> None:
    """What makes no revision is not kept."""
    swap(stack, judging, "_open_to_file", lambda _work, _sent: None)
    swap(stack, desk, "_is_loose", lambda _one: False)


def event_revoke(stack: ExitStack) -> None:
    """That a family is to be given up is told once, and never again."""
    real = Round.fill
    told: set[UUID] = set()

    def fill(self: Round, answer: Any) -> Any:
        made = real(self, answer)
        fresh = [one for one in made.drop if one.purge_id not in told]
        told.update(one.purge_id for one in fresh)
        made.drop, made.scope = fresh, made.scope if fresh else None
        return made

    swap(stack, Round, "fill", fill)


def poison_blocks(stack: ExitStack) -> None:
    """One mutation that we cannot process stops all that come after it."""

    def quarantine(*_: Any) -> Any:
        raise RuntimeError("poison")

    swap(stack, desk, "quarantined", quarantine)
    swap(stack, taken, "quarantined", quarantine)


def scope_from_cache(stack: ExitStack) -> None:
    """Who may have what is remembered from the last time."""
    real = scope.heads
    kept: dict[UUID, dict[UUID, Any]] = {}

    def heads(connection: Any, asked: Any) -> Any:
        found = dict(real(connection, asked))
        for family, head in kept.get(asked.device, {}).items():
            if family not in found:
                query = "SELECT rev, chain, checksum FROM family WHERE id = %s"
                rev, told, rows = connection.exec_driver_sql(query, (family,)).one()
                found[family] = replace(head, rev=rev, chain=told, checksum=rows)
        kept[asked.device] = found
        return found

    swap(stack, scope, "heads", heads)


def update_note_in_place(stack: ExitStack) -> None:
    """A correction is written over the note that it corrects."""

    def correct(dossier: Dossier, intent: CorrectNote) -> None:
        row = dossier.record(NoteRow, intent.corrects)
        before = dossier.read(row, NoteBody)
        dossier.put(row, NoteBody(intent.text, before.kind, before.visible_to_parents))

    swap_item(stack, HANDLERS, CorrectNote, correct)


def no_family_lock(stack: ExitStack) -> None:
    """A family's row is read and not locked, and no rule of the database notices.

    With the rule that a family has each revision once, all is as if it were locked: the second of
    two writers is undone and judged again.
    """
    real = families.family_and_key

    def unlocked(session: Any, family_id: UUID, *, lock: bool) -> Any:
        return real(session, family_id, lock=False)

    swap(stack, families, "family_and_key", unlocked)
    swap(stack, desk, "hold_families", lambda _work, _families: None)


def counter_early_then_rollback(stack: ExitStack) -> None:
    """What was begun for a refused mutation, its revision too, is not undone."""

    def not_undone(work: Any, sent: Any, judging_: Any) -> Any:
        work.dossiers.pop(sent.mutation.family_id, None)
        return judging_(work, sent)

    swap(stack, judging, "_undone_if_it_fails", not_undone)
    swap(stack, judging, "judge_at_once", judging.judge)
    swap(stack, desk, "judge_at_once", judging.judge)


def ledger_not_written(stack: ExitStack) -> None:
    """What a phone was sent is not written down."""
    swap(stack, ledger, "write", lambda *_: None)


def late_note_dropped(stack: ExitStack) -> None:
    """A note on a family that has changed hands is held like everything else."""
    swap(stack, judging, "_fileable", lambda _standing, _operation: None)


def plan_field_by_field(stack: ExitStack) -> None:
    """A visit's time and place are two values: one nurse's time, with another's place."""
    real = merging_visits.book_visit

    def book(standing: Any, booking: BookVisit) -> Merged:
        merged = real(standing, booking)
        row = standing.find(VisitRow, booking.visit_id)
        if not merged.contested or row is None or row.place is None:
            return merged
        return Merged((replace(booking, place=row.place),))

    swap_item(stack, merging.RULES, BookVisit, book)


def locked_is_served(stack: ExitStack) -> None:
    """A phone that was locked is answered like any other, and its lease is not asked for.

    Without the first check alone nothing is served: with the lock its key share is destroyed.
    """
    swap(stack, pulling, "_own", lambda device, _actor: device)


def locked_is_applied(stack: ExitStack) -> None:
    """What a phone that was locked brings is carried out."""
    for name in ("hold", "hold_at_once"):
        swap(stack, desk, name, lambda work, sent, _reason, *_: judging.judge(work, sent))


def chain_broken(stack: ExitStack) -> None:
    """A link is chained to the beginning, and not to what came before it."""
    real = Dossier.add_link

    def add_link(self: Dossier, mutation_id: UUID, sealed: bytes) -> tuple[bytes, bytes]:
        self.family.chain = chain.ORIGIN
        return real(self, mutation_id, sealed)

    swap(stack, Dossier, "add_link", add_link)


def protected_is_served(stack: ExitStack) -> None:
    """A family with a protected address goes to phones."""
    for name in ("_SUMMARY", "_HEADS"):
        told = getattr(scope, name)
        swap(stack, scope, name, told.replace("f.protection = 'ugradert'", "true"))


def cover_without_end(stack: ExitStack) -> None:
    """A cover goes on after its last day."""
    for name in ("_SUMMARY", "_HEADS"):
        told = getattr(scope, name)
        swap(stack, scope, name, told.replace("t.ends_at > %(now)s", "true"))


def receipts_ignored(stack: ExitStack) -> None:
    """That a family is gone from a phone is heard and not written down."""
    swap(stack, ledger, "close", lambda *_: [])


def held_in_silence(stack: ExitStack) -> None:
    """What is held stands in nobody's inbox."""
    swap(stack, judging, "add_held", lambda dossier, *_: new_id(dossier.work.now))


def conflict_in_silence(stack: ExitStack) -> None:
    """A conflict stands in nobody's inbox."""
    swap(stack, judging, "add_conflict", lambda dossier, *_: new_id(dossier.work.now))


def own_chain_fights(stack: ExitStack) -> None:
    """A phone's own earlier changes count as another's."""
    real = changes.touched_by_others
    swap(
        stack, changes, "touched_by_others",
        lambda session, family, base, _device: real(session, family, base, UUID(int=0)),
    )  # fmt: skip


def parked_for_ever(stack: ExitStack) -> None:
    """What was parked is not tried again."""
    swap(stack, retrying, "_judge_again", lambda _work, _row: False)


def seq_taken_twice(stack: ExitStack) -> None:
    """The device's sequence does not move."""
    swap(stack, pushing, "in_order", lambda _last, told: Order([], list(told)[:1], gap=False))


WITHOUT: Final = {
    no_family_lock.__name__: ("mutation", "uq_mutation_family_id_rev", "family_id, rev")
}
"""A rule of the database that a mutant does without: its table, its name, its columns."""
