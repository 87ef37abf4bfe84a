"""Nurses who are out alone, over REST."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.conftest import FOR_A_YEAR
from tests.api.sync.test_pulling import PULL, pull_body, send
from tests.phones import Phone

OUTINGS = "/api/v1/safety/outings"
FIELDS = {
    "id", "nurse_id", "nurse", "state", "step", "began_at", "expected_at", "heard_at", "ended_at",
    "ended_heard_at", "alarm",
}  # fmt: skip


@pytest.fixture
def nurse(caller):
    return caller(Role.NURSE, "11", FOR_A_YEAR)


@pytest.fixture
def lead(caller):
    return caller(Role.LEAD, "11", FOR_A_YEAR)


def word(step=1, began=0, minutes=60, ended=None, family=None):
    return {
        "step": step,
        "began_seconds_ago": began,
        "minutes": minutes,
        "ended_seconds_ago": ended,
        "family_id": family,
    }


def refusal(answer):
    return answer.status_code, answer.json["code"]


def check_in(nurse, **more):
    outing = f"{OUTINGS}/{uuid4()}"
    answer = nurse("PUT", outing, json=word(**more))
    assert answer.status_code == 200, answer.json
    return outing


def found(who, outing):
    items = who("GET", OUTINGS).json["items"]
    return next((one for one in items if outing.endswith(one["id"])), None)


def test_a_day_out_and_back(nurse, lead, clock):
    outing = check_in(nurse)
    assert found(lead, outing)["state"] == "out"
    clock.forward(minutes=75)
    late = found(lead, outing)
    assert (late["state"], late["nurse_id"]) == ("overdue", str(nurse.identity.id))
    answer = nurse("PUT", outing, json=word(2, 75 * 60, 60, 5 * 60))
    assert answer.json["state"] == found(lead, outing)["state"] == "back"
    assert answer.json["ended_at"] < answer.json["ended_heard_at"]


def test_the_list_says_nothing_of_a_family_and_logs_nothing(nurse, lead, home, log_of):
    outing = check_in(nurse, family=home.id)
    before = log_of(home)
    answer = lead("GET", OUTINGS)
    assert set(found(lead, outing)) == FIELDS
    assert home.id not in answer.text
    assert log_of(home) == before


def test_where_she_is_is_for_her_lead_while_she_is_late_and_is_logged_once_a_read(
    nurse, lead, home, log_of
):
    in_time = check_in(nurse, family=home.id)
    outing = check_in(nurse, began=7200, family=home.id)
    before = len(log_of(home))
    assert refusal(lead("GET", f"{in_time}/where")) == (409, "no-alarm")
    told = lead("GET", f"{outing}/where").json
    assert told["family_id"] == home.id
    assert told["lines"]
    entries = log_of(home)
    assert len(entries) == before + 1
    assert entries[0]["object"] == "address"
    assert entries[0]["actor_id"] == str(lead.identity.id)


def test_a_place_that_is_not_known_and_one_that_is_not_hers_are_the_same_404(
    nurse, lead, caller, clock, home
):
    elsewhere = caller(Role.NURSE, "12", FOR_A_YEAR)
    their_lead = caller(Role.LEAD, "12", FOR_A_YEAR)
    untold, told = check_in(nurse), check_in(elsewhere, family=home.id)
    clock.forward(hours=2)
    answers = [lead("GET", f"{untold}/where"), their_lead("GET", f"{told}/where")]
    assert [refusal(one) for one in answers] == [(404, "not-found")] * 2
    assert answers[0].json["detail"] == answers[1].json["detail"]


def test_a_lead_closes_the_alarm(nurse, lead, clock):
    outing = check_in(nurse)
    assert refusal(lead("POST", f"{outing}/settle")) == (409, "no-alarm")
    clock.forward(hours=2)
    for _ in range(2):
        answer = lead("POST", f"{outing}/settle")
        assert (answer.status_code, answer.json["state"]) == (200, "settled")
        assert answer.json["alarm"]["closed_how"] == "settled"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PRIVACY_OFFICER])
def test_it_is_for_nurses_and_their_leads_alone(nurse, caller, clock, role):
    outing = check_in(nurse)
    clock.forward(hours=2)
    somebody = caller(role, "11", FOR_A_YEAR)
    for method, path in [
        ("GET", OUTINGS),
        ("PUT", outing),
        ("POST", f"{outing}/settle"),
        ("GET", f"{outing}/where"),
    ]:
        body = {"json": word()} if method == "PUT" else {}
        assert refusal(somebody(method, path, **body)) == (403, "not-allowed")


def test_another_bydels_outing_is_a_404(nurse, caller, clock):
    outing = check_in(nurse)
    clock.forward(hours=2)
    elsewhere, colleague = caller(Role.LEAD, "12", FOR_A_YEAR), caller(Role.NURSE, "11")
    assert found(elsewhere, outing) is None
    assert refusal(elsewhere("POST", f"{outing}/settle")) == (404, "not-found")
    assert refusal(elsewhere("GET", f"{outing}/where")) == (404, "not-found")
    assert refusal(colleague("PUT", outing, json=word(2, 0, 60, 0))) == (404, "not-found")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"minutes": 4}, "/minutes"),
        ({"minutes": 721}, "/minutes"),
        ({"began_seconds_ago": -1}, "/began_seconds_ago"),
        ({"began_seconds_ago": 31_536_000}, "/began_seconds_ago"),
        ({"ended_seconds_ago": True}, "/ended_seconds_ago"),
        ({"step": 0}, "/step"),
        ({"at": "2027-03-02T11:00:00Z"}, "/at"),
    ],
)
def test_what_cannot_be_is_refused_by_name(nurse, change, pointer):
    answer = nurse("PUT", f"{OUTINGS}/{uuid4()}", json=word() | change)
    assert refusal(answer) == (422, "invalid-fields")
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


def test_how_long_ago_is_counted_back_from_the_servers_clock_and_the_first_word_stands(
    nurse, lead, clock
):
    """A phone whose clock is a year ahead tells the same: no instant of its own travels."""
    outing = check_in(nurse, began=600)
    began = found(lead, outing)["began_at"]
    clock.forward(minutes=10)
    assert nurse("PUT", outing, json=word(1, 1205)).json["began_at"] == began
    assert instant(found(lead, outing)["heard_at"]) - instant(began) == timedelta(minutes=20)


def test_no_phone_and_no_page_of_the_family_has_it(home, clock):
    nurse = home.nurse
    phone = Phone()
    nurse("POST", "/api/v1/sync/devices", json=phone.enrolment_body)
    outing = check_in(nurse, family=home.id).rpartition("/")[2]
    clock.forward(hours=2)
    answers = [
        send(nurse, PULL, pull_body(phone, have={})),
        nurse("GET", f"/api/v1/families/{home.id}"),
        nurse("GET", f"/api/v1/families/{home.id}/visits"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert outing not in answer.text
        assert "outing" not in answer.text


def instant(text):
    return datetime.fromisoformat(text)
