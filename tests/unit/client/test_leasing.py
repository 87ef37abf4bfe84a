"""A store is open for as long as the server lends its half of the key, and no longer."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from nyefamilier.client import copies, outbox
from nyefamilier.client.leasing import OtherNurse
from nyefamilier.client.steps import Step
from nyefamilier.client.store import StoreClosed, stand
from nyefamilier.client.transport import Unreachable
from tests.unit.client.phones import FAMILY
from tests.unit.client.servers import LEASE, once, problem
from tests.unit.client.test_rounds import copy_is_the_servers


def test_a_lease_is_asked_for_when_half_of_it_is_gone(world):
    world.phone.round()
    world.time.passes(LEASE * 0.4)
    early = world.phone.round()
    world.time.passes(LEASE * 0.2)
    late = world.phone.round()

    assert (early.lease_renewed, late.lease_renewed) == (False, True)


def test_within_the_lease_the_app_opens_again_without_a_network(world):
    world.phone.round()
    world.time.passes(timedelta(hours=10))
    world.crash()

    assert world.phone.family(FAMILY).rev == 1


def test_after_the_lease_the_caseload_is_closed_and_new_notes_are_still_taken(world):
    world.phone.round()
    world.time.passes(LEASE + timedelta(minutes=1))

    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)
    saved = world.note("i kjelleren")

    [left] = outbox.unsent(world.store)
    assert (left.id, left.sealed) == (saved.id, None)


def test_what_was_taken_while_closed_reaches_the_server_through_escrow(world):
    world.phone.round()
    world.time.passes(LEASE + timedelta(minutes=1))
    saved = world.note("i kjelleren")

    report = world.phone.round()
    after = world.note("ute igjen")
    world.phone.round()

    assert b"i kjelleren" in world.server.escrow[saved.id]
    assert report.unsent == 0
    assert [one.seq for one in world.server.known.values()] == [saved.seq, after.seq]
    copy_is_the_servers(world)


def test_what_the_server_has_passed_over_reaches_it_from_an_installation_that_counts_anew(world):
    """After a restore the server waited for a day, took what came later, and never names this."""
    world.phone.round()
    world.time.passes(LEASE + timedelta(minutes=1))
    saved = world.note("i kjelleren")
    [device] = world.server.devices.values()
    device.last_seq = 5

    report = world.phone.round()

    assert (report.enrolled_anew, report.unsent, report.stuck) == (True, 0, None)
    assert list(world.server.known) == [saved.id]


def test_a_lease_does_not_get_longer_by_a_phone_that_sleeps_on_an_answer(world):
    world.phone.round()

    def sleeps(asked):
        got = world.server.answer(asked)
        world.time.passes(LEASE + timedelta(hours=1))
        return got

    world.server.twists.append(sleeps)
    world.phone.round()

    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)


def test_a_lease_does_not_get_longer_by_a_clock_that_is_set_back(world):
    world.phone.round()
    world.time.passes(LEASE + timedelta(minutes=1))
    world.time.wall -= timedelta(days=30)

    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)


def test_a_lease_does_not_get_longer_by_a_clock_that_is_set_back_at_a_new_start(world):
    world.phone.round()
    world.time.passes(LEASE - timedelta(hours=1))
    world.phone.family(FAMILY)
    world.time.passes(timedelta(hours=2))
    world.phone.families()
    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)
    world.time.boot, world.time.seconds = "boot-2", 5.0
    world.time.wall -= timedelta(days=30)
    world.crash()

    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)


def test_what_is_left_of_a_lease_runs_on_after_a_start_with_a_clock_that_was_set_back(world):
    world.phone.round()
    world.time.passes(LEASE - timedelta(hours=1))
    world.phone.family(FAMILY)
    world.time.boot, world.time.seconds = "boot-2", 5.0
    world.time.wall -= timedelta(days=30)
    world.crash()
    shown = world.phone.family(FAMILY)
    world.time.passes(timedelta(hours=2))

    assert shown.rev == 1
    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)


def test_a_share_that_is_forgotten_is_nowhere_in_the_files(world):
    world.phone.round()
    share = world.store.standing.share
    world.time.passes(LEASE + timedelta(minutes=1))
    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)
    world.store.tidy_up()

    content = b"".join(file.read_bytes() for file in world.folder.iterdir())
    assert world.store.standing.share is None
    assert share not in content


def test_a_damaged_share_is_lent_again_and_costs_nothing(world):
    world.phone.round()
    before = world.note("for skaden")
    standing = world.store.standing
    share = standing.share[:-1] + bytes([standing.share[-1] ^ 1])
    with world.store.durable(Step.HEARD) as cx:
        stand(cx, msgspec.structs.replace(standing, share=share))
    world.crash()

    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)
    meanwhile = world.note("mens den er lukket")
    report = world.phone.round()

    assert (report.unsent, report.stopped) == (0, None)
    assert world.server.known[before.id].seq == before.seq
    assert b"mens den er lukket" in world.server.escrow[meanwhile.id]
    copy_is_the_servers(world)


def test_the_same_share_opens_what_was_there_before(world):
    world.phone.round()
    world.time.passes(LEASE + timedelta(minutes=1))
    with pytest.raises(StoreClosed):
        world.phone.family(FAMILY)

    def no_pull(asked):
        if asked.path.endswith("/pull"):
            raise Unreachable("timeout")

    world.server.always = no_pull
    world.phone.round()

    assert world.phone.family(FAMILY).rev == 1


def test_a_new_share_while_the_store_is_open_keeps_what_is_unsent_readable(world):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).share = b"n" * 32
    world.time.passes(LEASE * 0.6)

    report = world.phone.round()

    assert [one.id for one in report.verdicts] == [saved.id]
    assert world.server.escrow == {}
    copy_is_the_servers(world)


def test_a_new_share_after_the_lease_leaves_the_escrow_copies_of_what_is_unsent(world):
    world.phone.round()
    saved = world.note("usendt")
    world.time.passes(LEASE + timedelta(minutes=1))
    next(iter(world.server.devices.values())).share = b"n" * 32

    report = world.phone.round()

    assert b"usendt" in world.server.escrow[saved.id]
    assert (report.unsent, report.stopped) == (0, None)
    copy_is_the_servers(world)


def test_a_lease_that_cannot_be_had_just_now_is_no_reason_to_stop_while_it_lasts(world):
    world.phone.round()
    world.note("går fram")
    world.time.passes(LEASE * 0.6)
    world.server.twists.append(once("/lease", problem(409, "new-in-2031")))

    report = world.phone.round()

    assert report.alarms == ["lease-refused new-in-2031"]
    assert world.texts() == ["går fram"]


def test_a_family_that_is_overdue_to_go_goes_before_the_lease_is_had(world):
    world.phone.round()
    world.server.scope.clear()
    world.time.passes(LEASE + timedelta(minutes=1))
    world.server.twists.append(once("/lease", problem(409, "purge-overdue")))

    report = world.phone.round()

    assert (report.purged, report.receipts, report.lease_renewed) == ({FAMILY: 1}, 1, True)
    assert copies.families(world.store) == []


def test_an_enrolment_whose_answer_was_lost_is_the_same_one_when_it_is_tried_again(world):
    world.server.devices.clear()
    lost = []

    def lose(asked):
        if asked.path.endswith("/devices") and not lost:
            lost.append(world.server.answer(asked))
            raise Unreachable("timeout")

    world.server.always = lose
    with pytest.raises(Unreachable):
        world.phone.enrol()
    world.crash()
    world.phone.enrol()

    assert len(world.server.devices) == 1


def test_a_store_is_one_nurses(world):
    world.server.account = UUID(int=0xB)

    with pytest.raises(OtherNurse):
        world.phone.enrol()
