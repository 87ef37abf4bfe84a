"""Escrow and wipe receipts over HTTP: no session, the device's signature, and nothing else."""

import json
from uuid import UUID, uuid4

import pytest

from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.sync.revoking import lock, wipe
from nyefamilier.sync.tables import DeviceRow, EscrowRow
from nyefamilier.vault.escrow import seal_to_escrow
from nyefamilier.wire.texts import as_text, from_text
from tests.api.homes import Home
from tests.phones import Phone

ESCROW, WIPED, LEASE, RETIRE = (
    f"/api/v1/sync/{name}" for name in ("escrow", "wipe-receipt", "lease", "retire")
)


@pytest.fixture
def nurse(caller):
    return caller()


@pytest.fixture
def phone(nurse):
    phone = Phone()
    answer = nurse("POST", "/api/v1/sync/devices", json=phone.enrolment_body)
    phone.escrow_key_id = answer.json["escrow_key_id"]
    phone.escrow_key = answer.json["escrow_key"]
    return phone


def sealed(text=b"sealed", seq=1):
    return {"id": str(uuid4()), "seq": seq, "sealed": as_text(text)}


def escrow(phone, *mutations):
    return {
        "device_id": str(phone.id),
        "escrow_key_id": phone.escrow_key_id,
        "mutations": list(mutations),
    }


def send(client, phone, path, body, **headers):
    written = json.dumps(body).encode()
    signature = {"Sync-Signature": phone.signature(path, written)}
    return client.post(
        path, data=written, content_type="application/json", headers=signature | headers
    )


def kept(programme, phone):
    with programme.work(SYSTEM, "test") as work:
        return work.session.query(EscrowRow).filter_by(device_id=phone.id).count()


def device(programme, phone):
    with programme.work(SYSTEM, "test") as work:
        return work.session.get(DeviceRow, phone.id)


def test_a_phone_leaves_unsent_work_without_anybody_signed_in(client, programme, phone):
    mutation = sealed()
    answer = send(client, phone, ESCROW, escrow(phone, mutation))
    assert answer.status_code == 200
    assert (answer.json["received"], answer.json["commands"]) == ([mutation["id"]], [])
    assert kept(programme, phone) == 1


def test_what_is_left_is_opened_at_once_and_held(client, programme, nurse, phone):
    home = Home(nurse).register()
    mutation = {
        "id": str(uuid4()),
        "seq": 1,
        "v": 1,
        "type": "need.state",
        "family": home.id,
        "base_rev": 1,
        "occurred_at": "2026-03-02T11:00:00Z",
        "ops": [
            {
                "op": "need.state",
                "need_id": str(uuid4()),
                "stated_by": home.mother,
                "words": "Ro",
            }
        ],
    }
    closed = seal_to_escrow(
        from_text(phone.escrow_key), UUID(mutation["id"]), json.dumps(mutation).encode()
    )
    told = {"id": mutation["id"], "seq": 1, "sealed": as_text(closed)}
    assert send(client, phone, ESCROW, escrow(phone, told)).status_code == 200
    with programme.work(SYSTEM, "test") as work:
        row = work.session.get(EscrowRow, (UUID(mutation["id"]), phone.id))
        assert row.outcome == "held"


def test_a_replayed_request_changes_nothing(client, programme, phone):
    body = escrow(phone, sealed())
    answers = [send(client, phone, ESCROW, body) for _ in range(3)]
    assert [one.status_code for one in answers] == [200] * 3
    assert kept(programme, phone) == 1


def test_a_forged_signature_is_401_and_nothing_is_kept(client, programme, phone):
    written = json.dumps(escrow(phone, sealed())).encode()
    for signature in (Phone().signature(ESCROW, written), phone.signature(WIPED, written), "x"):
        answer = client.post(
            ESCROW,
            data=written,
            content_type="application/json",
            headers={"Sync-Signature": signature},
        )
        assert (answer.status_code, answer.json["code"]) == (401, "signature")
        assert answer.json["retry"] == "after-fix"
    assert kept(programme, phone) == 0


def test_another_nurses_token_is_no_signature(caller, client, phone):
    answer = caller()("POST", ESCROW, json=escrow(phone, sealed()))
    assert (answer.status_code, answer.json["code"]) == (401, "signature")


def test_a_body_that_was_changed_after_it_was_signed_is_401(client, phone):
    written = json.dumps(escrow(phone, sealed())).encode()
    answer = client.post(
        ESCROW,
        data=written + b" ",
        content_type="application/json",
        headers={"Sync-Signature": phone.signature(ESCROW, written)},
    )
    assert answer.status_code == 401


def test_a_locked_phone_is_heard_and_told_to_lock(client, programme, phone):
    with programme.work(SYSTEM, "test") as work:
        lock(work, phone.id)
    answer = send(client, phone, ESCROW, escrow(phone, sealed()))
    assert (answer.status_code, answer.json["commands"]) == (200, ["lock"])
    assert send(client, phone, ESCROW, escrow(phone)).json["received"] == []


def test_a_large_mutation_fits_and_a_larger_request_does_not(client, phone):
    assert send(client, phone, ESCROW, escrow(phone, sealed(b"x" * 500_000))).status_code == 200
    both = escrow(phone, sealed(b"x" * 500_000), sealed(b"x" * 500_000, 2))
    answer = send(client, phone, ESCROW, both)
    assert (answer.status_code, answer.json["retry"]) == (413, "after-fix")


@pytest.mark.parametrize(
    "change",
    [
        {"mutations": [{"id": "x", "seq": 1, "sealed": "AA"}]},
        {"mutations": [{"id": str(uuid4()), "seq": 0, "sealed": "AA"}]},
        {"mutations": [{"id": str(uuid4()), "seq": 1, "sealed": "?"}]},
        {"mutations": [{"id": str(uuid4()), "seq": 1, "sealed": "AA"}] * 2},
        {"mutations": [sealed() for _ in range(21)]},
        {"escrow_key_id": "x" * 37},
    ],
)
def test_what_is_not_right_is_422(client, programme, phone, change):
    answer = send(client, phone, ESCROW, escrow(phone) | change)
    assert (answer.status_code, answer.json["retry"]) == (422, "never")
    assert kept(programme, phone) == 0


def test_one_device_that_leaves_too_often_is_told_to_slow_down(client, phone):
    answers = []
    while set(answers) <= {200} and len(answers) < 90:  # a slow machine gives time for some more
        answers.append(send(client, phone, ESCROW, escrow(phone)).status_code)
    assert answers == [200] * max(30, len(answers) - 1) + [429]


def test_a_wiped_phone_says_so_signed_with_its_key(client, programme, phone):
    with programme.work(SYSTEM, "test") as work:
        wipe(work, phone.id)
    body = {"device_id": str(phone.id)}
    assert client.post(WIPED, json=body).status_code == 401
    assert send(client, Phone(id=phone.id), WIPED, body).status_code == 401
    assert send(client, phone, WIPED, body).status_code == 204
    assert send(client, phone, WIPED, body).status_code == 204
    with programme.work(SYSTEM, "test") as work:
        assert work.session.get(DeviceRow, phone.id).state == "wiped"


def test_a_wipe_is_not_believed_while_something_is_missing_that_the_phone_handed_over(
    client, programme, phone
):
    with programme.work(SYSTEM, "test") as work:
        wipe(work, phone.id)
    here, lost = sealed(), sealed(seq=2)
    send(client, phone, ESCROW, escrow(phone, here))
    body = {"device_id": str(phone.id), "handed_over": [here["id"], lost["id"]]}
    for _ in range(2):
        answer = send(client, phone, WIPED, body)
        assert (answer.status_code, answer.json["code"]) == (409, "escrow-incomplete")
    with programme.work(SYSTEM, "test") as work:
        assert work.session.get(DeviceRow, phone.id).state == "wipe"
    send(client, phone, ESCROW, escrow(phone, lost))
    assert send(client, phone, WIPED, body).status_code == 204
    assert send(client, phone, WIPED, body).status_code == 204


def test_a_phone_that_was_not_told_to_wipe_is_409(client, phone):
    answer = send(client, phone, WIPED, {"device_id": str(phone.id)})
    assert (answer.status_code, answer.json["code"]) == (409, "device-state")


def test_a_lease_is_renewed_for_ones_own_phone_only(caller, nurse, phone):
    body = {"device_id": str(phone.id), "schema": 1}
    lease = nurse("POST", LEASE, json=body)
    assert (lease.status_code, lease.json["fresh"], lease.json["commands"]) == (200, False, [])
    assert caller()("POST", LEASE, json=body).json["code"] == "wrong-device"


def test_a_phone_to_be_wiped_hears_it_at_its_next_sign_in(nurse, phone, programme):
    with programme.work(nurse.identity.actor, "test") as work:
        wipe(work, phone.id)
    body = {"device_id": str(phone.id), "schema": 1}
    assert nurse("POST", LEASE, json=body).status_code == 401
    with programme.work(SYSTEM, "test") as work:
        nurse.token = issue_token(work, nurse.identity.id, Lifetimes()).secret
    lease = nurse("POST", LEASE, json=body).json
    assert (lease["key_share"], lease["commands"]) == (None, ["wipe"])


def test_a_nurse_gives_her_phone_up_and_it_says_that_it_is_empty(client, programme, nurse, phone):
    """Another nurse gets it: the page of copies is true at once, not when the lease is over."""
    told = {"device_id": str(phone.id)}
    assert send(client, phone, WIPED, told).status_code == 409
    for _ in range(2):  # the first answer was lost
        assert nurse("POST", RETIRE, json=told).status_code == 204
    assert device(programme, phone).state == "retired"
    assert send(client, phone, WIPED, told).status_code == 204
    assert device(programme, phone).state == "wiped"
    assert nurse("POST", RETIRE, json=told).json["code"] == "device-state"


def test_nobody_gives_up_the_phone_of_another(caller, programme, phone):
    told = {"device_id": str(phone.id)}
    colleague = caller()
    assert colleague("POST", RETIRE, json=told).json["code"] == "wrong-device"
    assert device(programme, phone).state == "active"
