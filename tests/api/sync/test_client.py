"""The reference client against the app: what is written on a phone is on the server and back."""

from datetime import timedelta
from uuid import UUID

import pytest

from nyefamilier.client import copies
from nyefamilier.wire.kinds import RECORD_KINDS
from tests.api.conftest import FOR_A_YEAR
from tests.api.homes import Home
from tests.api.sync.phones import Nurse


@pytest.fixture
def nurse(app, clock, tmp_path, caller):
    return Nurse(app, clock, tmp_path, caller(lifetimes=FOR_A_YEAR))


@pytest.fixture
def home(nurse):
    return Home(nurse.caller).register()


def test_a_nurses_families_are_on_her_phone_after_one_round(nurse, home):
    report = nurse.phone.round()

    shown = nurse.phone.family(UUID(home.id))
    assert (report.stopped, report.alarms) == (None, [])
    assert sorted(one.body["name"] for one in shown.of_kind("member")) == [
        "Rask Bjørk",
        "Stille Fjell",
    ]
    assert {one.kind for one in shown.records.values()} <= set(RECORD_KINDS)


def test_what_is_written_elsewhere_is_on_the_phone_after_the_next_round(nurse, home):
    nurse.phone.round()
    before = copies.cursor(nurse.phone.store, UUID(home.id)).rev
    home.offer()

    report = nurse.phone.round()

    assert [(one.since, one.rev) for one in report.received] == [(before, before + 1)]
    assert len(nurse.phone.family(UUID(home.id)).of_kind("offer")) == 1
    assert report.alarms == []


def test_an_idle_round_is_one_short_request(nurse, home):
    nurse.phone.round()
    nurse.phone.round()

    report = nurse.phone.round()

    assert report.requests == 1
    assert max(report.bytes_up, report.bytes_down) < 300


def test_a_crash_has_the_rows_proved_and_they_are_right(nurse, home):
    nurse.phone.round()
    nurse.phone.store.close()
    nurse.start()

    report = nurse.phone.round()

    assert (report.alarms, report.received) == ([], [])


def test_rows_that_were_lost_on_the_phone_are_fetched_again(nurse, home):
    nurse.phone.round()
    with nurse.phone.store.durable("changed") as cx:
        cx.execute("DELETE FROM row WHERE kind = 'member'")
    nurse.phone.store.close()
    nurse.start()

    report = nurse.phone.round()

    assert report.alarms == [f"stream-rows-differ {home.id}"]
    assert len(nurse.phone.family(UUID(home.id)).of_kind("member")) == 2


def test_the_lease_is_renewed_and_the_same_store_stays_open(nurse, home):
    nurse.phone.round()
    nurse.clock.now += timedelta(hours=48)

    report = nurse.phone.round()

    assert report.lease_renewed
    assert nurse.phone.family(UUID(home.id)).rev is not None
