"""Unsent work is taken in as it came, once, from the device that it is signed by."""

from dataclasses import replace
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, NotSignedIn, RuleBroken, TooLarge
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.escrow import take_in
from nyefamilier.sync.proving import SignedRequest, proven_device
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow, EscrowRow
from nyefamilier.wire import limits
from nyefamilier.wire.messages import Escrow, Escrowed
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import Command
from tests.phones import Phone

PATH, BODY = "/api/v1/sync/escrow", b'{"x": 1}'


@pytest.fixture
def phone(city):
    return enrolled(city, city.ours)


def enrolled(city, actor):
    phone = Phone()
    with city.programme.work(actor, "test") as work:
        phone.escrow_key_id = enrol(work, phone.enrolment).escrow_key_id
    return phone


def one(sealed=b"sealed", seq=1, id_=None):
    return Escrowed(id=id_ or uuid4(), seq=seq, sealed=as_text(sealed))


def left(city, phone, *mutations):
    request = Escrow(
        device_id=phone.id, escrow_key_id=phone.escrow_key_id, mutations=list(mutations)
    )
    with city.programme.work(SYSTEM, "test") as work:
        return take_in(work, work.session.get(DeviceRow, phone.id), request)


def kept(city, phone):
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.query(EscrowRow).filter_by(device_id=phone.id).order_by(EscrowRow.seq)
        return [(row.id, row.seq, row.sealed) for row in rows]


def test_what_is_sealed_is_kept_as_it_came(city, phone):
    first, second = one(b"a", 1), one(b"b", 2)
    answer = left(city, phone, first, second)
    assert answer.received == [first.id, second.id]
    assert kept(city, phone) == [(first.id, 1, b"a"), (second.id, 2, b"b")]


def test_the_same_again_is_kept_once_and_answered_the_same(city, phone):
    mutation = one()
    assert left(city, phone, mutation).received == left(city, phone, mutation).received
    assert len(kept(city, phone)) == 1


def test_other_bytes_under_the_same_id_take_no_ones_place(city, phone):
    mutation, more = one(b"a"), one(b"c")
    left(city, phone, mutation)
    with pytest.raises(Conflict) as refused:
        left(city, phone, more, one(b"b", id_=mutation.id))
    assert refused.value.code == "escrow-reuse"
    assert [sealed for _, _, sealed in kept(city, phone)] == [b"a"]


def test_a_copy_that_did_not_open_may_be_sent_anew(city, phone):
    mutation = one(b"a")
    left(city, phone, mutation)
    with city.programme.work(SYSTEM, "test") as work:
        row = work.session.get(EscrowRow, (mutation.id, phone.id))
        row.outcome, row.settled_at = "unreadable", work.now
    left(city, phone, one(b"b", id_=mutation.id))
    with city.programme.work(SYSTEM, "test") as work:
        row = work.session.get(EscrowRow, (mutation.id, phone.id))
        assert (row.sealed, row.outcome, row.settled_at) == (b"b", None, None)


def test_two_phones_may_bring_the_same_mutation(city, phone):
    again, mutation = enrolled(city, city.ours), one()
    left(city, phone, mutation)
    left(city, again, mutation)
    assert len(kept(city, phone)) == len(kept(city, again)) == 1


@pytest.mark.parametrize(
    ("state", "commands"),
    [
        (DeviceState.ACTIVE, []),
        (DeviceState.LOCKED, [Command.LOCK]),
        (DeviceState.WIPE, [Command.WIPE]),
        (DeviceState.RETIRED, [Command.WIPE]),
    ],
)
def test_a_phone_in_any_state_is_heard_and_told_what_to_do(city, phone, state, commands):
    with city.programme.work(SYSTEM, "test") as work:
        work.session.get(DeviceRow, phone.id).state = state
    assert left(city, phone, one()).commands == commands
    assert len(kept(city, phone)) == 1


def test_a_sealed_text_that_cannot_be_read_is_pointed_at(city, phone):
    broken = one()
    broken.sealed = "!"
    with pytest.raises(RuleBroken) as refused:
        left(city, phone, one(), broken)
    assert (refused.value.code, refused.value.pointer) == (
        "escrow-unreadable",
        "/mutations/1/sealed",
    )
    assert kept(city, phone) == []


def test_a_sealed_text_has_its_limit(city, phone, monkeypatch):
    monkeypatch.setattr(limits, "ESCROW_BYTES", 4)
    with pytest.raises(TooLarge):
        left(city, phone, one(b"12345"))
    left(city, phone, one(b"1234"))


def test_a_mutation_stands_there_once(city, phone):
    mutation = one()
    with pytest.raises(RuleBroken):
        left(city, phone, mutation, mutation)


def proven(city, phone, request):
    with city.programme.work(SYSTEM, "test") as work:
        return proven_device(work, phone.id, request).id


def signed_by(phone):
    return SignedRequest("POST", PATH, BODY, phone.signature(PATH, BODY))


def test_a_device_is_known_by_its_signature(city, phone):
    assert proven(city, phone, signed_by(phone)) == phone.id


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"path": PATH + "/"},
        {"body": BODY + b" "},
        {"signature": ""},
        {"signature": "!"},
        {"signature": "A" * 86},
    ],
)
def test_a_signature_holds_for_this_very_request_only(city, phone, change):
    with pytest.raises(NotSignedIn) as refused:
        proven(city, phone, replace(signed_by(phone), **change))
    assert refused.value.code == "signature"


def test_no_other_device_signs_for_it(city, phone):
    with pytest.raises(NotSignedIn):
        proven(city, phone, signed_by(enrolled(city, city.ours)))


def test_a_device_that_there_is_not_is_told_the_same(city, phone):
    stranger = Phone()
    with pytest.raises(NotSignedIn) as one_:
        proven(city, stranger, signed_by(stranger))
    with pytest.raises(NotSignedIn) as other:
        proven(city, phone, signed_by(stranger))
    assert str(one_.value) == str(other.value)
