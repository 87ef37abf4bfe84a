"""The inbox over REST."""

import base64
import json
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from nyefamilier.families.intents import AssignNurse, UpdateMember
from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal
from tests.pockets import Phone

PATH = "/api/v1/sync/reviews"


@pytest.fixture
def conflict(programme, clock, home):
    """Two telephone numbers of the mother, from two phones; the first stands."""
    city = SimpleNamespace(programme=programme, clock=clock)
    phones = [Phone(city, home.nurse.identity.actor) for _ in range(2)]
    verdicts = [
        one.sends(
            UUID(home.id),
            UpdateMember(UUID(home.mother), 0, "", phone=number, only=("phone",)),
        )
        for one, number in zip(phones, ("41111111", "42222222"), strict=True)
    ]
    return str(verdicts[1].review)


def mine(home):
    """What waits in this family; other tests' families lie in the same database."""
    found = home.nurse("GET", PATH)
    assert found.status_code == 200, found.json
    return [one for one in found.json["items"] if one["family_id"] == home.id]


def decide(home, review, choose="proposed", key=None, **more):
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"review_id": review, "choose": choose} | more
    return home.nurse("POST", PATH, json=body, headers=headers)


def test_a_conflict_is_shown_with_both_contents(home, conflict):
    (found,) = mine(home)

    assert (found["id"], found["kind"], found["reason"]) == (conflict, "conflict", "changed-since")
    assert (found["record_kind"], found["value_group"]) == ("member", "phone")
    assert (found["current"], found["proposed"]) == ({"phone": "41111111"}, {"phone": "42222222"})
    assert found["decision"] is None


def test_it_is_decided_once_however_often_it_is_sent(home, conflict):
    key = str(uuid4())
    first, again = (decide(home, conflict, key=key) for _ in range(2))

    assert (first.status_code, first.json["ids"]) == (200, {"inbox": conflict})
    assert (again.json["rev"], again.json["replayed"]) == (first.json["rev"], True)
    assert home.read(f"/members/{home.mother}")["phone"] == "42222222"
    assert mine(home) == []
    assert refusal(decide(home, conflict, "current"))[:2] == (422, "review-decided")


def test_what_cannot_be_decided_so_is_refused(home, conflict):
    assert refusal(decide(home, conflict, "file_held")) == (422, "review-choice", "/choose")
    assert refusal(decide(home, conflict, "dismiss")) == (422, "reason-missing", "/reason")
    assert refusal(decide(home, conflict, "later"))[:2] == (422, "invalid-fields")
    assert decide(home, conflict, "dismiss", reason="Ingen av dem").status_code == 200


def test_an_item_that_is_not_hers_looks_like_none(home, conflict, caller):
    stranger = caller()
    body = {"review_id": conflict, "choose": "current"}

    theirs = stranger("POST", PATH, json=body)
    nobodys = stranger("POST", PATH, json=body | {"review_id": str(uuid4())})
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json["code"] == nobodys.json["code"] == "not-found"
    assert stranger("GET", PATH).json["items"] == []


def test_a_lead_sees_counts_and_no_contents(home, conflict, caller, clock):
    lead = caller(Role.LEAD)
    counts = lead("GET", f"{PATH}/counts")

    kinds = {one["kind"]: one for one in counts.json["items"]}
    assert kinds["conflict"]["items"] >= 1
    assert set(kinds["conflict"]) == {"kind", "items", "oldest"}
    assert home.id not in counts.text
    assert lead("GET", PATH).status_code == 403
    assert home.nurse("GET", f"{PATH}/counts").status_code == 403


def test_the_list_goes_page_by_page(home, conflict, programme, clock):
    phone = Phone(SimpleNamespace(programme=programme, clock=clock), home.nurse.identity.actor)
    clock.forward(minutes=1)
    phone.sends(UUID(home.id), AssignNurse(uuid4(), uuid4()))
    first = home.nurse("GET", f"{PATH}?limit=1").json
    second = home.nurse("GET", first["next"]).json

    assert [one["kind"] for one in first["items"] + second["items"]] == ["conflict", "held"]


@pytest.mark.parametrize(
    "key",
    [
        ["2026-11-21T12:00:00", "1", str(UUID(int=0))],
        ["i går", "1", str(UUID(int=0))],
        ["2026-11-21T12:00:00+00:00", "-1", str(UUID(int=0))],
        ["2026-11-21T12:00:00+00:00", str(2**63), str(UUID(int=0))],
        ["2026-11-21T12:00:00+00:00", "1", "tull"],
        [str(UUID(int=0))],
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(home, key):
    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")

    assert refusal(home.nurse("GET", f"{PATH}?cursor={cursor}"))[:2] == (400, "cursor")


def test_reading_the_inbox_is_logged(home, conflict, log_of):
    mine(home)
    assert log_of(home)[0]["object"] == "reviews"
