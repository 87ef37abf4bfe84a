"""A nurse's appointments in her own calendar program."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest

from api.web.feed import A_MINUTE
from nyefamilier.accounts.service import disable_account
from nyefamilier.calendars.feeds import GOOD_FOR, RENEWED
from nyefamilier.kernel.actors import SYSTEM, Role
from tests.api.homes import refusal
from tests.builders import DAY, NOON

FEED = "/api/v1/calendar/feed"
AT = NOON + timedelta(days=2)


@pytest.fixture
def booked(home):
    home.offer()
    home.do("/visits", at=AT.isoformat(), kind="avtalt", place="hjemme")
    return home


@pytest.fixture
def address(booked) -> str:
    return make(booked.nurse)


def make(nurse) -> str:
    made = nurse("POST", FEED)
    assert made.status_code == 201, made.json
    return made.json["path"]


def events(answer) -> list[icalendar.Event]:
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.text).walk("VEVENT")


def test_a_calendar_program_reads_the_time_the_initials_and_the_bydel(booked, address, client):
    [event] = events(client.get(address))
    assert event.start == AT
    assert str(event["SUMMARY"]) == "RB + SF, Stovner"


def test_no_name_no_place_and_no_kind_of_visit_is_told(booked, address, client):
    text = client.get(address).text
    for word in ("Rask", "Bjørk", "Stille", "Fjell", "Prøveveien", "avtalt", "hjemme", booked.id):
        assert word not in text


def test_the_same_is_told_as_json_under_her_own_token(booked):
    [one] = booked.nurse("GET", "/api/v1/calendar/appointments").json["items"]
    assert (one["begins"], one["initials"], one["bydel"]) == (
        AT.isoformat().replace("+00:00", "Z"), "RB + SF", "11",
    )  # fmt: skip


@pytest.mark.parametrize("protection", ["strengt_fortrolig", "fortrolig"])
def test_of_a_family_with_a_protected_address_nothing_is_told(booked, address, client, protection):
    booked.do("/addresses", valid_from=str(DAY), protection=protection)
    assert events(client.get(address)) == []
    assert booked.nurse("GET", "/api/v1/calendar/appointments").json["items"] == []


def test_a_family_that_went_to_another_nurse_leaves_no_initials(booked, address, client, caller):
    booked.do("/team", nurse_id=str(caller().identity.id))
    assert "RB" not in client.get(address).text


def test_a_visit_that_is_cancelled_is_gone(booked, address, client):
    visit = booked.nurse("GET", "/api/v1/calendar/appointments").json["items"][0]["visit_id"]
    booked.do(f"/visits/{visit}/cancel", by="family")
    assert events(client.get(address)) == []


def test_a_new_address_closes_the_one_before(booked, address, client):
    other = make(booked.nurse)
    assert client.get(address).status_code == 404
    assert client.get(other).status_code == 200


def test_a_closed_address_gives_nothing(booked, address, client):
    for _ in range(2):
        assert booked.nurse("DELETE", FEED).status_code == 204
    assert client.get(address).status_code == 404


def test_the_address_of_a_nurse_who_has_left_gives_nothing(booked, address, client, programme):
    with programme.work(SYSTEM, "test") as work:
        disable_account(work, booked.nurse.identity.username)
    assert client.get(address).status_code == 404


def test_an_address_is_good_for_a_year_and_no_longer(booked, clock, client):
    made = booked.nurse("POST", FEED).json
    assert made["good_until"] == (clock.now + GOOD_FOR).isoformat().replace("+00:00", "Z")
    clock.now += GOOD_FOR - timedelta(seconds=1)
    assert client.get(made["path"]).status_code == 200
    clock.now += timedelta(seconds=1)
    assert client.get(made["path"]).status_code == 404


def test_a_month_before_its_end_the_calendar_says_that_a_new_address_is_needed(home, clock, client):
    address = make(home.nurse)
    clock.now += GOOD_FOR - RENEWED - timedelta(seconds=1)
    assert events(client.get(address)) == []
    clock.now += timedelta(seconds=1)
    [reminder] = events(client.get(address))
    assert str(reminder["SUMMARY"]) == "Nye familier: lag en ny kalenderadresse"
    assert (reminder.start, reminder["TRANSP"]) == (DAY + GOOD_FOR, "TRANSPARENT")


def test_the_words_are_in_the_language_that_the_address_names(booked, address, client, caller):
    booked.do("/team", nurse_id=str(caller().identity.id))
    said = [
        str(events(client.get(address + query))[0]["SUMMARY"])
        for query in ("", "?language=nb", "?language=en", "?language=xx")
    ]
    assert said == ["Avtale", "Avtale", "Appointment", "Avtale"]


def test_what_changed_its_language_is_sent_again(booked, address, client):
    version = client.get(address).headers["ETag"]
    english = client.get(f"{address}?language=en", headers={"If-None-Match": version})
    assert english.status_code == 200


def test_an_address_that_is_asked_for_too_often_has_to_wait(booked, address, client):
    other = make(booked.nurse)
    for _ in range(A_MINUTE):
        client.get(address)
    slowed = client.get(address)
    assert slowed.status_code == 429
    assert "feed-too-often" in slowed.text
    assert int(slowed.headers["Retry-After"]) >= 1
    assert client.get(other).status_code == 200


@pytest.mark.parametrize("secret", ["x", "A" * 43, "A" * 44, "å" * 43, "A" * 42 + "%20"])
def test_an_address_that_nobody_made_gives_nothing(client, secret):
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again(booked, address, client):
    version = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": version})
    assert (again.status_code, again.data) == (304, b"")
    booked.do("/visits", at=(AT + timedelta(days=1)).isoformat(), kind="avtalt", place="hjemme")
    changed = client.get(address, headers={"If-None-Match": version})
    assert len(events(changed)) == 2


def test_the_database_holds_no_secret(booked, address, programme):
    secret = re.search(r"/calendar/(.*)\.ics", address)[1]
    with programme.work(SYSTEM, "test") as work:
        connection = work.session.connection()
        rows = connection.exec_driver_sql("SELECT calendar_feed::text FROM calendar_feed").all()
    assert rows
    assert not any(secret in row[0] or secret.encode().hex() in row[0] for row in rows)


def test_each_reading_is_written_into_the_access_log(booked, address, client, log_of):
    before = len(log_of(booked))
    client.get(address)
    newest = log_of(booked)[0]
    assert len(log_of(booked)) == before + 1
    assert (newest["action"], newest["actor_id"]) == ("read", str(booked.nurse.identity.id))


def test_only_nurses_have_a_feed(caller):
    assert refusal(caller(Role.LEAD)("POST", FEED))[:2] == (403, "not-allowed")
    assert refusal(caller(Role.PLANNER)("GET", "/api/v1/calendar/appointments"))[:2] == (
        403, "not-allowed",
    )  # fmt: skip


def test_an_appointment_of_another_nurses_is_not_told(booked, caller):
    other = caller()
    assert other("GET", "/api/v1/calendar/appointments").json["items"] == []
