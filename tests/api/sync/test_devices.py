"""Enrolling over HTTP: what a phone is told, and what it is refused."""

import json
from uuid import UUID

import pytest

from nyefamilier.kernel.actors import Role
from nyefamilier.wire.digests import content_digest
from tests.phones import Phone

PATH = "/api/v1/sync/devices"


@pytest.fixture
def phone():
    return Phone()


def test_a_phone_enrols_and_gets_what_it_needs(caller, phone):
    answer = caller()("POST", PATH, json=phone.enrolment_body)
    assert answer.status_code == 201
    assert answer.json["device_id"] == str(phone.id)
    assert answer.json["lease"]["fresh"] is True
    assert answer.json["lease"]["commands"] == []
    assert set(answer.json) == {
        "device_id", "epoch", "server_time", "last_seq", "durable_seq", "lease", "escrow_key",
        "escrow_key_id",
    }  # fmt: skip


def test_a_body_that_was_changed_on_its_way_enrols_nobody(caller, phone):
    """One letter of an id is another phone's, and the phone would be told that it is not known."""
    nurse, sent = caller(), json.dumps(phone.enrolment_body).encode()
    damaged = sent.replace(str(phone.id).encode(), str(UUID(int=phone.id.int ^ 1 << 90)).encode())
    told = {"Content-Type": "application/json", "Content-Digest": content_digest(sent)}

    refused = nurse("POST", PATH, data=damaged, headers=told)
    taken = nurse("POST", PATH, data=sent, headers=told)

    assert (refused.status_code, refused.json["code"]) == (400, "content-digest")
    assert (taken.status_code, taken.json["device_id"]) == (201, str(phone.id))


def test_it_needs_no_idempotency_key_and_happens_once(caller, phone):
    nurse = caller()
    bare = {"Authorization": f"Bearer {nurse.token}"}
    answers = [nurse.client.post(PATH, json=phone.enrolment_body, headers=bare) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json["lease"]["key_share"] == answers[1].json["lease"]["key_share"]
    assert answers[1].json["lease"]["fresh"] is False
    assert len(nurse("GET", f"{PATH}/me").json["items"]) == 1


def test_a_nurse_sees_her_own_phones_only(caller, phone):
    nurse, colleague = caller(), caller()
    nurse("POST", PATH, json=phone.enrolment_body)
    (shown,) = nurse("GET", f"{PATH}/me").json["items"]
    assert (shown["device_id"], shown["state"], shown["families"]) == (str(phone.id), "active", 0)
    assert colleague("GET", f"{PATH}/me").json == {"items": []}


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_only_nurses_have_phones(caller, phone, role):
    assert caller(role)("POST", PATH, json=phone.enrolment_body).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 61}, "/name"),
        ({"schema": 0}, "/schema"),
        ({"schema": True}, "/schema"),
        ({"device_id": "phone"}, "/device_id"),
        ({"more": 1}, "/more"),
    ],
)
def test_a_field_that_is_not_right_is_pointed_at(caller, phone, change, pointer):
    answer = caller()("POST", PATH, json=phone.enrolment_body | change)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-fields")
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


def test_another_nurses_phone_is_not_taken_over(caller, phone):
    caller()("POST", PATH, json=phone.enrolment_body)
    answer = caller()("POST", PATH, json=phone.enrolment_body)
    assert (answer.status_code, answer.json["code"]) == (409, "device-taken")
