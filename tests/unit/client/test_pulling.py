"""A family's copy is an exact prefix of the server's log, or is asked for again."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from nyefamilier.client import copies, outbox
from nyefamilier.client.steps import Step
from nyefamilier.wire.chain import ORIGIN
from nyefamilier.wire.messages import PullAnswer
from nyefamilier.wire.texts import as_text
from tests.unit.client.phones import FAMILY
from tests.unit.client.servers import Family, ok
from tests.unit.client.test_rounds import copy_is_the_servers


def spoilt(world, spoil):
    """The next answer to a pull that tells a change has that change spoilt."""

    def twist(asked):
        if not asked.path.endswith("/pull"):
            return None
        got = world.server.answer(asked)
        answer = msgspec.json.decode(got.body, type=PullAnswer)
        if not answer.changes:
            return None
        spoil(answer.changes[0])
        return ok(answer)

    world.server.twists.append(twist)


def without_a_link(change):
    change.links.pop()


def without_an_item(change):
    change.items.pop()


def with_another_link(change):
    change.links[0] = as_text(ORIGIN)


def with_another_chain(change):
    change.chain = as_text(ORIGIN)


def with_a_chain_that_is_no_text_of_ours(change):
    change.chain = "?"


def from_another_revision(change):
    change.from_ += 1


def with_an_item_from_before(change):
    change.items[0].rev = 1


def with_an_item_twice(change):
    change.items.append(msgspec.structs.replace(change.items[0], id=UUID(int=99)))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_a_link, "gap"),
        (without_an_item, "checksum-differs"),
        (with_another_link, "chain-differs"),
        (with_another_chain, "chain-differs"),
        (with_a_chain_that_is_no_text_of_ours, "unreadable"),
        (from_another_revision, "gap"),
        (with_an_item_from_before, "item-out-of-place"),
        (with_an_item_twice, "checksum-differs"),
    ],
)
def test_a_change_that_does_not_fit_is_not_written_and_the_family_is_asked_for_again(
    world, spoil, why
):
    world.phone.round()
    world.server.families[FAMILY].write("visit", UUID(int=2), {"state": "booked"})
    spoilt(world, spoil)

    report = world.phone.round()

    assert report.alarms == [f"client-{why} {FAMILY}"]
    assert [one.since for one in report.received] == [None]
    copy_is_the_servers(world)


def test_a_family_that_never_fits_is_given_up_for_this_round_and_stops_no_other(world):
    other_family = UUID(int=0x77)
    world.server.families[other_family] = Family()
    world.server.families[other_family].write("member", UUID(int=3), {"name": "Ola Prøve"})
    world.server.scope.add(other_family)

    def never(asked):
        if not asked.path.endswith("/pull"):
            return None
        answer = msgspec.json.decode(world.server.answer(asked).body, type=PullAnswer)
        for part in answer.snapshots:
            if part.family == FAMILY:
                part.rows ^= 1
        return ok(answer)

    world.server.always = never

    report = world.phone.round()
    world.server.always = None

    assert report.stopped is None
    assert world.server.paths().count("pull") <= 4
    copy_is_the_servers(world, other_family)
    assert copies.cursor(world.phone.store, FAMILY) is None
    world.phone.round()
    copy_is_the_servers(world)


def test_rows_that_were_lost_here_are_found_missing_once_a_day_and_fetched_again(world):
    world.phone.round()
    with world.phone.store.durable(Step.CHANGED) as cx:
        cx.execute("DELETE FROM row")
    unseen = world.phone.round()
    world.time.passes(timedelta(days=1))

    seen = world.phone.round()

    assert unseen.alarms == []
    assert seen.alarms == [f"stream-rows-differ {FAMILY}"]
    copy_is_the_servers(world)


def test_rows_that_were_lost_in_a_crash_are_found_missing_at_the_next_start(world):
    world.phone.round()
    with world.phone.store.durable(Step.CHANGED) as cx:
        cx.execute("DELETE FROM row")
    world.crash()

    assert world.phone.round().alarms == [f"stream-rows-differ {FAMILY}"]
    copy_is_the_servers(world)


def test_an_app_that_was_ended_in_good_order_need_not_prove_its_rows_again(world):
    world.phone.round()
    world.phone.close()
    world.start()
    world.server.asked.clear()

    world.phone.round()

    [told] = [told for name, told in world.server.asked if name == "pull"]
    assert "have_hash" in told


def test_a_history_that_is_not_the_servers_is_replaced(world):
    world.phone.round()
    world.server.families[FAMILY] = Family()
    world.server.families[FAMILY].write("member", UUID(int=1), {"name": "Kari Annen"})

    report = world.phone.round()

    assert report.alarms == [f"stream-diverged {FAMILY}"]
    copy_is_the_servers(world)


def test_a_large_family_comes_in_parts_and_goes_on_where_it_was_cut_off(world):
    family = world.server.families[FAMILY]
    for number in range(9):
        family.write("visit", UUID(int=100 + number), {"state": "booked"})
    world.server.part_items, world.server.max_snapshots = 3, 2
    pulls = []

    def cut_off_after_the_first(asked):
        if not asked.path.endswith("/pull"):
            return None
        pulls.append(asked)
        return ok({}) if len(pulls) == 2 else None

    world.server.always = cut_off_after_the_first

    first = world.phone.round()
    partial = copies.partial(world.phone.store)
    shown = copies.cursor(world.phone.store, FAMILY)
    world.crash()
    world.phone.round()

    assert first.stopped == "answer-damaged"
    assert (partial[FAMILY].parts, shown) == (2, None)
    assert world.server.asked[-1][1]["partial"][str(FAMILY)] == {"at": 10, "parts": 2}
    copy_is_the_servers(world)


def test_a_family_that_changed_between_two_parts_comes_anew(world):
    family = world.server.families[FAMILY]
    for number in range(5):
        family.write("visit", UUID(int=100 + number), {"state": "booked"})
    world.server.part_items, world.server.max_snapshots = 2, 1

    def changed_meanwhile(asked):
        if asked.path.endswith("/pull") and world.server.paths().count("pull") == 1:
            family.write("visit", UUID(int=300), {"state": "booked"})

    world.server.always = changed_meanwhile

    world.phone.round()

    copy_is_the_servers(world)


def test_what_is_pending_is_never_among_the_rows(world):
    world.phone.round()
    before = world.phone.store.read("SELECT count(*) FROM row")
    world.note("usendt")

    assert world.phone.store.read("SELECT count(*) FROM row") == before
    assert len(outbox.unsent(world.phone.store)) == 1


def test_nothing_of_a_family_lies_readable_on_the_phone(world):
    world.phone.round()

    files = [file.read_bytes() for file in world.folder.iterdir()]

    assert all(b"Kari" not in content for content in files)
