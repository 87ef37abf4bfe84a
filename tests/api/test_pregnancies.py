"""Pregnancies over REST."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.homes import TERM, Home, refusal
from tests.builders import DAY


@pytest.fixture
def due(home, clock):
    """The family, a week before its term."""
    clock.forward(days=(TERM - DAY).days - 7)
    return home


def birth(home, **body):
    return home.post(f"/pregnancies/{home.pregnancy}/birth", body)


def test_a_pregnancy_is_registered(caller):
    home = Home(caller()).register(pregnancy=None)
    made = home.post("/pregnancies", {"term": str(TERM), "expected": 2})

    assert (made.status_code, made.headers["Location"]) == (201, home.path)
    (seen,) = home.read()["pregnancies"]
    assert (seen["id"], seen["expected"], seen["basis"]) == (made.json["ids"]["pregnancy"], 2, None)


def test_a_second_open_pregnancy_is_refused(home):
    answer = home.post("/pregnancies", {"term": str(TERM)})
    assert refusal(answer) == (422, "pregnancy-open", None)


def test_twins_become_members_in_their_order(due, clock):
    ids = due.gives_birth(clock.today, {"name": "Første Sten"}, {"name": "Andre Sten"})
    members = {one["id"]: one for one in due.read()["members"]}

    assert [members[one]["name"] for one in ids] == ["Første Sten", "Andre Sten"]
    assert {members[one]["born_on"] for one in ids} == {str(clock.today)}
    assert due.read()["pregnancies"][0]["outcome"] == "fodt"


def test_a_stillborn_twin_is_a_member_too(due, clock):
    _, still = due.gives_birth(clock.today, {"name": "Første Sten"}, {"stillborn": True})

    assert due.read(f"/members/{still}")["stillborn"] is True


@pytest.mark.parametrize(
    ("days", "code"),
    [(1, "date-in-future"), (-200, "birth-before-20-weeks"), (-3653, "date-too-old")],
)
def test_an_impossible_birth_is_refused(due, clock, days, code):
    born = clock.today + timedelta(days=days)
    answer = birth(due, born_on=str(born), children=[{}])
    assert refusal(answer) == (422, code, "/born_on")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"children": []}, "invalid-fields", "/children"),
        ({"children": [{}] * 7}, "invalid-fields", "/children"),
        ({"children": [{"national_id": "1"}]}, "national-id-length", "/children/0/national_id"),
        ({"children": [{}], "homecoming_on": "2026-04-01"}, "homecoming-before-birth",
         "/homecoming_on"),
    ],
)  # fmt: skip
def test_a_birth_that_breaks_a_rule_points_into_the_body(due, clock, body, code, pointer):
    assert refusal(birth(due, born_on=str(clock.today), **body)) == (422, code, pointer)


def test_a_birth_is_recorded_once(due, clock):
    due.gives_birth(clock.today)
    again = birth(due, born_on=str(clock.today), children=[{}])
    assert refusal(again) == (422, "pregnancy-ended", None)


def test_homecoming_comes_after_the_birth(due, clock):
    path, body = f"/pregnancies/{due.pregnancy}/homecoming", {"homecoming_on": str(clock.today)}
    assert refusal(due.post(path, body)) == (422, "not-born-yet", None)

    due.gives_birth(clock.today)
    assert due.post(path, body).status_code == 200
    assert due.read()["pregnancies"][0]["homecoming_on"] == str(clock.today)


def test_a_loss_ends_the_enrolment_and_empties_the_plan(home):
    home.says("ja")
    home.do(f"/pregnancies/{home.pregnancy}/loss", outcome="tapt", on=str(DAY))

    assert home.read("/enrolments")["items"][0]["state"] == "ended_by_loss"
    assert home.read("/plan")["anchors"] == []
    assert {one["state"] for one in home.read("/visits")["items"]} == {"superseded"}


def test_a_loss_before_the_pregnancy_is_refused(home):
    answer = home.post(
        f"/pregnancies/{home.pregnancy}/loss", {"outcome": "tapt", "on": "2016-03-02"}
    )
    assert refusal(answer) == (422, "date-too-old", "/on")


def test_a_loss_is_no_birth(home):
    answer = home.post(f"/pregnancies/{home.pregnancy}/loss", {"outcome": "fodt", "on": str(DAY)})
    assert refusal(answer) == (422, "invalid-fields", "/outcome")


def test_a_term_is_corrected_and_an_impossible_one_is_refused_with_the_nearest(home):
    path, last = f"/pregnancies/{home.pregnancy}/term", DAY + timedelta(weeks=42)
    answer = home.post(path, {"term": str(last + timedelta(days=1))})
    assert refusal(answer) == (422, "term-too-far", "/term")
    assert answer.json["last_day"] == str(last)

    home.do(path, term=str(TERM + timedelta(days=8)))
    assert home.read()["pregnancies"][0]["term"] == str(TERM + timedelta(days=8))


def test_a_birth_is_corrected_and_not_to_a_day_after_its_visit(due, clock):
    path, day = f"/pregnancies/{due.pregnancy}/birth/date", clock.today - timedelta(days=1)
    assert refusal(due.post(path, {"born_on": str(day)})) == (422, "not-born-yet", None)

    due.gives_birth(clock.today)
    due.do(path, born_on=str(day))
    (child,) = [one for one in due.read()["members"] if one["role"] == "barn"]
    assert (due.read()["pregnancies"][0]["ended_on"], child["born_on"]) == (str(day), str(day))
    future = due.post(path, {"born_on": str(clock.today + timedelta(days=1))})
    assert refusal(future) == (422, "date-in-future", "/born_on")
    assert future.json["last_day"] == str(clock.today)


@pytest.mark.parametrize("what", ["birth", "birth/date", "homecoming", "loss", "term"])
def test_another_familys_pregnancy_looks_like_none(home, caller, what):
    other = Home(caller()).register()
    body = {
        "birth": {"born_on": str(DAY), "children": [{}]},
        "homecoming": {"homecoming_on": str(DAY)},
        "birth/date": {"born_on": str(DAY)},
        "loss": {"outcome": "tapt", "on": str(DAY)},
        "term": {"term": str(TERM)},
    }[what]
    answers = [home.post(f"/pregnancies/{one}/{what}", body) for one in (other.pregnancy, uuid4())]
    assert {refusal(one) for one in answers} == {(404, "not-found", None)}
