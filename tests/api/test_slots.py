"""The times that a family can be offered, over REST."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import OSLO
from tests.api.homes import TERM, Home, refusal
from tests.builders import DAY


@pytest.fixture
def enrolled(home):
    home.says()
    return home


@pytest.fixture
def born(enrolled, clock):
    """A family whose child was born on the day of its term, a Monday, five days ago."""
    clock.forward(days=(TERM - DAY).days)
    enrolled.gives_birth(clock.today)
    clock.forward(days=5)
    return enrolled


def anchor(home, part):
    return next(one for one in home.read("/plan")["anchors"] if part in one["kind"])


def slots(home, **query):
    told = home.get("/slots", query_string=query)
    assert told.status_code == 200, told.json
    return told.json


def day(slot):
    return datetime.fromisoformat(slot["begins"]).astimezone(OSLO).date()


def test_the_newborn_visits_times_lie_in_its_window_with_the_own_nurse(born):
    visit = anchor(born, "nyfodt")
    found = slots(born, visit=visit["visit_id"])

    assert (found["window"]["opens"], found["window"]["closes"]) == (
        visit["opens"],
        visit["closes"],
    )
    assert len(found["slots"]) == 8
    for slot in found["slots"]:
        assert visit["opens"] <= str(day(slot)) <= visit["closes"]
        assert slot["nurse_id"] == str(born.nurse.identity.id)
        assert slot["reasons"][:2] == ["in-window", "own-nurse"]
    assert str(day(found["slots"][0])) == visit["ideal"]


def test_a_nurse_whose_week_has_room_on_its_other_days_has_room_in_her_week(born):
    visit = anchor(born, "nyfodt")
    opens = date.fromisoformat(visit["opens"])
    for days in range(4):
        at = datetime.combine(opens + timedelta(days=days), time(9), OSLO)
        born.do("/visits", at=at.isoformat(), minutes=240)
    found = slots(born, visit=visit["visit_id"])["slots"]

    assert (opens.weekday(), visit["closes"]) == (0, str(opens + timedelta(days=3)))
    assert found  # 16 of 30 hours are taken on these days, and 16 of 37.5 in the week
    assert all("room-in-week" in one["reasons"] for one in found)


def test_the_newborn_visit_has_no_times_before_the_birth(enrolled):
    visit = anchor(enrolled, "nyfodt")["visit_id"]

    assert refusal(enrolled.get("/slots", query_string={"visit": visit}))[:2] == (
        422,
        "birth-awaited",
    )


def test_the_newborn_visit_cannot_be_booked_before_the_birth_and_can_after_it(enrolled, clock):
    visit = anchor(enrolled, "nyfodt")["visit_id"]
    guess = {"at": (clock.now + timedelta(days=80)).isoformat()}
    by_id = enrolled.post(f"/visits/{visit}/book", guess)
    by_kind = enrolled.post("/visits", guess | {"kind": "nyfodt"})

    assert refusal(by_id)[:2] == (422, "birth-awaited")
    assert refusal(by_kind)[:2] == (422, "birth-awaited")
    enrolled.gives_birth(clock.today)
    enrolled.do(f"/visits/{visit}/book", at=(clock.now + timedelta(days=8)).isoformat())
    assert anchor(enrolled, "nyfodt")["state"] == "booked"


def test_a_time_that_is_agreed_is_offered_to_nobody_else_and_still_to_the_visit_itself(born):
    visit = anchor(born, "nyfodt")["visit_id"]
    first = slots(born, visit=visit)["slots"][0]["begins"]
    other = Home(born.nurse).register()
    other.do("/visits", at=first)

    assert first not in {one["begins"] for one in slots(born, visit=visit)["slots"]}
    booked = other.read("/plan")["agreed"][0]
    own = slots(other, visit=booked["id"], on=str(day({"begins": first})))
    assert own["visit_id"] == booked["id"]


def test_a_visit_that_nobody_planned_is_placed_near_the_day_that_is_thought_of(enrolled):
    on = DAY + timedelta(days=20)
    found = slots(enrolled, on=str(on), minutes=90)

    assert found["window"]["ideal"] == str(on)
    assert {abs((day(slot) - on).days) <= 7 for slot in found["slots"]} == {True}
    for slot in found["slots"]:
        lasts = datetime.fromisoformat(slot["ends"]) - datetime.fromisoformat(slot["begins"])
        assert lasts == timedelta(minutes=90)


def test_what_the_family_wishes_for_comes_first(enrolled):
    found = slots(enrolled, on=str(DAY + timedelta(days=20)), wish=["wednesday-afternoon"])

    assert "wished" in found["slots"][0]["reasons"]
    assert day(found["slots"][0]).weekday() == 2


def test_two_nurses_are_two_of_the_bydel(enrolled, person):
    colleague = person(Role.NURSE, "11")
    found = slots(enrolled, two_nurses="true")["slots"]

    assert found
    assert {one["nurse_id"] for one in found} == {str(enrolled.nurse.identity.id)}
    for one in found:
        assert one["second_nurse_id"] not in {None, one["nurse_id"]}
    assert colleague.id


def test_easter_is_no_working_day_and_a_newborn_of_that_week_gets_a_wider_window(enrolled, clock):
    """Born on 26 March 2026: days 7 to 10 are Maundy Thursday to Easter Sunday."""
    clock.forward(days=(date(2026, 3, 27) - DAY).days)
    enrolled.gives_birth(date(2026, 3, 26))
    visit = anchor(enrolled, "nyfodt")["visit_id"]
    found = slots(enrolled, visit=visit)

    assert found["window"] == {
        "opens": "2026-03-31",
        "ideal": "2026-04-03",
        "closes": "2026-04-08",
        "reason": "holiday",
    }
    assert {str(day(slot)) for slot in found["slots"]} == {
        "2026-03-31",
        "2026-04-01",
        "2026-04-07",
        "2026-04-08",
    }
    assert all(slot["reasons"][0] == "holiday" for slot in found["slots"])


def test_a_window_that_has_passed_says_so_and_tells_the_nearest_times(born, clock):
    visit = anchor(born, "nyfodt")["visit_id"]
    clock.forward(days=10)
    found = slots(born, visit=visit)

    assert (found["slots"], found["why"]) == ([], "window-passed")
    assert found["nearest"][0]["reasons"][0] == "after-window"


def test_a_visit_that_was_made_has_no_times(enrolled):
    visit = enrolled.visited()

    assert refusal(enrolled.get("/slots", query_string={"visit": visit})) == (
        422,
        "visit-closed",
        "/visit",
    )


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"minutes": "10"}, "/minutes"),
        ({"place": "månen"}, "/place"),
        ({"wish": "sunday-morning"}, "/wish/0"),
        ({"two_nurses": "ja"}, "/two_nurses"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(enrolled, query, pointer):
    assert refusal(enrolled.get("/slots", query_string=query)) == (422, "invalid-fields", pointer)


def test_another_familys_visit_and_another_nurses_family_are_not_found(enrolled, caller):
    theirs = Home(caller()).register()
    query = {"visit": str(uuid4())}

    assert enrolled.get("/slots", query_string=query).status_code == 404
    assert enrolled.nurse("GET", f"{theirs.path}/slots").status_code == 404


def test_asking_is_written_into_the_access_log(enrolled, caller):
    slots(enrolled)
    officer = caller(Role.PRIVACY_OFFICER)
    path = f"/api/v1/access-log?family_id={enrolled.id}"
    read = officer("GET", path).json["items"]

    assert "slots" in {one["object"] for one in read}


WEDNESDAY, SATURDAY = 3, 6


def works(nurse, weekday, *halves, covers=()):
    """Let a nurse work so on one weekday only, from today on."""
    week = [
        {"weekday": weekday, "begins": begins, "ends": ends, "purpose": "home"}
        for begins, ends in halves
    ]
    hours = {"first_day": str(DAY), "percentage": 20, "travel_minutes": 20}
    path = f"/api/v1/calendar/nurses/{nurse.identity.id}/hours"
    told = nurse("POST", path, json=hours | {"covers": list(covers), "week": week})
    assert told.status_code == 200, told.json


def test_a_nurse_of_another_bydel_is_offered_if_she_helps_out_in_the_familys(enrolled, caller):
    works(enrolled.nurse, WEDNESDAY, ("08:00", "12:00"))
    helping, saturday = caller(Role.NURSE, "12"), str(DAY + timedelta(days=19))

    works(helping, SATURDAY, ("09:00", "12:00"))
    assert saturday not in {str(day(one)) for one in slots(enrolled, on=saturday)["slots"]}

    works(helping, SATURDAY, ("09:00", "12:00"), covers=["11"])
    [one] = [one for one in slots(enrolled, on=saturday)["slots"] if str(day(one)) == saturday]
    assert one["nurse_id"] == str(helping.identity.id)
    assert "other-nurse" in one["reasons"]


def test_a_nurse_who_goes_on_after_noon_can_make_a_visit_across_it(enrolled):
    works(enrolled.nurse, WEDNESDAY, ("08:00", "12:00"), ("12:00", "15:30"))
    own = {
        datetime.fromisoformat(one["begins"]).astimezone(OSLO).strftime("%H.%M")
        for one in slots(enrolled, minutes=240)["slots"]
        if one["nurse_id"] == str(enrolled.nurse.identity.id)
    }

    assert "08.30" in own
