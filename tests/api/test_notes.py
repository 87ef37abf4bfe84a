"""Notes over REST."""

from uuid import uuid4

import pytest

from nyefamilier.journal.intents import NOTE_CHARS
from nyefamilier.kernel.actors import Role
from tests.api.homes import Home, refusal


def note(home, **more):
    return home.post("/notes", {"member_id": home.mother, "text": "Vekt 3480 g."} | more)


def test_a_note_is_signed_by_who_sends_it(home):
    made = note(home)
    seen = home.nurse("GET", made.headers["Location"]).json

    assert made.status_code == 201
    assert (seen["text"], seen["version"]) == ("Vekt 3480 g.", 1)
    assert seen["signed_by"] == str(home.nurse.identity.id)


def test_a_correction_is_a_new_version_and_the_old_one_stays(home):
    first = note(home).json["ids"]["note"]
    second = home.do(f"/notes/{first}/corrections", text="Vekt 3840 g.")["note"]
    before, after = home.read("/notes")["items"]

    assert (before["text"], after["text"]) == ("Vekt 3480 g.", "Vekt 3840 g.")
    assert (before["corrected_by"], after["corrects"]) == ([second], first)
    assert after["version"] == 2


def test_lines_and_emoji_stay_as_they_were_written(home):
    text = "Første linje 👩‍👩‍👧\n\tAndre linje"
    made = note(home, text=text)
    assert home.nurse("GET", made.headers["Location"]).json["text"] == text


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"kind": "violence"}, "restricted-note-visible", "/visible_to_parents"),
        ({"text": " \n "}, "invalid-fields", "/text"),
        ({"text": "x" * (NOTE_CHARS + 1)}, "invalid-fields", "/text"),
        ({"text": "a\u0007b"}, "invalid-fields", "/text"),
        ({"kind": "gossip"}, "invalid-fields", "/kind"),
        ({"visible_to_parents": 1}, "invalid-fields", "/visible_to_parents"),
    ],
)
def test_a_note_that_breaks_a_rule_points_into_the_body(home, more, code, pointer):
    assert refusal(note(home, **more)) == (422, code, pointer)


def test_the_longest_note_fits(home):
    made = note(home, text="æ" * NOTE_CHARS)
    assert len(home.nurse("GET", made.headers["Location"]).json["text"]) == NOTE_CHARS


def test_a_restricted_note_is_not_visible_to_parents(home):
    made = note(home, kind="concern", visible_to_parents=False)
    seen = home.nurse("GET", made.headers["Location"]).json
    assert (seen["kind"], seen["visible_to_parents"]) == ("concern", False)


def test_a_note_on_another_familys_member_or_visit_is_refused(home, caller):
    other = Home(caller()).register()
    visit = other.visited()

    assert refusal(note(home, member_id=other.mother)) == (404, "not-found", "/member_id")
    assert refusal(note(home, visit_id=visit)) == (404, "not-found", "/visit_id")
    assert home.read("/notes")["items"] == []


def test_another_familys_note_is_not_corrected(home, caller):
    other = Home(caller()).register()
    theirs = note(other).json["ids"]["note"]
    answers = [
        home.post(f"/notes/{one}/corrections", {"text": "Ikke min."}) for one in (theirs, uuid4())
    ]
    assert {refusal(one) for one in answers} == {(404, "not-found", None)}


def test_a_lead_reads_no_word_of_a_note_and_writes_none(home, caller):
    note(home)
    lead = caller(Role.LEAD, "11")
    (seen,) = lead("GET", f"{home.path}/notes").json["items"]

    assert (seen["text"], seen["kind"]) == (None, None)
    body = {"member_id": home.mother, "text": "Nei."}
    assert refusal(lead("POST", f"{home.path}/notes", json=body))[:2] == (403, "not-allowed")
