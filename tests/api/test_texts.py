"""What became of texts: for the family's nurse each with its reason, for a lead how many."""

import pytest

from api.web import text_words
from nyefamilier.kernel.actors import Role
from nyefamilier.texts.states import Kind, Reason, TextState
from tests.api.homes import refusal
from tests.outbox import Pocket, send_texts


@pytest.fixture
def booked(home):
    """A visit on a Friday, with its reminder written."""
    home.says()
    return home.do("/visits", at="2026-03-06T09:00:00Z")["visit"]


def test_a_nurse_sees_what_waits_for_her_family_without_its_words(home, booked):
    (text,) = home.read("/texts")["items"]

    assert (text["kind"], text["state"], text["reason"]) == ("reminder", "waiting", None)
    assert (text["visit_id"], text["due"]) == (booked, "2026-03-05T11:00:00Z")
    assert not {"words", "number"} & set(text)


def test_a_text_that_was_kept_back_tells_why(home, booked, programme, clock):
    home.do(f"/visits/{booked}/cancel", by="family")
    clock.forward(days=3)
    send_texts(programme, Pocket())
    (text,) = home.read("/texts")["items"]

    assert (text["state"], text["reason"]) == ("suppressed", "visit-cancelled")
    assert text["may_have_gone"] is False


def test_a_lead_counts_and_sees_no_family(home, booked, caller):
    lead = caller(Role.LEAD)
    counted = lead("GET", "/api/v1/texts/counts").json["items"]

    assert {"state": "waiting", "reason": None} in [
        {"state": one["state"], "reason": one["reason"]} for one in counted
    ]
    assert home.id not in str(counted)
    assert refusal(lead("GET", home.path + "/texts"))[:2] == (403, "not-allowed")


def test_a_lead_of_another_bydel_counts_none_of_them(home, booked, caller):
    assert caller(Role.LEAD, "12")("GET", "/api/v1/texts/counts").json["items"] == []


def test_a_nurse_counts_nothing_and_a_stranger_sees_no_texts(home, booked, caller):
    assert refusal(home.nurse("GET", "/api/v1/texts/counts"))[:2] == (403, "not-allowed")
    assert refusal(caller()("GET", home.path + "/texts"))[:2] == (404, "not-found")


def test_what_a_nurse_reads_of_texts_is_logged(home, booked, log_of):
    home.read("/texts")
    assert "texts" in {one["object"] for one in log_of(home)}


def test_an_objection_is_told_over_rest(home, booked, programme, clock):
    etag = home.get(f"/members/{home.mother}").headers["ETag"]
    answer = home.nurse(
        "PATCH",
        f"{home.path}/members/{home.mother}",
        json={"no_texts": True},
        headers={"If-Match": etag},
    )
    assert answer.status_code == 200, answer.json
    assert home.read(f"/members/{home.mother}")["no_texts"] is True
    assert home.read(f"/members/{home.mother}")["phone"] == "40000001"
    clock.forward(days=3)
    send_texts(programme, Pocket())
    assert [one["reason"] for one in home.read("/texts")["items"]] == ["objection"]


def test_every_kind_state_and_reason_has_words_for_the_page():
    assert set(text_words.KINDS) == set(Kind)
    assert set(text_words.STATES) == set(text_words.COLOURS) == set(TextState)
    assert set(text_words.REASONS) == set(Reason)
