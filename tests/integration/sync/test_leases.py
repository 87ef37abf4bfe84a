"""A lease is renewed while nothing speaks against it, and its end makes a store unreadable."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import AssignNurse
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, DeviceStopped, UnknownDevice
from nyefamilier.sync import leases
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.leases import lapse, renew
from nyefamilier.sync.revoking import lock, unlock
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow, HoldingRow, SyncEventRow
from nyefamilier.wire.messages import Renew
from nyefamilier.wire.verdicts import Command
from scheduler.jobs import lapse_leases
from tests.builders import send
from tests.holdings import gone, hold
from tests.phones import Phone
from tests.replica import Replica

HOURS = timedelta(hours=1)


@pytest.fixture
def phone(city):
    phone = Phone()
    with city.programme.work(city.ours, "test") as work:
        phone.share = enrol(work, phone.enrolment).lease.key_share
    return phone


def renewed(city, phone, *, schema=1, actor=None, **more):
    with city.programme.work(actor or city.ours, "test") as work:
        return renew(work, Renew(device_id=phone.id, schema=schema), **more)


def lapsed(city):
    with city.programme.work(SYSTEM, "test") as work:
        return lapse(work)


def row_of(city, phone):
    with city.programme.work(SYSTEM, "test") as work:
        return work.session.get(DeviceRow, phone.id)


def test_a_lease_is_renewed_with_the_same_share(city, phone):
    city.clock.forward(hours=70)
    lease = renewed(city, phone)
    assert (lease.key_share, lease.fresh, lease.commands) == (phone.share, False, [])
    assert lease.lease_until == city.clock.now + 72 * HOURS


def test_its_length_is_a_setting(city, phone):
    assert renewed(city, phone, lease=5 * HOURS).lease_until == city.clock.now + 5 * HOURS


def test_a_colleague_renews_no_lease_of_hers(city, phone):
    with pytest.raises(UnknownDevice):
        renewed(city, phone, actor=city.colleague)


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (DeviceState.LOCKED, Command.LOCK),
        (DeviceState.WIPE, Command.WIPE),
        (DeviceState.WIPED, Command.WIPE),
        (DeviceState.RETIRED, Command.WIPE),
    ],
)
def test_a_phone_that_was_stopped_is_told_what_to_do_and_gets_no_share(city, phone, state, command):
    with city.programme.work(SYSTEM, "test") as work:
        work.session.get(DeviceRow, phone.id).state = state
    lease = renewed(city, phone)
    assert (lease.key_share, lease.lease_until, lease.commands) == (None, None, [command])


def test_an_app_that_is_too_old_is_told_so(city, phone, monkeypatch):
    monkeypatch.setattr(leases, "SCHEMA", 2)
    assert renewed(city, phone, schema=1).commands == [Command.UPGRADE]
    assert renewed(city, phone, schema=2).commands == []
    assert row_of(city, phone).schema == 2


def test_a_family_that_should_have_been_given_up_72_hours_ago_ends_renewing(city, home, phone):
    until = row_of(city, phone).lease_until
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    city.clock.forward(hours=71)
    renewed(city, phone)
    city.clock.forward(hours=1)
    with pytest.raises(Conflict) as refused:
        renewed(city, phone)
    assert refused.value.code == "purge-overdue"
    assert row_of(city, phone).lease_until == until + 71 * HOURS


def test_a_family_that_came_back_meanwhile_is_not_owed(city, home, phone):
    """The phone may be closed until its lease is renewed, and can take no family before that."""
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    city.clock.forward(hours=73)
    assert renewed(city, phone).key_share is not None


def test_a_phone_that_was_locked_can_hear_what_it_must_give_up_once_it_is_found(city, home, phone):
    """It has no share until its lease is renewed, and without one it is told nothing at all."""
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    city.clock.forward(hours=71)
    renewed(city, phone)
    city.clock.forward(hours=2)
    with city.programme.work(city.ours, "test") as work:
        lock(work, phone.id)
        unlock(work, phone.id)
    lease = renewed(city, phone)
    assert lease.fresh
    assert lease.key_share not in {None, phone.share}
    assert gone(city.programme, phone.id) == {home.id: None}  # until its receipt is in
    with pytest.raises(Conflict):  # it has a share now, and no excuse
        renewed(city, phone)


def test_the_receipt_lets_it_be_renewed_again(city, home, phone):
    hold(city.programme, phone.id, home.id, asked_at=city.clock.now)
    city.clock.forward(hours=100)
    with city.programme.work(SYSTEM, "test") as work:
        row = work.session.get(HoldingRow, (phone.id, home.id))
        row.gone_at, row.gone_how = work.now, "receipt"
    assert renewed(city, phone).key_share == phone.share


def test_a_lease_that_runs_out_destroys_the_share_and_closes_the_ledger(city, home, phone):
    hold(city.programme, phone.id, home.id)
    city.clock.forward(hours=71, minutes=59)
    assert lapsed(city) == 0
    assert gone(city.programme, phone.id) == {home.id: None}
    city.clock.forward(minutes=1)
    assert lapsed(city) == 1
    assert (row_of(city, phone).share, row_of(city, phone).have_hash) == (None, None)
    assert gone(city.programme, phone.id) == {home.id: "lapsed"}
    assert lapsed(city) == 0


def test_the_familys_access_log_says_that_the_copy_is_gone(city, home, phone):
    hold(city.programme, phone.id, home.id)
    city.clock.forward(hours=72)
    lapsed(city)
    with city.programme.work(SYSTEM, "test") as work:
        last = work.session.scalars(
            select(AccessRow).where(AccessRow.family_id == home.id).order_by(AccessRow.id.desc())
        ).first()
        assert (last.action, last.object, last.ground) == ("purge", "copy-lapsed", "programme")
        told = work.session.scalars(
            select(SyncEventRow.event).where(SyncEventRow.device_id == phone.id)
        )
        assert list(told) == ["enrolled", "lapsed"]


def test_a_locked_phones_copies_count_until_its_own_lease_is_over(city, home, phone):
    hold(city.programme, phone.id, home.id)
    with city.programme.work(SYSTEM, "test") as work:
        device = work.session.get(DeviceRow, phone.id)
        device.state, device.share = DeviceState.LOCKED, None
    assert lapsed(city) == 0
    assert gone(city.programme, phone.id) == {home.id: None}
    city.clock.forward(hours=72)
    assert lapsed(city) == 1
    assert gone(city.programme, phone.id) == {home.id: "lapsed"}


def test_a_phone_that_comes_back_after_that_gets_another_share_and_is_told_so(city, phone):
    city.clock.forward(hours=80)
    lapsed(city)
    lease = renewed(city, phone)
    assert lease.fresh
    assert lease.key_share not in {None, phone.share}
    again = renewed(city, phone)
    assert (again.fresh, again.key_share) == (False, lease.key_share)


def test_until_then_no_family_is_told_to_it(city, home):
    phone = Replica(city.programme, city.ours).enrol()
    phone.pull()
    city.clock.forward(hours=80)
    lapsed(city)
    with pytest.raises(DeviceStopped) as refused:
        phone.pull()
    assert refused.value.code == "lease-lapsed"
    assert gone(city.programme, phone.id) == {home.id: "lapsed"}


def test_enrolling_again_after_that_gives_another_share_too(city, phone):
    city.clock.forward(hours=80)
    lapsed(city)
    with city.programme.work(city.ours, "test") as work:
        lease = enrol(work, phone.enrolment).lease
    assert lease.fresh
    assert lease.key_share != phone.share


def test_the_job_goes_on_until_no_lease_is_left(city, phone, monkeypatch):
    with city.programme.work(city.ours, "test") as work:
        for _ in range(4):
            enrol(work, Phone().enrolment)
    monkeypatch.setattr(leases, "LAPSES_AT_ONCE", 2)
    city.clock.forward(hours=72)
    assert lapse_leases(city.programme) == 5
    assert lapse_leases(city.programme) == 0


def test_a_phone_that_is_being_served_is_left_to_the_next_time(real_city):
    phone = Phone()
    with real_city.programme.work(real_city.ours, "test") as work:
        enrol(work, phone.enrolment)
    real_city.clock.forward(hours=72)
    with real_city.programme.work(real_city.ours, "test") as work:
        renew(work, Renew(device_id=phone.id, schema=1))
        assert lapsed(real_city) == 0
    assert lapsed(real_city) == 0
    assert row_of(real_city, phone).share is not None


def test_no_device_is_no_lease(city):
    with pytest.raises(UnknownDevice):
        renewed(city, Phone(id=uuid4()))
