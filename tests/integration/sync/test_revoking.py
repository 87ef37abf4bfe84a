"""A phone is stopped by its nurse, her lead or an operator, by nobody else, and at once."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import (
    account_of_session,
    account_of_token,
    issue_token,
    open_session,
)
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import Conflict, NotSignedIn, UnknownDevice
from nyefamilier.sync import revoking
from nyefamilier.sync.devices import enrol, known_device
from nyefamilier.sync.leases import renew
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow, SyncEventRow
from nyefamilier.wire.messages import Renew
from tests.builders import lead
from tests.holdings import gone, hold
from tests.phones import Phone

STOPPED = [
    (revoking.lock, DeviceState.LOCKED),
    (revoking.wipe, DeviceState.WIPE),
    (revoking.retire, DeviceState.RETIRED),
]


@pytest.fixture
def phone(city):
    phone = Phone()
    with city.programme.work(city.ours, "test") as work:
        phone.share = enrol(work, phone.enrolment).lease.key_share
    return phone


def by(city, actor, how, phone, **more):
    with city.programme.work(actor, "test") as work:
        how(work, phone.id, **more)


def row_of(city, phone):
    with city.programme.work(SYSTEM, "test") as work:
        return work.session.get(DeviceRow, phone.id)


@pytest.mark.parametrize(("how", "state"), STOPPED)
@pytest.mark.parametrize("who", ["herself", "lead", "operator"])
def test_whoever_may_stops_a_phone_and_its_share_is_destroyed(city, phone, how, state, who):
    actor = {"herself": city.ours, "lead": lead("11"), "operator": SYSTEM}[who]
    by(city, actor, how, phone)
    device = row_of(city, phone)
    assert (device.state, device.share, device.state_by) == (state, None, actor.id)


@pytest.mark.parametrize("how", [how for how, _ in STOPPED])
def test_nobody_else_stops_a_phone_or_learns_that_there_is_one(city, phone, how):
    planner = replace(lead(), role=Role.PLANNER, bydel=None)
    for actor in (city.colleague, city.theirs, lead("12"), planner):
        for device in (phone, Phone(id=uuid4())):
            with pytest.raises(UnknownDevice) as refused:
                by(city, actor, how, device)
            assert refused.value.code == "wrong-device"
    assert row_of(city, phone).state == DeviceState.ACTIVE


def test_what_is_done_twice_is_written_down_once(city, phone):
    by(city, city.ours, revoking.lock, phone)
    by(city, city.ours, revoking.lock, phone)
    with city.programme.work(SYSTEM, "test") as work:
        told = select(SyncEventRow.event, SyncEventRow.actor_id)
        rows = work.session.execute(told.where(SyncEventRow.device_id == phone.id)).all()
    assert rows == [("enrolled", city.ours.id), ("locked", city.ours.id)]


def test_a_phone_that_was_found_is_unlocked_and_begins_anew(city, phone):
    by(city, city.ours, revoking.lock, phone)
    by(city, lead("11"), revoking.unlock, phone)
    with city.programme.work(city.ours, "test") as work:
        known_device(work, phone.id)
        lease = renew(work, Renew(device_id=phone.id, schema=1))
    assert lease.fresh
    assert lease.key_share != phone.share


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (revoking.wipe, revoking.unlock),
        (revoking.wipe, revoking.lock),
        (revoking.retire, revoking.unlock),
        (revoking.retire, revoking.lock),
    ],
)
def test_what_was_wiped_or_retired_is_not_taken_into_use_again(city, phone, first, then):
    by(city, city.ours, first, phone)
    with pytest.raises(Conflict) as refused:
        by(city, city.ours, then, phone)
    assert refused.value.code == "device-state"


@pytest.mark.parametrize("how", [revoking.lock, revoking.wipe])
def test_her_sign_ins_end_with_it_but_the_one_that_she_does_it_by(city, phone, how):
    with city.programme.work(SYSTEM, "test") as work:
        token = issue_token(work, city.ours.id, Lifetimes()).secret
        page, other = (open_session(work, city.ours.id, Lifetimes()).secret for _ in range(2))
        theirs = issue_token(work, city.colleague.id, Lifetimes()).secret
    by(city, city.ours, how, phone, keep=page)
    with city.programme.work(SYSTEM, "test") as work:
        assert account_of_session(work, page, Lifetimes()).id == city.ours.id
        with pytest.raises(NotSignedIn):
            account_of_session(work, other, Lifetimes())
    with city.programme.glance(SYSTEM) as glance:
        assert account_of_token(glance, theirs).id == city.colleague.id
        with pytest.raises(NotSignedIn):
            account_of_token(glance, token)


def test_retiring_a_phone_ends_no_sign_in(city, phone):
    with city.programme.work(SYSTEM, "test") as work:
        token = issue_token(work, city.ours.id, Lifetimes()).secret
    by(city, city.ours, revoking.retire, phone)
    with city.programme.glance(SYSTEM) as glance:
        assert account_of_token(glance, token).id == city.ours.id


@pytest.mark.parametrize("how", [revoking.wipe, revoking.retire])
def test_the_wipe_receipt_closes_the_ledger_once(city, home, phone, how):
    hold(city.programme, phone.id, home.id)
    by(city, city.ours, how, phone)
    assert gone(city.programme, phone.id) == {home.id: None}
    for _ in range(2):
        with city.programme.work(SYSTEM, "test") as work:
            revoking.take_wipe_receipt(work, work.session.get(DeviceRow, phone.id), [])
    assert gone(city.programme, phone.id) == {home.id: "wiped"}
    assert row_of(city, phone).state == DeviceState.WIPED


@pytest.mark.parametrize("state", [DeviceState.ACTIVE, DeviceState.LOCKED])
def test_a_phone_that_nobody_told_to_is_not_believed_to_be_wiped(city, phone, state):
    with city.programme.work(SYSTEM, "test") as work:
        device = work.session.get(DeviceRow, phone.id)
        device.state = state
        with pytest.raises(Conflict):
            revoking.take_wipe_receipt(work, device, [])
