"""Ids of new records: the client's, or such as follow from its key; none is used twice."""

from uuid import UUID, uuid4

import pytest

from api.writes import derived_id
from tests.api.homes import ADDRESS, Home, refusal
from tests.builders import DAY, NOON

KEY = UUID("01970f3a-5c00-7abc-8def-0123456789ab")


@pytest.fixture
def full(home):
    """The family with a record of each kind, and their ids by name."""
    named = home.ids | {"member": home.mother, "visit": home.visited(), "new": str(uuid4())}
    named |= home.do(f"/offers/{home.offer()}/answers", answer="senere", answered_on=str(DAY))
    named |= home.do("/notes", member_id=home.mother, text="Vekt 3480 g.")
    named |= home.do("/needs", stated_by=home.mother, words="Ro")
    named |= home.do(f"/needs/{named['need']}/reviews", state="open")
    return home, named


def test_what_follows_from_a_key_is_a_uuid_of_version_8_that_sorts_by_its_number():
    made = [derived_id(KEY, number) for number in range(1, 20)]

    assert {one.version for one in made} == {8}
    assert made == sorted(made)
    assert made[0].int >> 80 == KEY.int >> 80
    assert made == [derived_id(KEY, number) for number in range(1, 20)]


def test_what_follows_from_two_keys_differs():
    other = UUID(int=KEY.int + 1)
    assert {derived_id(KEY, n) for n in range(50)}.isdisjoint(
        derived_id(other, n) for n in range(50)
    )


def test_a_repeated_write_makes_the_same_records(home):
    key, body = {"Idempotency-Key": str(uuid4())}, {"stated_by": home.mother, "words": "Ro"}
    first, again = (home.post("/needs", body, headers=key) for _ in range(2))

    assert first.json["ids"] == again.json["ids"]
    assert len(home.read("/needs")["items"]) == 1


RECORD = {"outcome": "done", "at": NOON.isoformat(), "minutes": 30}
TAKEN = {
    "/members": {"id": "{member}", "role": "far", "name": "Stein"},
    "/notes": {"id": "{note}", "member_id": "{member}", "text": "A"},
    "/notes/{note}/corrections": {"id": "{note}", "text": "A"},
    "/needs": {"id": "{need}", "stated_by": "{member}", "words": "A"},
    "/needs/{need}/reviews": {"id": "{review}", "state": "open"},
    "/needs/{need}/close": {"id": "{review}", "closed_by": "{member}", "state": "met"},
    "/offers/{offer}/answers": {"id": "{answer}", "answer": "nei", "answered_on": str(DAY)},
    "/addresses": ADDRESS | {"id": "{address}"},
    "/moves": {"address": ADDRESS | {"id": "{address}"}},
    "/visits/{new}/record": RECORD | {"next_visit": {"id": "{visit}", "on": str(DAY)}},
    "/visits/{new}/record ": RECORD | {"next_visit": {"id": "{new}", "on": str(DAY)}},
}
"""Writes whose new record is given the id of one that there is, by their path."""


@pytest.mark.parametrize("path", TAKEN)
def test_an_id_that_is_taken_is_refused_and_nothing_is_written(full, path):
    home, named = full
    before = home.read()["rev"]
    answer = home.post(path.strip().format(**named), filled(TAKEN[path], named))

    assert refusal(answer)[:2] == (409, "id-taken")
    assert home.read()["rev"] == before


def test_another_familys_id_is_refused_in_the_same_words_as_ones_own(full, caller):
    home, named = full
    other = Home(caller()).register()
    body = {"role": "far", "name": "Stein"}
    answers = [home.post("/members", body | {"id": one}) for one in (other.mother, home.mother)]

    assert {refusal(one) for one in answers} == {(409, "id-taken", None)}
    assert named["member"] == home.mother


def filled(value, named):
    if isinstance(value, dict):
        return {name: filled(one, named) for name, one in value.items()}
    return value.format(**named) if isinstance(value, str) else value
