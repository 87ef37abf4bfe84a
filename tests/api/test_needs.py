"""Needs over REST."""

from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from nyefamilier.needs.intents import WORDS_CHARS
from tests.api.homes import Home, refusal


def need(home, **more):
    body = {"stated_by": home.mother, "words": "Vi får ikke sove.", "theme": "sovn"}
    return home.post("/needs", body | more)


def test_a_need_stands_in_the_parents_words(home):
    made = need(home, wish="Fire timer i strekk.")
    seen = home.nurse("GET", made.headers["Location"]).json

    assert (made.status_code, seen["state"], seen["theme"]) == (201, "open", "sovn")
    assert (seen["words"], seen["wish"]) == ("Vi får ikke sove.", "Fire timer i strekk.")


def test_a_need_is_reviewed_together_and_closed_by_a_parent(home):
    made = need(home).json["ids"]["need"]
    home.do(f"/needs/{made}/reviews", state="being_met", words="Bedre.")
    closed = home.post(f"/needs/{made}/close", {"closed_by": home.father, "state": "met"})
    seen = home.read(f"/needs/{made}")

    assert closed.status_code == 200
    assert (seen["state"], seen["closed_by"]) == ("met", home.father)
    assert [one["words"] for one in seen["reviews"]] == ["Bedre.", None]


def test_a_closed_need_stays_closed(home):
    made = need(home).json["ids"]["need"]
    closing = {"closed_by": home.mother, "state": "no_longer_wished"}
    home.do(f"/needs/{made}/close", **closing)

    assert refusal(home.post(f"/needs/{made}/close", closing))[:2] == (422, "need-closed")
    again = home.post(f"/needs/{made}/reviews", {"state": "open"})
    assert refusal(again)[:2] == (422, "need-closed")


def test_only_a_parent_closes_a_need(home):
    made = need(home).json["ids"]["need"]
    answer = home.post(f"/needs/{made}/reviews", {"state": "met"})
    assert refusal(answer) == (422, "need-closed-by-parents-only", "/state")


def test_a_child_states_no_need(home):
    child = home.do("/members", role="barn", name="Større Sten")["member"]
    assert refusal(need(home, stated_by=child)) == (422, "not-a-parent", "/stated_by")


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"words": "x" * (WORDS_CHARS + 1)}, "/words"),
        ({"words": ""}, "/words"),
        ({"theme": "penger"}, "/theme"),
        ({"stated_by": "moren"}, "/stated_by"),
        ({"words": None}, "/words"),
    ],
)
def test_a_misshapen_need_points_to_the_flaw(home, more, pointer):
    assert refusal(need(home, **more)) == (422, "invalid-fields", pointer)


def test_another_familys_need_and_parent_look_like_none(home, caller):
    other = Home(caller()).register()
    theirs = need(other).json["ids"]["need"]

    assert refusal(need(home, stated_by=other.mother)) == (404, "not-found", "/stated_by")
    for one in (theirs, uuid4()):
        answer = home.post(f"/needs/{one}/reviews", {"state": "open"})
        assert refusal(answer)[:2] == (404, "not-found")


def test_a_lead_reads_no_word_of_a_need(home, caller):
    need(home)
    (seen,) = caller(Role.LEAD, "11")("GET", f"{home.path}/needs").json["items"]
    assert (seen["words"], seen["wish"], seen["state"]) == (None, None, "open")
