"""A family that is given up leaves nothing behind, and takes nothing unsent with it."""

from datetime import timedelta
from uuid import UUID

import pytest

from nyefamilier.client import copies, leaving, outbox
from nyefamilier.client.steps import Moment, Step
from nyefamilier.client.store import ids
from nyefamilier.client.transport import Unreachable
from tests.unit.client.phones import FAMILY, Crash
from tests.unit.client.servers import Family, problem, unpacked


@pytest.fixture
def moved(world):
    """A family that was here and is another nurse's now; this phone has a note for it unsent."""
    world.phone.round()
    world.saved = world.note("skrevet før flyttingen")
    world.server.scope.clear()
    return world


def everything_of(world, family):
    tables = ("row", "cursor", "arrival", "arrived", "scope", "leaving")
    return [
        table
        for table in tables
        if family in ids(world.store.read(f"SELECT family FROM {table}"))  # noqa: S608 - ours
    ]


def test_what_is_unsent_goes_up_before_the_family_goes(moved):
    report = moved.phone.round()

    assert moved.texts() == ["skrevet før flyttingen"]
    assert report.purged == {FAMILY: 1}
    assert report.receipts == 1
    assert [one.rows for one in moved.server.receipts] == [1]
    assert everything_of(moved, FAMILY) == []


def test_what_is_written_between_the_push_and_the_purge_goes_up_too(moved):
    def writes_on(asked):
        if asked.path.endswith("/pull"):
            moved.server.always = None
            moved.note("skrevet i siste liten")

    moved.server.always = writes_on

    report = moved.phone.round()

    assert moved.texts() == ["skrevet før flyttingen", "skrevet i siste liten"]
    assert report.purged == {FAMILY: 1}


def test_without_a_network_for_the_unsent_work_the_family_waits(moved):
    def no_push(asked):
        if asked.path.endswith("/push"):
            raise Unreachable("timeout")

    moved.server.always = no_push
    first = moved.phone.round()
    still_here = copies.families(moved.store)
    moved.server.always = None
    moved.time.passes(timedelta(hours=1))
    second = moved.phone.round()

    assert (first.purged, still_here) == ({}, [FAMILY])
    assert second.purged == {FAMILY: 1}
    assert moved.texts() == ["skrevet før flyttingen"]


def test_what_cannot_be_sent_stays_for_the_servers_eyes_only(moved):
    def refuse(asked):
        return problem(418, "new-in-2031") if asked.path.endswith("/push") else None

    moved.server.always = refuse

    report = moved.phone.round()
    [left] = outbox.unsent(moved.store)

    assert report.purged == {FAMILY: 1}
    assert (left.id, left.sealed, left.refused) == (moved.saved.id, None, "purged")
    moved.server.always = None
    moved.time.passes(timedelta(hours=1))
    assert moved.phone.round().unsent == 0
    assert b"flyttingen" in moved.server.escrow[moved.saved.id]


def test_a_receipt_that_was_lost_is_sent_again(moved):
    heard = []

    def lose_receipts(asked):
        if not asked.path.endswith("/purge-receipts"):
            return
        heard.append(unpacked(asked))
        if len(heard) == 1:
            moved.server.answer(asked)
            raise Unreachable("timeout")
        return

    moved.server.always = lose_receipts
    moved.phone.round()
    moved.time.passes(timedelta(hours=1))

    report = moved.phone.round()

    assert report.receipts == 1
    assert heard[0] == heard[1]


@pytest.mark.parametrize("step", [Step.SCOPED, Step.PURGED, Step.RECEIPTED])
@pytest.mark.parametrize("moment", Moment)
def test_a_crash_while_leaving_leaves_nothing_behind_in_the_end(moved, step, moment):
    moved.hook.crash_at = f"{step}.{moment}"
    with pytest.raises(Crash):
        moved.phone.round()
    moved.crash()

    moved.phone.round()

    assert moved.texts() == ["skrevet før flyttingen"]
    assert everything_of(moved, FAMILY) == []
    assert moved.server.held == {}


def test_a_family_that_comes_back_before_it_is_gone_stays(moved):
    def comes_back(asked):
        if asked.path.endswith("/push") and moved.server.paths()[-1:] == ["pull"]:
            raise Unreachable("timeout")

    moved.server.always = comes_back
    moved.note("en til")
    moved.phone.round()
    moved.server.always = None
    assert [one.gone for one in leaving.leaving(moved.store)] in ([None], [])
    moved.server.scope.add(FAMILY)
    moved.time.passes(timedelta(hours=1))

    report = moved.phone.round()

    assert report.purged == {}
    assert copies.families(moved.store) == [FAMILY]


def test_a_family_whose_cursor_was_given_up_goes_too_when_it_may_not_be_here(world):
    world.phone.round()
    copies.doubt(world.store, FAMILY)
    world.server.held.clear()
    world.server.scope.clear()
    other = UUID(int=0x55)
    world.server.families[other] = Family()
    world.server.scope.add(other)

    report = world.phone.round()

    assert report.purged == {FAMILY: 1}
    assert everything_of(world, FAMILY) == []


def test_no_word_of_a_family_that_is_gone_is_left_in_the_files(moved):
    sealed = [body for (body,) in moved.store.read("SELECT body FROM row")]

    moved.phone.round()

    content = b"".join(file.read_bytes() for file in moved.folder.iterdir())
    assert sealed
    assert all(body not in content for body in sealed)
