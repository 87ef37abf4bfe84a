"""Pushing over HTTP: bodies within their limits, verdicts, and problems that a phone can follow."""

import gzip
import zlib
from uuid import UUID, uuid4

import pytest

from nyefamilier.kernel.actors import Role
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.limits import PUSH_BYTES
from tests.api.homes import Home
from tests.builders import Household
from tests.pushes import Outbox, note


@pytest.fixture
def box(home: Home, programme) -> Outbox:
    return Outbox(programme, home.nurse.identity.actor).enrol()


@pytest.fixture
def household(home: Home) -> Household:
    return Household(id=UUID(home.id), mother=UUID(home.mother))


def push(home, body, **headers):
    told = {"Content-Type": "application/json", "Content-Digest": content_digest(body)}
    return home.nurse("POST", "/api/v1/sync/push", data=body, headers=told | headers)


def one_note(box, household):
    return box.body(box.mutation(household.id, note(household)))


def refusal(answer):
    assert answer.content_type == "application/problem+json", answer.data
    return answer.status_code, answer.json["code"], answer.json["retry"]


def nothing_was_taken_in(home):
    return home.read("/notes")["items"] == []


def test_a_push_is_answered_with_its_verdicts(home, box, household):
    answer = push(home, one_note(box, household))
    assert answer.status_code == 200
    assert answer.json["last_seq"] == 1
    assert answer.json["results"][0]["status"] == "applied"
    assert len(home.read("/notes")["items"]) == 1


def test_a_push_travels_packed_both_ways(home, box, household):
    packed = gzip.compress(
        box.body(*(box.mutation(household.id, note(household)) for _ in range(30)))
    )
    answer = push(home, packed, **{"Content-Encoding": "gzip", "Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert b'"last_seq":30' in gzip.decompress(answer.data)


def test_a_replay_is_answered_byte_for_byte(home, box, household):
    body = one_note(box, household)
    first, again = push(home, body), push(home, body)
    assert again.data.partition(b'"results"')[2] == first.data.partition(b'"results"')[2]


def test_a_body_without_its_digest_is_not_read(home, box, household):
    answer = push(home, one_note(box, household), **{"Content-Digest": ""})
    assert refusal(answer)[:2] == (400, "content-digest-missing")
    assert nothing_was_taken_in(home)


def test_a_body_that_was_cut_off_is_sent_again(home, box, household):
    body = one_note(box, household)
    answer = push(home, body[:-1], **{"Content-Digest": content_digest(body)})
    assert refusal(answer) == (400, "content-digest", "now")
    assert nothing_was_taken_in(home)


def test_a_bomb_is_refused(home):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(100 * PUSH_BYTES)) + packer.flush()
    answer = push(home, bomb, **{"Content-Encoding": "gzip"})
    assert refusal(answer) == (413, "too-large", "after-fix")


def test_a_body_over_the_limit_is_refused_before_it_is_read(home):
    answer = push(home, bytes(PUSH_BYTES + 1))
    assert refusal(answer)[:2] == (413, "too-large")


HOSTILE = {
    "deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "no UTF-8": b'{"device_id":"\xff"}',
    "a key twice": b'{"device_id":1,"device_id":1}',
    "cut off": b'{"device_id":',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_is_malformed(home, body):
    assert refusal(push(home, body))[:2] == (400, "malformed-json")


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip"])
def test_another_encoding_is_not_read(home, box, household, encoding):
    answer = push(home, one_note(box, household), **{"Content-Encoding": encoding})
    assert refusal(answer)[:2] == (415, "unsupported-encoding")


def test_what_is_no_gzip_is_malformed(home, box, household):
    answer = push(home, one_note(box, household), **{"Content-Encoding": "gzip"})
    assert refusal(answer)[:2] == (400, "malformed-gzip")


def test_another_media_type_is_not_read(home, box, household):
    answer = push(home, one_note(box, household), **{"Content-Type": "text/plain"})
    assert refusal(answer)[:2] == (415, "unsupported-media-type")


def test_a_gap_tells_the_results_so_far_and_where_to_go_on(home, box, household):
    first, third = box.mutation(household.id, note(household)), None
    box.seq += 1
    third = box.mutation(household.id, note(household))
    answer = push(home, box.body(first, third))
    assert refusal(answer) == (409, "sequence-gap", "now")
    assert answer.json["expected_seq"] == 2
    assert [one["seq"] for one in answer.json["results"]] == [1]
    assert answer.json["epoch"]


def test_a_cloned_phone_is_told_to_enrol_anew(home, box, household):
    push(home, one_note(box, household))
    box.seq = 0
    answer = push(home, one_note(box, household))
    assert refusal(answer) == (409, "seq-reuse", "after-fix")


def test_a_restored_server_asks_for_what_it_lost(home, box, household):
    box.acked = 9
    answer = push(home, one_note(box, household))
    assert refusal(answer) == (409, "server-regressed", "after-fix")
    assert answer.json["last_seq"] == 0


def test_a_phone_of_somebody_else_is_no_phone(home, box, household, caller):
    answer = push(Home(caller()), one_note(box, household))
    assert refusal(answer)[:2] == (404, "wrong-device")


def test_a_client_of_any_age_may_push(home, box, household):
    assert (
        push(home, box.body(box.mutation(household.id, note(household)), schema=0)).status_code
        == 200
    )


def test_only_nurses_push(caller):
    answer = push(Home(caller(Role.LEAD)), b"{}")
    assert refusal(answer)[:2] == (403, "not-allowed")


def test_the_verdicts_are_told_again(home, box, household):
    push(home, one_note(box, household))
    query = {"device_id": str(box.phone.id), "from": 1, "to": 10}
    answer = home.nurse("GET", "/api/v1/sync/ack", query_string=query)
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json["results"]] == ["applied"]
    unknown = query | {"device_id": str(uuid4())}
    answer = home.nurse("GET", "/api/v1/sync/ack", query_string=unknown)
    assert refusal(answer)[:2] == (404, "wrong-device")
