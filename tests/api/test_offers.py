"""Offers, answers and enrolments over REST."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.homes import Home, refusal
from tests.builders import DAY

TOMORROW, YESTERDAY = str(DAY + timedelta(days=1)), str(DAY - timedelta(days=1))


def offer(home, **more):
    body = {
        "pregnancy_id": home.pregnancy,
        "programme": "nye_familier",
        "basis": "forste_barn",
        "channel": "jordmor",
        "offered_on": str(DAY),
    }
    return home.post("/offers", body | more)


def answer(home, offer_id, said="ja", on=str(DAY)):
    return home.post(f"/offers/{offer_id}/answers", {"answer": said, "answered_on": on})


def test_an_offer_can_be_read_where_the_answer_says(home):
    made = offer(home)
    seen = home.nurse("GET", made.headers["Location"])

    assert (made.status_code, seen.status_code) == (201, 200)
    assert (seen.json["answer"], seen.json["answers"]) == ("ubesvart", [])


def test_a_yes_enrols_the_family_and_plans_the_two_anchors(home):
    given = answer(home, home.offer())
    plan = home.read("/plan")

    assert given.status_code == 201
    assert home.read("/enrolments")["items"][0]["state"] == "active"
    assert {one["state"] for one in plan["anchors"]} == {"planned"}
    assert (len(plan["anchors"]), plan["programme"]) == (2, "nye_familier")


def test_later_and_then_yes_are_two_answers_to_one_offer(home):
    made = home.says("senere")
    home.do(f"/offers/{made}/answers", answer="ja", answered_on=str(DAY))

    (seen,) = home.read("/offers")["items"]
    assert seen["answer"] == "ja"
    assert [one["answer"] for one in seen["answers"]] == ["senere", "ja"]


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"offered_on": TOMORROW}, "date-in-future", "/offered_on"),
        ({"offered_on": "2016-03-02"}, "date-too-old", "/offered_on"),
        ({"offered_on": "1900-03-02"}, "date-too-old", "/offered_on"),
        ({"basis": "flerbarn_utvidet_behov"}, "reason-missing", "/reason"),
        ({"programme": "helsestasjonsprogrammet"}, "invalid-fields", "/programme"),
        ({"channel": "due"}, "invalid-fields", "/channel"),
    ],
)
def test_an_offer_that_breaks_a_rule_points_into_the_body(home, more, code, pointer):
    assert refusal(offer(home, **more)) == (422, code, pointer)


def test_a_second_offer_while_one_waits_is_refused(home):
    home.offer()
    assert refusal(offer(home)) == (422, "offer-open", None)


def test_a_second_active_enrolment_is_refused(home):
    home.says()
    other = home.offer(programme="nfp")
    assert refusal(answer(home, other)) == (422, "enrolment-already-active", None)


@pytest.mark.parametrize(
    ("on", "code"), [(TOMORROW, "date-in-future"), (YESTERDAY, "answer-before-offer")]
)
def test_an_answer_on_an_impossible_day_is_refused(home, on, code):
    assert refusal(answer(home, home.offer(), on=on)) == (422, code, "/answered_on")


def test_an_offer_of_another_family_looks_like_none(home, caller):
    other = Home(caller()).register()
    answers = [answer(home, one) for one in (other.offer(), uuid4())]
    assert {refusal(one) for one in answers} == {(404, "not-found", None)}
    theirs = offer(home, pregnancy_id=other.pregnancy)
    assert refusal(theirs) == (404, "not-found", "/pregnancy_id")


def test_an_enrolment_is_paused_resumed_and_ended_and_stays_ended(home):
    home.says()
    (enrolment,) = home.read("/enrolments")["items"]
    path = f"/enrolments/{enrolment['id']}/state"
    for state in ("paused", "active", "withdrawn"):
        home.do(path, to=state, on=str(DAY))

    again = home.post(path, {"to": "active", "on": str(DAY)})
    assert refusal(again) == (422, "enrolment-closed", None)
    assert home.read("/enrolments")["items"][0]["ended_on"] == str(DAY)


def test_an_enrolment_does_not_change_before_it_began(home):
    home.says()
    (enrolment,) = home.read("/enrolments")["items"]
    answer = home.post(f"/enrolments/{enrolment['id']}/state", {"to": "paused", "on": YESTERDAY})
    assert refusal(answer) == (422, "date-too-old", "/on")


def test_an_enrolment_does_not_become_what_it_is(home):
    home.says()
    (enrolment,) = home.read("/enrolments")["items"]
    answer = home.post(f"/enrolments/{enrolment['id']}/state", {"to": "active", "on": str(DAY)})
    assert refusal(answer)[:2] == (422, "enrolment-state")


def test_the_reason_is_shown_to_the_nurse(home):
    home.offer(basis="flerbarn_utvidet_behov", reason="To søsken med store behov.")
    assert home.read("/offers")["items"][0]["reason"] == "To søsken med store behov."
