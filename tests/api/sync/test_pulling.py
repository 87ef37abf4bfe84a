"""Pulls and receipts over HTTP: whole, small, compressed both ways, and refused for a reason."""

import gzip
import json
from base64 import b64encode
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.limits import REQUEST_BYTES
from nyefamilier.wire.texts import from_text
from tests.phones import Phone

PULL, RECEIPTS = "/api/v1/sync/pull", "/api/v1/sync/purge-receipts"


@pytest.fixture
def nurse(home):
    return home.nurse


@pytest.fixture
def phone(nurse) -> Phone:
    phone = Phone()
    assert nurse("POST", "/api/v1/sync/devices", json=phone.enrolment_body).status_code == 201
    return phone


def send(caller, path, body, *, packed=False, headers=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = gzip.compress(raw) if packed else raw
    told = {"Content-Digest": f"sha-256=:{b64encode(sha256(sent).digest()).decode()}:"}
    if packed:
        told["Content-Encoding"] = "gzip"
    told |= headers or {}
    return caller("POST", path, data=sent, headers=told, content_type="application/json")


def pull_body(phone, **told):
    return {"device_id": str(phone.id), "acked_seq": 0, "schema": 1} | told


def held(answer) -> str:
    return have_hash(
        (UUID(one["family"]), one["at"], from_text(one["chain"])) for one in answer["snapshots"]
    )


def test_a_first_pull_brings_the_family(nurse, phone, home):
    answer = send(nurse, PULL, pull_body(phone, have={}))

    assert answer.status_code == 200
    (snapshot,) = answer.json["snapshots"]
    assert snapshot["family"] == home.id
    assert {item[1] for item in snapshot["items"]} >= {"member", "address", "team", "pregnancy"}


def test_an_idle_pull_is_under_300_bytes_each_way(nurse, phone):
    first = send(nurse, PULL, pull_body(phone, have={})).json
    body = pull_body(phone, have_hash=held(first), scope_hash=first["scope"]["hash"])
    send(nurse, PULL, body)

    answer = send(nurse, PULL, body)

    assert set(answer.json) == {"epoch", "server_time", "last_seq", "durable_seq"}
    assert len(json.dumps(body)) < 300
    assert len(answer.data) < 300


def test_bodies_are_compressed_both_ways(nurse, phone, home):
    body = pull_body(phone, have={})

    answer = send(nurse, PULL, body, packed=True, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["snapshots"][0]["family"] == home.id


def test_receipts_are_taken_as_often_as_they_come(nurse, phone, home):
    receipt = {"purge_id": str(uuid4()), "family": home.id, "rows": 0}
    body = {"device_id": str(phone.id), "receipts": [receipt]}

    answers = [send(nurse, RECEIPTS, body) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert set(answers[0].json) == {"epoch", "server_time"}


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({}, (400, "have-missing", "never")),
        ({"have": []}, (400, "malformed-pull", "never")),
        ({"have": {"x": {"rev": 1, "chain": ""}}}, (400, "malformed-pull", "never")),
        ({"have": {str(uuid4()): {"rev": -1, "chain": ""}}}, (400, "malformed-pull", "never")),
        ({"have": {str(uuid4()): {"rev": 2**63, "chain": ""}}}, (400, "malformed-pull", "never")),
        ({"have": {}, "acked_seq": -1}, (400, "malformed-pull", "never")),
        ({"have": {}, "misspelt": 1}, (400, "malformed-pull", "never")),
        ({"have": {}, "schema": 0}, (426, "client-too-old", "after-fix")),
        ({"have": {}, "device_id": str(uuid4())}, (404, "wrong-device", "after-fix")),
        (
            {"have": {str(uuid4()): {"rev": 1, "chain": ""} for _ in range(501)}},
            (413, "too-many-families", "after-fix"),
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_code(nurse, phone, more, refusal):
    answer = send(nurse, PULL, pull_body(phone, **more))

    assert (answer.status_code, answer.json["code"], answer.json["retry"]) == refusal


def test_a_body_that_was_cut_off_is_refused(nurse, phone):
    whole = sha256(b"another body").digest()
    digest = {"Content-Digest": f"sha-256=:{b64encode(whole).decode()}:"}

    answer = send(nurse, PULL, pull_body(phone, have={}), headers=digest)

    assert (answer.status_code, answer.json["code"]) == (400, "content-digest")


def test_a_body_that_unpacks_too_far_is_refused(nurse, phone):
    answer = send(nurse, PULL, b" " * (REQUEST_BYTES * 4), packed=True)

    assert answer.status_code == 413


def test_a_stranger_gets_nothing(nurse, phone, caller):
    somebody = caller()

    assert send(somebody, PULL, pull_body(phone, have={})).status_code == 404
    assert somebody.client.post(PULL).status_code == 401
