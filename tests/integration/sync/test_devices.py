"""A phone enrols once, is its nurse's alone, and learns which history the server is in."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, DeviceStopped, RuleBroken, UnknownDevice
from nyefamilier.sync.devices import (
    device_cipher,
    enrol,
    known_device,
    new_epoch,
    present_epoch,
)
from nyefamilier.sync.escrow_keys import private_key
from nyefamilier.sync.states import DeviceState, EpochReason
from nyefamilier.sync.tables import DeviceRow, EpochRow, EscrowPairRow, SyncEventRow
from nyefamilier.sync.views import own_devices
from nyefamilier.vault.escrow import open_escrowed, seal_to_escrow
from nyefamilier.wire import limits
from nyefamilier.wire.texts import as_text, from_text
from tests.phones import Phone


@pytest.fixture
def phone():
    return Phone()


def enrolled(city, phone, actor=None):
    with city.programme.work(actor or city.ours, "test") as work:
        return enrol(work, phone.enrolment)


def test_a_phone_enrols_and_is_its_nurses(city, phone):
    answer = enrolled(city, phone)
    assert answer.device_id == phone.id
    assert (answer.last_seq, answer.durable_seq) == (0, 0)
    assert len(from_text(answer.lease.key_share)) == 32
    with city.programme.work(city.ours, "test") as work:
        assert known_device(work, phone.id).account_id == city.ours.id
        assert [one.device_id for one in own_devices(work)] == [phone.id]


def test_the_same_installation_again_is_told_the_same(city, phone):
    assert enrolled(city, phone).lease.key_share == enrolled(city, phone).lease.key_share
    with city.programme.work(SYSTEM, "test") as work:
        told = select(func.count()).select_from(SyncEventRow)
        assert work.session.scalar(told.where(SyncEventRow.device_id == phone.id)) == 1


def test_another_installation_does_not_take_the_id(city, phone):
    enrolled(city, phone)
    with pytest.raises(Conflict) as refused:
        enrolled(city, Phone(id=phone.id))
    assert refused.value.code == "device-taken"


@pytest.mark.parametrize("state", [DeviceState.ACTIVE, DeviceState.RETIRED])
@pytest.mark.parametrize("whose", ["ours", "colleague"])
def test_another_installation_does_not_take_the_key(city, phone, state, whose):
    enrolled(city, phone)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.get_one(DeviceRow, phone.id).state = state
    with pytest.raises(Conflict) as refused:
        enrolled(city, Phone(key=phone.key), getattr(city, whose))
    assert refused.value.code == "public-key-taken"


def test_another_nurse_does_not_take_the_phone(city, phone):
    enrolled(city, phone)
    with pytest.raises(Conflict):
        enrolled(city, phone, city.colleague)


@pytest.mark.parametrize("locked", [False, True])
def test_a_colleagues_phone_is_unknown(city, phone, locked):
    enrolled(city, phone)
    with (
        city.programme.work(city.colleague, "test") as work,
        pytest.raises(UnknownDevice) as refused,
    ):
        known_device(work, phone.id, lock=locked, allow_locked=True)
    assert refused.value.code == "wrong-device"


def test_a_phone_that_never_enrolled_is_unknown_in_the_same_words(city, phone):
    enrolled(city, phone)
    said = []
    for device in (phone.id, uuid4()):
        with (
            city.programme.work(city.colleague, "test") as work,
            pytest.raises(UnknownDevice) as refused,
        ):
            known_device(work, device)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (DeviceState.LOCKED, "device-locked"),
        (DeviceState.WIPE, "device-wipe"),
        (DeviceState.WIPED, "device-wipe"),
        (DeviceState.RETIRED, "device-retired"),
    ],
)
def test_a_phone_that_was_stopped_is_refused_unless_that_is_asked_for(city, phone, state, code):
    enrolled(city, phone)
    with city.programme.work(city.ours, "test") as work:
        work.session.get(DeviceRow, phone.id).state = state
        work.session.flush()
        with pytest.raises(DeviceStopped) as refused:
            known_device(work, phone.id, lock=True)
        assert refused.value.code == code
        assert known_device(work, phone.id, lock=True, allow_locked=True).id == phone.id
        with pytest.raises(DeviceStopped):
            enrol(work, phone.enrolment)


@pytest.mark.parametrize("key", ["", "!", "AAAA", "A" * 122, Phone().public_key + "="])
def test_a_key_that_cannot_be_read_is_refused(city, phone, key):
    request = phone.enrolment
    request.public_key = key
    with city.programme.work(city.ours, "test") as work, pytest.raises(RuleBroken) as refused:
        enrol(work, request)
    assert (refused.value.code, refused.value.pointer) == ("public-key", "/public_key")


def test_nobody_has_phones_without_end(city, monkeypatch):
    monkeypatch.setattr(limits, "DEVICES", 2)
    enrolled(city, Phone())
    enrolled(city, Phone())
    with pytest.raises(Conflict) as refused:
        enrolled(city, Phone())
    assert refused.value.code == "too-many-devices"
    enrolled(city, Phone(), city.colleague)


def test_being_seen_is_noted_when_the_row_is_held(city, phone):
    enrolled(city, phone)
    city.clock.forward(minutes=5)
    with city.programme.work(city.ours, "test") as work:
        assert known_device(work, phone.id).last_seen_at < work.now
        assert known_device(work, phone.id, lock=True).last_seen_at == work.now


def test_the_share_and_the_escrow_key_lie_sealed(city, phone):
    answer = enrolled(city, phone)
    share = from_text(answer.lease.key_share)
    with city.programme.work(city.ours, "test") as work:
        device = known_device(work, phone.id)
        assert share not in device.share
        assert device_cipher(work, device).open("device.share", device.id, device.share) == share
        pair = work.session.scalar(select(EscrowPairRow))
        assert as_text(pair.public_key) == answer.escrow_key
        assert (pair.kek, str(pair.id)) == ("kek-escrow", answer.escrow_key_id)


def test_what_is_sealed_to_the_escrow_key_opens_with_the_servers(city, phone):
    answer, mutation = enrolled(city, phone), uuid4()
    sealed = seal_to_escrow(from_text(answer.escrow_key), mutation, b"{}")
    with city.programme.work(SYSTEM, "test") as work:
        pair = work.session.scalar(select(EscrowPairRow))
        assert open_escrowed(private_key(work, pair.id), mutation, sealed) == b"{}"
        assert private_key(work, uuid4()) is None


def test_one_history_begins_by_itself_and_another_when_it_is_told(city, phone):
    first = enrolled(city, phone).epoch
    with city.programme.work(SYSTEM, "test") as work:
        assert present_epoch(work) == first
        assert work.session.get(EpochRow, first).reason == "install"
    city.clock.forward(seconds=1)
    with city.programme.work(SYSTEM, "test") as work:
        assert new_epoch(work, EpochReason.RESTORE) == present_epoch(work) != first


def test_phones_that_enrol_at_once_begin_one_history(real_city):
    with real_city.programme.engine.begin() as connection:
        connection.execute(text("TRUNCATE sync_epoch"))
    with ThreadPoolExecutor(4) as pool:
        phones = [Phone() for _ in range(4)]
        epochs = {one.epoch for one in pool.map(lambda one: enrolled(real_city, one), phones)}
    assert len(epochs) == 1


@pytest.mark.parametrize("told", ["=", "AA==", "A", "AB", "A A", "æ", "+/8", "AAA\n"])
def test_bytes_travel_in_one_form_only(told):
    with pytest.raises(ValueError, match="base64url"):
        from_text(told)


def test_bytes_come_back_as_they_went():
    for length in range(5):
        assert from_text(as_text(bytes(range(250, 250 + length)))) == bytes(
            range(250, 250 + length)
        )
