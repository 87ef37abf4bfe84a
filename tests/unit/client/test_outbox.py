"""What a nurse wrote is on the disk when the phone says so, and stays until the server names it."""

from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest

from nyefamilier.client import outbox
from nyefamilier.client.steps import Moment, Step
from nyefamilier.client.store import Store, StoreClosed, StoreInUse
from nyefamilier.vault.escrow import open_escrowed
from nyefamilier.wire.messages import PushedMutation, Result
from nyefamilier.wire.verdicts import Verdict
from tests.unit.client.phones import ESCROW, NOW, SECRET, Crash, Hook, again, note, store_at


def verdict(kept: PushedMutation, **other) -> Result:
    return Result(**({"seq": kept.seq, "id": kept.id, "status": Verdict.APPLIED, "rev": 1} | other))


def test_what_was_saved_is_read_again_after_the_next_start(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note("Hun sover godt."))
    store.close()

    store = again(tmp_path)
    [found] = outbox.unsent(store)

    assert msgspec.json.decode(outbox.raw_of(store, found), type=PushedMutation) == kept


def test_the_seqs_have_no_gap_and_survive_the_next_start(tmp_path):
    store = store_at(tmp_path)
    first = [outbox.put(store, note()).seq for _ in range(2)]
    store.close()

    assert [*first, outbox.put(again(tmp_path), note()).seq] == [1, 2, 3]


@pytest.mark.parametrize("moment", Moment)
def test_a_crash_while_saving_keeps_the_note_and_its_seq_together_or_neither(tmp_path, moment):
    store = store_at(tmp_path, hook=Hook(f"{Step.SAVED}.{moment}"))
    with pytest.raises(Crash):
        outbox.put(store, note())
    store.close()

    store = again(tmp_path)
    kept = moment is Moment.DONE

    assert len(outbox.unsent(store)) == int(kept)
    assert outbox.put(store, note()).seq == 1 + int(kept)


def test_nothing_that_a_nurse_wrote_lies_readable_in_the_file(tmp_path):
    store = store_at(tmp_path)
    outbox.put(store, note("kanarifugl"))
    store.close()

    assert all(b"kanarifugl" not in file.read_bytes() for file in tmp_path.iterdir())


def test_the_server_can_open_the_copy_that_is_sealed_to_it(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())
    [found] = outbox.unsent(store)

    opened = open_escrowed(ESCROW.private, kept.id, found.escrow)

    assert opened == outbox.raw_of(store, found)


def test_a_closed_store_still_takes_a_note_and_cannot_read_it_back(tmp_path):
    store = store_at(tmp_path, opened=False)
    kept = outbox.put(store, note())
    [found] = outbox.unsent(store)

    assert found.sealed is None
    assert b"Barnet" in open_escrowed(ESCROW.private, kept.id, found.escrow)


def test_a_closed_store_opens_nothing_that_it_had(tmp_path):
    store = store_at(tmp_path)
    outbox.put(store, note())
    store.cipher = None

    with pytest.raises(StoreClosed):
        outbox.raw_of(store, outbox.unsent(store)[0])


def test_a_phone_that_is_not_enrolled_takes_nothing_that_it_could_not_keep_safe(tmp_path):
    with pytest.raises(outbox.NotEnrolled):
        outbox.put(Store(tmp_path / "phone.db", SECRET), note())


def test_only_what_the_server_named_leaves_the_outbox(tmp_path):
    store = store_at(tmp_path)
    one, two, three = (outbox.put(store, note()) for _ in range(3))

    outbox.settle(store, [verdict(two)], NOW)

    assert [kept.seq for kept in outbox.unsent(store)] == [one.seq, three.seq]


def test_a_verdict_for_another_id_than_the_one_at_that_seq_moves_nothing(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())

    ours = outbox.settle(store, [verdict(kept, id=note().id)], NOW)

    assert ours == []
    assert [one.id for one in outbox.unsent(store)] == [kept.id]


def test_a_verdict_that_is_told_twice_is_taken_once(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())

    assert outbox.settle(store, [verdict(kept)], NOW) == [verdict(kept)]
    assert outbox.settle(store, [verdict(kept)], NOW) == []


def test_acked_is_the_last_seq_before_the_first_that_is_unnamed(tmp_path):
    store = store_at(tmp_path)
    kept = [outbox.put(store, note()) for _ in range(3)]
    outbox.settle(store, [verdict(kept[0]), verdict(kept[2])], NOW)

    assert outbox.acked_seq(store) == 1

    outbox.settle(store, [verdict(kept[1])], NOW)

    assert outbox.acked_seq(store) == 3


def test_what_the_server_lost_comes_back_as_the_very_same_bytes(tmp_path):
    store = store_at(tmp_path)
    kept = [outbox.put(store, note()) for _ in range(3)]
    before = [outbox.raw_of(store, one) for one in outbox.unsent(store)]
    outbox.settle(store, [verdict(one) for one in kept], NOW)

    assert outbox.bring_back(store, last_seq=1) == 2

    assert [outbox.raw_of(store, one) for one in outbox.unsent(store)] == before[1:]
    assert outbox.acked_seq(store) == 1


@pytest.mark.parametrize("step", [Step.VERDICTS, Step.RETURNED])
@pytest.mark.parametrize("moment", Moment)
def test_a_crash_between_outbox_and_journal_leaves_a_mutation_in_one_of_them(
    tmp_path, step, moment
):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())
    store.hook = Hook(f"{step}.{moment}")
    with suppress(Crash):
        outbox.settle(store, [verdict(kept)], NOW)
        outbox.bring_back(store, last_seq=0)
    assert store.hook.crash_at is None
    store.close()

    store = again(tmp_path)
    journal = store.read("SELECT seq FROM journal")

    assert len(outbox.unsent(store)) + len(journal) == 1


def test_the_journal_keeps_what_no_backup_has_for_thirty_days(tmp_path):
    store = store_at(tmp_path)
    one, two = outbox.put(store, note()), outbox.put(store, note())
    outbox.settle(store, [verdict(one), verdict(two)], NOW)

    outbox.prune(store, durable_seq=1, now=NOW)
    left = [seq for (seq,) in store.read("SELECT seq FROM journal")]
    outbox.prune(store, durable_seq=1, now=NOW + timedelta(days=31))

    assert left == [two.seq]
    assert store.read("SELECT seq FROM journal") == []


def test_an_acknowledged_note_is_shown_until_our_copy_of_the_family_has_it(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())
    outbox.settle(store, [verdict(kept, rev=7)], NOW)

    def copy_at(rev: int) -> None:
        with store.durable(Step.CHANGED) as cx:
            cx.execute(
                "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, 0)",
                (kept.family.bytes, rev, bytes(32)),
            )

    copy_at(6)
    outbox.prune(store, durable_seq=1, now=NOW)
    before = [one.id for one in outbox.acked(store, kept.family)]
    copy_at(7)
    after = outbox.acked(store, kept.family)
    outbox.prune(store, durable_seq=1, now=NOW)

    assert (before, after) == ([kept.id], [])
    assert store.read("SELECT seq FROM journal") == []


def test_what_is_sealed_off_keeps_its_place_and_its_copy_for_the_server(tmp_path):
    store = store_at(tmp_path)
    kept = outbox.put(store, note())

    outbox.seal_off(store, kept.seq, "too-large")
    [found] = outbox.unsent(store)

    assert (found.seq, found.sealed, found.refused) == (kept.seq, None, "too-large")
    assert open_escrowed(ESCROW.private, kept.id, found.escrow)


def test_a_store_has_one_writer(tmp_path):
    store_at(tmp_path)

    with pytest.raises(StoreInUse):
        Store(tmp_path / "phone.db", SECRET)
