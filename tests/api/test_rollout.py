"""Plans of the rollout over REST."""

from __future__ import annotations

from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal
from tests.rollouts import document, past_document

PLANS = "/api/v1/rollout/plans"


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER)


@pytest.fixture
def planned(planner):
    return planner("POST", PLANS, json={"document": document()}).json


def save(planner, planned, told, rev=1, **headers):
    path = f"{PLANS}/{planned['id']}/versions"
    headers = {"If-Match": f'"{rev}"'} | headers
    return planner("POST", path, json={"document": told}, headers=headers)


def test_a_plan_is_kept_and_listed_and_read(planner, planned):
    answer = planner("GET", f"{PLANS}/{planned['id']}")
    assert (answer.json, answer.headers["ETag"]) == (planned, '"1"')
    assert planned in planner("GET", PLANS).json["items"]
    (version,) = planned["versions"]
    assert (version["number"], version["state"], version["decided"]) == (1, "draft", None)
    assert version["written"]["by"] == str(planner.identity.id)


def test_a_version_is_given_as_it_was_written_and_as_json_with_its_figures(planner, planned):
    found = planner("GET", f"{PLANS}/{planned['id']}/versions/1").json
    assert found["document"] == document().strip()
    assert found["values"]["waves"][0]["bydel"] == "11"
    again = f"{PLANS}/{planned['id']}/versions/1/simulation?draws={found['figures']['draws']}"
    simulated = planner("GET", again).json
    assert simulated == found["figures"] | {"model": found["model"]}


def test_the_same_request_again_is_answered_alike_and_makes_nothing_new(planner):
    headers = {"Idempotency-Key": str(uuid4())}
    first, second = (
        planner("POST", PLANS, json={"document": document()}, headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.json) == (201, second.json)
    key = {"Idempotency-Key": str(uuid4())}
    saved = [save(planner, first.json, document("Anew"), 1, **key) for _ in range(2)]
    assert [one.status_code for one in saved] == [201, 201]
    assert len(saved[1].json["versions"]) == 2


def test_flaws_are_told_with_place_and_mending_and_nothing_is_kept(planner):
    before = planner("GET", PLANS).json
    wrong = document(arsverk=-1).replace("ramp_months = 3", "ramp_months = -3")
    answer = planner("POST", PLANS, json={"document": wrong})
    assert refusal(answer)[:2] == (422, "plan-flawed")
    assert answer.json["pointer"] == "/document"
    assert [one["pointer"] for one in answer.json["flaws"]] == [
        "/staffing/0/arsverk",
        "/waves/0/ramp_months",
    ]
    assert all(one["why"] and one["mend"] for one in answer.json["flaws"])
    assert planner("GET", PLANS).json == before


def test_who_has_not_seen_the_newest_state_is_told_so(planner, planned):
    assert save(planner, planned, document("Second")).status_code == 201
    stale = save(planner, planned, document("Third"))
    assert (refusal(stale)[:2], stale.json["current"]) == ((412, "stale-version"), 2)
    path = f"{PLANS}/{planned['id']}/versions"
    assert refusal(planner("POST", path, json={"document": document()}))[0] == 428


def test_a_version_is_decided_put_away_and_then_not_decided_again(planner, planned):
    path = f"{PLANS}/{planned['id']}/versions/1"
    decided = planner("POST", f"{path}/decide").json["versions"][0]
    assert (decided["state"], decided["decided"]["by"]) == ("decided", str(planner.identity.id))
    archived = planner("POST", f"{path}/archive").json["versions"][0]
    assert (archived["state"], archived["decided"]) == ("archived", decided["decided"])
    assert refusal(planner("POST", f"{path}/decide"))[:2] == (409, "plan-archived")


def test_two_versions_are_compared_place_by_place(planner, planned):
    save(planner, planned, document(arsverk=6))
    found = planner("GET", f"{PLANS}/{planned['id']}/differences?from=1&to=2").json
    assert found["items"] == [
        {"pointer": "/hirings/11 2027-01/arsverk", "before": 4.5, "after": 6.0}
    ]


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.0", "x", "9" * 30, "\u0661"])
def test_a_version_that_there_is_not_is_not_found(planner, planned, number):
    answer = planner("GET", f"{PLANS}/{planned['id']}/versions/{number}")
    assert refusal(answer)[:2] == (404, "not-found")


def test_more_draws_than_anybody_waits_for_are_refused(planner, planned):
    path = f"{PLANS}/{planned['id']}/versions/1/simulation"
    assert planner("GET", f"{path}?draws=2001").status_code == 422
    long = document().replace("months = 12", "months = 240", 1)
    years = ", ".join(f"{year} = 9000" for year in range(2027, 2047))
    long = long.replace("2027 = 9000", years)
    other = planner("POST", PLANS, json={"document": long}).json
    answer = planner("GET", f"{PLANS}/{other['id']}/versions/1/simulation?draws=2000")
    assert refusal(answer)[:2] == (422, "too-many-draws")


def test_a_decided_version_is_followed_up_and_a_draft_is_not(planner):
    planned = planner("POST", PLANS, json={"document": past_document()}).json
    path = f"{PLANS}/{planned['id']}/versions/1"
    assert refusal(planner("GET", f"{path}/follow-up"))[:2] == (409, "plan-not-decided")
    planner("POST", f"{path}/decide")
    told = {"bydel": "11", "year": 2024, "arsverk": 9.5, "source": "budget of 2024"}
    kept = planner("POST", f"{PLANS}/{planned['id']}/arsverk", json=told)
    assert (kept.status_code, kept.json["told_by"]) == (201, str(planner.identity.id))
    found = planner("GET", f"{path}/follow-up").json
    assert found["told"] == [kept.json]
    (one,) = [
        one
        for one in found["outcomes"]
        if (one["measure"], one["year"], one["bydel"]) == ("arsverk", 2024, "11")
    ]
    assert one["told"] == kept.json
    assert one["actual"] == {"value": 9.5, "as_of": None, "revision": None}
    assert one["planned"]["low"] <= one["planned"]["median"] <= one["planned"]["high"]


def test_a_decided_version_is_planned_anew_as_a_draft(planner):
    planned = planner("POST", PLANS, json={"document": past_document()}).json
    path = f"{PLANS}/{planned['id']}/versions/1"
    planner("POST", f"{path}/decide")
    assert refusal(planner("POST", f"{path}/replan", json={}))[0] == 428
    made = planner("POST", f"{path}/replan", json={}, headers={"If-Match": '"2"'})
    assert (made.status_code, made.json["versions"][0]["state"]) == (201, "draft")
    values = planner("GET", f"{PLANS}/{planned['id']}/versions/2").json["values"]
    assert values["open_from"] > "2026"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"arsverk": -1}, "invalid-fields"),
        ({"arsverk": True}, "invalid-fields"),
        ({"arsverk": "4.5"}, "invalid-fields"),
        ({"source": " "}, "invalid-fields"),
        ({"bydel": "77"}, "unknown-bydel"),
        ({"year": 2999}, "period-in-future"),
    ],
)
def test_arsverk_that_cannot_be_are_refused(planner, planned, wrong, code):
    told = {"bydel": "11", "year": 2024, "arsverk": 9.5, "source": "test"} | wrong
    answer = planner("POST", f"{PLANS}/{planned['id']}/arsverk", json=told)
    assert refusal(answer)[:2] == (422, code)


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PRIVACY_OFFICER])
def test_plans_are_for_planners(caller, planned, role):
    somebody = caller(role)
    path = f"{PLANS}/{planned['id']}"
    asked = [
        ("GET", PLANS), ("GET", path), ("GET", f"{path}/versions/1"),
        ("GET", f"{path}/versions/1/follow-up"), ("POST", f"{path}/arsverk"),
        ("POST", f"{path}/versions/1/replan"),
        ("GET", f"{path}/versions/1/simulation"), ("GET", f"{path}/differences?from=1&to=1"),
        ("POST", PLANS), ("POST", f"{path}/versions"),
        ("POST", f"{path}/versions/1/decide"), ("POST", f"{path}/versions/1/archive"),
    ]  # fmt: skip
    for method, address in asked:
        assert somebody(method, address).status_code == 403
