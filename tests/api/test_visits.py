"""Visits and the plan over REST."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.homes import TERM, Home, refusal
from tests.builders import DAY, NOON

SOON, LATER = NOON + timedelta(days=3), NOON + timedelta(days=400)


@pytest.fixture
def enrolled(home):
    home.says()
    return home


def anchor(home, part):
    return next(one for one in home.read("/plan")["anchors"] if part in one["kind"])


def test_a_new_visit_is_booked_and_read_where_the_answer_says(enrolled):
    body = {"at": SOON.isoformat(), "place": "helsestasjon", "agreed": "Ta med helsekortet."}
    made = enrolled.post("/visits", body)
    seen = enrolled.nurse("GET", made.headers["Location"]).json

    assert made.status_code == 201
    assert (seen["state"], seen["kind"], seen["agreed"]) == ("booked", "avtalt", body["agreed"])
    assert seen["at"] == SOON.isoformat().replace("+00:00", "Z")
    assert enrolled.read("/plan")["agreed"][0]["id"] == seen["id"]


def test_an_anchor_is_booked_at_its_own_address(enrolled):
    visit = anchor(enrolled, "svangerskap")["visit_id"]
    enrolled.do(f"/visits/{visit}/book", at=SOON.isoformat())

    assert anchor(enrolled, "svangerskap")["state"] == "booked"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"at": (NOON - timedelta(days=1)).isoformat()}, "visit-in-past", "/at"),
        ({"at": LATER.isoformat()}, "visit-too-far", "/at"),
        ({"at": "2026-03-05T10:00:00"}, "invalid-fields", "/at"),
        ({"at": SOON.isoformat(), "kind": "ingen"}, "unknown-visit-kind", "/kind"),
        ({"at": SOON.isoformat(), "nurse_id": str(uuid4())}, "unknown-nurse", "/nurse_id"),
        (
            {"at": SOON.isoformat(), "interpreter": {"language": "urdu", "who": "barn"}},
            "interpreter-child",
            "/interpreter/who",
        ),
        (
            {"at": SOON.isoformat(), "interpreter": {"language": "urdu", "who": "parorende"}},
            "interpreter-relative",
            "/interpreter/who",
        ),
        ({"at": SOON.isoformat(), "not_alone": True}, "not-alone", "/second_nurse_id"),
    ],
)
def test_a_booking_that_breaks_a_rule_points_into_the_body(enrolled, body, code, pointer):
    assert refusal(enrolled.post("/visits", body)) == (422, code, pointer)


def test_the_newborn_visit_counts_in_every_statistic_that_it_is(enrolled, clock):
    clock.forward(days=(TERM - DAY).days)
    enrolled.gives_birth(clock.today)
    clock.forward(days=8)
    visit = anchor(enrolled, "nyfodt")["visit_id"]
    following = enrolled.do(
        f"/visits/{visit}/record",
        outcome="done",
        at=(clock.now - timedelta(hours=2)).isoformat(),
        minutes=75,
        present=["mor", "barn", "tolk"],
        themes=["foreldrenes_tema", "sovn"],
        interpreter={"category": "B", "language": "urdu"},
        next_visit={"on": str(clock.today + timedelta(days=14))},
    )["next_visit"]
    seen = enrolled.read(f"/visits/{visit}")

    assert {"programvisit", "konsultasjon_1"} <= set(seen["counts_as"])
    assert (seen["state"], seen["present"]) == ("done", ["mor", "barn", "tolk"])
    assert seen["interpreter_language"] == "urdu"
    assert enrolled.read(f"/visits/{following}")["state"] == "planned"
    assert anchor(enrolled, "nyfodt")["state"] == "done"


def test_a_visit_that_just_happened_is_recorded_under_an_id_that_the_client_makes(enrolled):
    visit = enrolled.visited(minutes=20, place="telefon")

    seen = enrolled.read(f"/visits/{visit}")
    assert (seen["state"], seen["place"], seen["minutes"]) == ("done", "telefon", 20)


def test_nobody_at_home_lasts_no_time(enrolled):
    visit = enrolled.visited(outcome="not_home", minutes=0)
    assert enrolled.read(f"/visits/{visit}")["state"] == "not_home"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"at": SOON.isoformat()}, "visit-in-future", "/at"),
        ({"at": "2016-03-02T09:00:00+01:00"}, "date-too-old", "/at"),
        ({"at": "1900-03-02T09:00:00+01:00"}, "date-too-old", "/at"),
        ({"minutes": 0}, "visit-minutes", "/minutes"),
        ({"minutes": 601}, "invalid-fields", "/minutes"),
        ({"kind": "ingen"}, "unknown-visit-kind", "/kind"),
        ({"present": ["hund"]}, "invalid-fields", "/present/0"),
        ({"present": ["mor"] * 10}, "invalid-fields", "/present"),
        (
            {"interpreter": {"category": "manglet", "language": "urdu"}},
            "interpreter-reason",
            "/interpreter/why_unqualified",
        ),
        ({"next_visit": {"on": "2026-03-01"}}, "visit-in-past", "/next_visit/on"),
        ({"next_visit": {"on": "2051-03-01"}}, "visit-too-far", "/next_visit/on"),
        (
            {"next_visit": {"on": "2026-03-09", "at": "2025-03-09T09:00:00+01:00"}},
            "visit-in-past",
            "/next_visit/at",
        ),
        (
            {"next_visit": {"on": "2026-03-09", "at": "2051-03-09T09:00:00+01:00"}},
            "visit-too-far",
            "/next_visit/at",
        ),
        (
            {"next_visit": {"on": "2026-03-09", "at": "2026-03-10T09:00:00+01:00"}},
            "visit-days-differ",
            "/next_visit/at",
        ),
        ({"kind": "nyfodt"}, "birth-awaited", "/at"),
        ({"nurse_id": str(uuid4())}, "unknown-nurse", "/nurse_id"),
    ],
)
def test_a_record_that_breaks_a_rule_points_into_the_body(enrolled, body, code, pointer):
    whole = {"outcome": "done", "at": (NOON - timedelta(hours=1)).isoformat(), "minutes": 60}
    answer = enrolled.post(f"/visits/{uuid4()}/record", whole | body)
    assert refusal(answer) == (422, code, pointer)


def test_a_visit_may_be_older_than_the_registration_and_not_than_the_pregnancy(enrolled):
    made = (TERM - timedelta(weeks=40), TERM - timedelta(weeks=40, days=1))
    bodies = [{"outcome": "done", "at": f"{on}T09:00:00+02:00", "minutes": 60} for on in made]
    answers = [enrolled.post(f"/visits/{uuid4()}/record", body) for body in bodies]

    assert answers[0].status_code == 200
    assert refusal(answers[1]) == (422, "date-too-old", "/at")


def test_a_visit_is_cancelled_and_then_did_take_place(enrolled):
    visit = enrolled.do("/visits", at=SOON.isoformat())["visit"]
    enrolled.do(f"/visits/{visit}/cancel", by="family", reason="Syke søsken.")
    assert enrolled.read(f"/visits/{visit}")["cancel_reason"] == "Syke søsken."

    record = {"outcome": "done", "at": NOON.isoformat(), "minutes": 45}
    assert enrolled.post(f"/visits/{visit}/record", record).status_code == 200
    closed = enrolled.post(f"/visits/{visit}/cancel", {"by": "us"})
    assert refusal(closed) == (422, "visit-closed", None)


@pytest.mark.parametrize("what", ["book", "record", "cancel"])
def test_another_familys_visit_looks_like_none(enrolled, caller, what):
    other = Home(caller()).register()
    visit = other.do("/visits", at=SOON.isoformat())["visit"]
    body = {
        "book": {"at": SOON.isoformat()},
        "record": {"outcome": "done", "at": NOON.isoformat(), "minutes": 45},
        "cancel": {"by": "us"},
    }[what]
    assert refusal(enrolled.post(f"/visits/{visit}/{what}", body))[:2] == (404, "not-found")
    assert other.read(f"/visits/{visit}")["state"] == "booked"


def test_an_interpreter_is_booked_and_asked_anew_when_the_visit_is_moved(enrolled):
    told = {"language": "urdu", "category": "B", "remote": True, "confirmed": True}
    visit = enrolled.do("/visits", at=SOON.isoformat(), interpreter=told)["visit"]
    enrolled.do(f"/visits/{visit}/book", at=(SOON + timedelta(days=1)).isoformat())

    assert enrolled.read(f"/visits/{visit}")["interpreter"] == {
        **told,
        "dialect": None,
        "gender_wish": None,
        "confirmed": False,
        "ask_again": True,
    }


def test_what_is_to_be_looked_out_for_is_read_by_her_nurse_and_in_no_calendar(enrolled, client):
    note = "Stor hund i gangen."
    flagged = {"at": SOON.isoformat(), "place": "telefon", "not_alone": True, "safety_note": note}
    visit = enrolled.do("/visits", **flagged)["visit"]
    address = enrolled.nurse("POST", "/api/v1/calendar/feed").json["path"]
    told = enrolled.nurse("GET", "/api/v1/calendar/appointments").text

    assert enrolled.read(f"/visits/{visit}")["safety_note"] == note
    for words in (client.get(address).text, told):
        assert "hund" not in words
        assert "alone" not in words
