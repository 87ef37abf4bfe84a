"""What births and absences put out of place, over REST: read, and set right in one step."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.clock import OSLO
from tests.api.homes import refusal
from tests.builders import DAY

DAYS = timedelta(days=1)


def at(day, hour=10):
    return datetime.combine(day, time(hour), OSLO).isoformat()


@pytest.fixture
def born(home):
    """A child is born, and a visit had been agreed on before that."""
    home.says()
    agreed = home.do("/visits", at=at(DAY + 30 * DAYS))["visit"]
    home.do("/visits", at=at(DAY + 29 * DAYS))
    home.gives_birth(DAY)
    return home, agreed


def replan(home, body, etag=None):
    headers = {} if etag is None else {"If-Match": etag}
    return home.nurse("POST", f"{home.path}/replan", json=body, headers=headers)


def test_what_a_birth_moved_is_told_with_times_that_suit(born):
    home, agreed = born
    answer = home.nurse("GET", f"{home.path}/replan")
    told = answer.json
    (due,) = told["due"]

    assert (answer.status_code, told["born_on"]) == (200, str(DAY))
    assert (due["kind"], due["window"]["opens"]) == ("nyfodt", str(DAY + 7 * DAYS))
    assert due["slots"]
    assert agreed in {one["visit_id"] for one in told["out_of_place"]}
    assert {tuple(one["reasons"]) for one in told["out_of_place"]} == {("days-changed",)}


def test_it_is_set_right_in_one_step_against_what_was_read(born):
    home, agreed = born
    read = home.nurse("GET", f"{home.path}/replan")
    (due,) = read.json["due"]
    (other,) = [one["visit_id"] for one in read.json["out_of_place"] if one["visit_id"] != agreed]
    slot = due["slots"][0]
    body = {
        "moves": [
            {"visit_id": due["visit_id"], "at": slot["begins"], "nurse_id": slot["nurse_id"]},
            {"visit_id": other, "at": at(DAY + 29 * DAYS)},
        ],
        "cancellations": [{"visit_id": agreed, "by": "family"}],
    }
    answer = replan(home, body, read.headers["ETag"])
    assert answer.status_code == 200, answer.json

    again = home.nurse("GET", f"{home.path}/replan")
    assert (again.json["out_of_place"], again.json["due"]) == ([], [])
    assert refusal(replan(home, body, read.headers["ETag"])) == (412, "stale-version", None)


def test_nothing_is_done_when_one_of_the_times_is_taken_and_the_refusal_says_which(born):
    home, agreed = born
    read = home.nurse("GET", f"{home.path}/replan")
    body = {
        "moves": [{"visit_id": read.json["due"][0]["visit_id"], "at": at(DAY + 29 * DAYS)}],
        "cancellations": [{"visit_id": agreed, "by": "us"}],
    }
    assert refusal(replan(home, body, read.headers["ETag"])) == (
        422,
        "time-taken",
        "/moves/0/at",
    )
    states = {one["id"]: one["state"] for one in home.read("/visits")["items"]}
    assert states[agreed] == "booked"


def test_a_decision_names_what_was_read_and_decides_something(born):
    home, _ = born
    etag = home.nurse("GET", f"{home.path}/replan").headers["ETag"]
    assert refusal(replan(home, {"moves": []}))[:2] == (428, "if-match-required")
    assert refusal(replan(home, {}, etag))[:2] == (422, "no-operations")
    gone = {"cancellations": [{"visit_id": str(uuid4()), "by": "us"}]}
    assert refusal(replan(home, gone, etag))[:2] == (404, "not-found")
