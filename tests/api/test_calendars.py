"""When nurses work, over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal
from tests.builders import NOON

CALENDAR = "/api/v1/calendar"
HOURS = {
    "first_day": "2026-03-02",
    "percentage": 60,
    "travel_minutes": 30,
    "covers": ["12"],
    "week": [
        {"weekday": 1, "begins": "08:00", "ends": "11:30", "purpose": "clinic"},
        {"weekday": 1, "begins": "12:00", "ends": "15:30", "purpose": "home"},
    ],
}
LEAVE = {"kind": "sickness", "first_day": "2026-03-03", "last_day": "2026-03-04"}


@pytest.fixture
def nurse(caller):
    return caller(Role.NURSE, "11")


@pytest.fixture
def path(nurse) -> str:
    return f"{CALENDAR}/nurses/{nurse.identity.id}"


def read(who, path: str) -> Any:
    answer = who("GET", path)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_holidays_of_a_year_are_told_in_order(nurse):
    told = read(nurse, f"{CALENDAR}/holidays?year=2026")
    assert (told["year"], len(told["items"])) == (2026, 12)
    assert told["items"][1] == {"name": "maundy_thursday", "day": "2026-04-02"}
    days = [one["day"] for one in told["items"]]
    assert days == sorted(days)


def test_without_a_year_the_holidays_of_this_one_are_told(nurse):
    assert read(nurse, f"{CALENDAR}/holidays")["year"] == 2026


def test_a_nurse_whom_nothing_is_known_of_has_the_usual_hours(nurse, path):
    told = read(nurse, path)
    assert told["hours"]["valid_from"] is None
    assert told["hours"]["week"][4] == {
        "weekday": 5, "begins": "08:00", "ends": "15:30", "purpose": "home",
    }  # fmt: skip
    assert (told["may_write"], told["bydel"]) == (True, "11")


def test_hours_are_told_as_they_were_set_and_what_comes_of_them(nurse, path):
    told = nurse("POST", f"{path}/hours", json=HOURS)
    assert told.status_code == 200
    assert told.json["hours"] == {
        "valid_from": "2026-03-02", "percentage": 60, "travel_minutes": 30,
        "covers": ["12"], "week": HOURS["week"],
    }  # fmt: skip
    listed = read(nurse, f"{CALENDAR}/nurses?on=2026-03-02&days=7")
    [mine] = [one for one in listed["items"] if one["nurse_id"] == str(nurse.identity.id)]
    assert mine["intervals"] == [
        {"begins": "2026-03-02T07:00:00Z", "ends": "2026-03-02T10:30:00Z", "purpose": "clinic"},
        {"begins": "2026-03-02T11:00:00Z", "ends": "2026-03-02T14:30:00Z", "purpose": "home"},
    ]
    assert (listed["first_day"], listed["last_day"]) == ("2026-03-02", "2026-03-08")


def test_the_bydel_that_she_covers_sees_her_among_its_own(nurse, path, caller):
    alna = caller(Role.LEAD, "12")
    nurse("POST", f"{path}/hours", json=HOURS)
    told = read(alna, f"{CALENDAR}/nurses?on=2026-03-02")
    assert str(nurse.identity.id) in {one["nurse_id"] for one in told["items"]}
    before = read(alna, f"{CALENDAR}/nurses?on=2026-03-01")
    assert str(nurse.identity.id) not in {one["nurse_id"] for one in before["items"]}


def test_leave_is_written_and_the_days_are_free_of_work(nurse, path):
    made = nurse("POST", f"{path}/absences", json=LEAVE)
    assert made.status_code == 201
    assert (made.json["begins"], made.json["ends"], made.json["kind"]) == (
        "2026-03-02T23:00:00Z", "2026-03-04T23:00:00Z", "sickness",
    )  # fmt: skip
    listed = read(nurse, f"{CALENDAR}/nurses?on=2026-03-02&days=5")
    [mine] = [one for one in listed["items"] if one["nurse_id"] == str(nurse.identity.id)]
    assert [one["begins"][:10] for one in mine["intervals"]] == [
        "2026-03-02", "2026-03-05", "2026-03-06",
    ]  # fmt: skip
    assert "sickness" not in str(listed)


def test_a_morning_away_is_told_by_the_clock(nurse, path):
    made = nurse(
        "POST",
        f"{path}/absences",
        json=LEAVE | {"last_day": "2026-03-03", "from_time": "08:00", "until_time": "12:00"},
    )
    assert (made.json["begins"], made.json["ends"]) == (
        "2026-03-03T07:00:00Z", "2026-03-03T11:00:00Z",
    )  # fmt: skip


def test_leave_sent_twice_under_one_key_is_one_absence(nurse, path):
    key = {"Idempotency-Key": str(uuid4())}
    answers = [nurse("POST", f"{path}/absences", json=LEAVE, headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(read(nurse, path)["absences"]) == 1


def test_another_leave_under_the_same_key_is_refused(nurse, path):
    key = {"Idempotency-Key": str(uuid4())}
    nurse("POST", f"{path}/absences", json=LEAVE, headers=key)
    other = nurse("POST", f"{path}/absences", json=LEAVE | {"kind": "leave"}, headers=key)
    assert refusal(other) == (409, "id-taken", None)


def test_leave_of_last_year_is_answered_though_it_is_no_longer_shown(nurse, path):
    old = LEAVE | {"first_day": "2025-06-02", "last_day": "2025-06-03"}
    assert nurse("POST", f"{path}/absences", json=old).json["kind"] == "sickness"
    assert read(nurse, path)["absences"] == []


def test_leave_over_leave_is_refused_with_the_days_and_with_what_is_free(nurse, path):
    nurse("POST", f"{path}/absences", json=LEAVE)
    refused = nurse("POST", f"{path}/absences", json=LEAVE | {"last_day": "2026-03-06"})
    assert refusal(refused) == (409, "absence-overlaps", "/first_day")
    assert refused.json["overlaps"] == [
        {
            "first_day": "2026-03-03",
            "last_day": "2026-03-04",
            "begins": "2026-03-02T23:00:00Z",
            "ends": "2026-03-04T23:00:00Z",
        }
    ]
    assert [one["first_day"] for one in refused.json["free"]] == ["2026-03-05"]


def test_leave_that_was_struck_is_gone_and_its_days_are_worked(nurse, path):
    made = nurse("POST", f"{path}/absences", json=LEAVE).json["id"]
    for _ in range(2):
        told = nurse("POST", f"{path}/absences/{made}/cancel")
        assert (told.status_code, told.json["absences"]) == (200, [])


@pytest.mark.parametrize(
    ("below", "body", "expected"),
    [
        ("hours", {"percentage": 0}, ("invalid-fields", "/percentage")),
        ("hours", {"first_day": "2020-01-01"}, ("hours-begin", "/first_day")),
        ("hours", {"covers": ["77"]}, ("unknown-bydel", "/covers")),
        ("hours", {"week": HOURS["week"] + HOURS["week"][:1]}, ("half-days", "/week")),
        ("hours", {"week": [HOURS["week"][0] | {"ends": "08:00"}]}, ("half-day", "/week/0/ends")),
        (
            "hours",
            {"week": [HOURS["week"][0] | {"ends": "24:00"}]},
            ("invalid-fields", "/week/0/ends"),
        ),
        ("absences", {"last_day": "2026-03-02"}, ("absence-period", "/last_day")),
        ("absences", {"kind": "pregnancy"}, ("invalid-fields", "/kind")),
    ],
)
def test_what_cannot_be_points_into_the_body(nurse, path, below, body, expected):
    told = (HOURS if below == "hours" else LEAVE) | body
    assert refusal(nurse("POST", f"{path}/{below}", json=told)) == (422, *expected)


def test_a_colleague_hears_that_she_is_away_and_writes_nothing(nurse, path, caller):
    made = nurse("POST", f"{path}/absences", json=LEAVE).json["id"]
    colleague = caller(Role.NURSE, "11")
    assert [one["kind"] for one in read(colleague, path)["absences"]] == [None]
    assert refusal(colleague("POST", f"{path}/hours", json=HOURS))[:2] == (403, "not-allowed")
    assert refusal(colleague("POST", f"{path}/absences", json=LEAVE))[:2] == (403, "not-allowed")
    cancelled = colleague("POST", f"{path}/absences/{made}/cancel")
    assert refusal(cancelled)[:2] == (403, "not-allowed")


def test_her_lead_reads_and_writes_and_the_lead_of_another_bydel_finds_nobody(nurse, path, caller):
    ours, theirs = caller(Role.LEAD, "11"), caller(Role.LEAD, "12")
    assert ours("POST", f"{path}/absences", json=LEAVE).status_code == 201
    assert [one["kind"] for one in read(ours, path)["absences"]] == ["sickness"]
    assert refusal(theirs("GET", path))[:2] == (404, "not-found")
    assert refusal(theirs("POST", f"{path}/absences", json=LEAVE))[:2] == (404, "not-found")


def test_leave_tells_which_agreed_visits_lie_in_it(home):
    path = f"{CALENDAR}/nurses/{home.nurse.identity.id}"
    lies = home.do("/visits", at="2026-03-04T10:00:00+01:00")["visit"]
    home.do("/visits", at="2026-03-05T10:00:00+01:00")
    told = home.nurse("POST", f"{path}/absences", json=LEAVE).json

    assert [(one["visit_id"], one["family_id"]) for one in told["visits"]] == [(lies, home.id)]
    assert told["other_visits"] == 0


def test_a_lead_sees_when_her_nurses_are_taken_and_not_by_whom(home, caller):
    at = (NOON + timedelta(days=1)).isoformat()
    home.do("/visits", at=at, minutes=90)
    told = read(caller(Role.LEAD, "11"), f"{CALENDAR}/bydel?days=7")
    [hers] = [one for one in told["items"] if one["nurse_id"] == str(home.nurse.identity.id)]

    assert hers["taken"] == [{"begins": "2026-03-03T11:00:00Z", "ends": "2026-03-03T12:30:00Z"}]
    assert hers["intervals"]
    assert home.id not in str(told)
    assert (told["first_day"], told["last_day"]) == ("2026-03-02", "2026-03-08")


def test_time_taken_outside_the_days_that_were_asked_about_is_not_told(home, caller):
    home.do("/visits", at=(NOON + timedelta(days=1)).isoformat())
    told = read(caller(Role.LEAD, "11"), f"{CALENDAR}/bydel?days=1")
    [hers] = [one for one in told["items"] if one["nurse_id"] == str(home.nurse.identity.id)]

    assert hers["taken"] == []


def test_another_bydels_lead_and_a_nurse_do_not_see_it(home, caller):
    alna = read(caller(Role.LEAD, "12"), f"{CALENDAR}/bydel")
    assert str(home.nurse.identity.id) not in str(alna)
    assert refusal(home.nurse("GET", f"{CALENDAR}/bydel"))[:2] == (403, "not-allowed")
