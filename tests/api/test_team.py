"""Addresses, team and moves over REST."""

from datetime import timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import ADDRESS, refusal
from tests.builders import DAY, TEISEN


def test_a_new_address_ends_the_one_before(home, clock):
    clock.forward(days=10)
    home.do("/addresses", **ADDRESS | {"valid_from": str(clock.today), "lines": "Prøveveien 2"})
    first, second = home.read()["addresses"]

    assert first["valid_to"] == second["valid_from"] == str(clock.today)
    assert second["lines"] == "Prøveveien 2"


def test_a_protected_address_hides_the_family_from_its_lead(home, caller):
    home.do("/addresses", valid_from=str(DAY), protection="strengt_fortrolig")
    lead = caller(Role.LEAD, "11")

    assert home.read()["bydel"] is None
    assert refusal(lead("GET", home.path))[:2] == (404, "not-found")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"valid_from": str(DAY - timedelta(days=1))}, "address-before-present", "/valid_from"),
        ({"delbydel": "9999999999"}, "unknown-delbydel", "/delbydel"),
        ({"protection": "fortrolig"}, "delbydel-of-protected", "/delbydel"),
        ({"postal_code": "98"}, "invalid-fields", "/postal_code"),
    ],
)
def test_an_address_that_breaks_a_rule_points_into_the_body(home, change, code, pointer):
    assert refusal(home.post("/addresses", ADDRESS | change)) == (422, code, pointer)


def test_a_new_primary_nurse_has_the_family_and_the_old_one_no_longer(home, caller):
    other = caller()
    given = home.post("/team", {"nurse_id": str(other.identity.id)})

    assert given.status_code == 201
    assert refusal(home.get())[:2] == (404, "not-found")
    team = {one["id"]: one for one in other("GET", home.path).json["team"]}
    assert team[given.json["ids"]["team"]]["nurse_id"] == str(other.identity.id)


def test_giving_a_family_away_is_answered_again_when_it_is_repeated(home, caller):
    key = {"Idempotency-Key": str(uuid4())}
    body = {"nurse_id": str(caller().identity.id)}
    first = home.post("/team", body, headers=key)
    again = home.post("/team", body, headers=key)

    assert (again.status_code, again.json["replayed"]) == (201, True)
    assert again.json["rev"] == first.json["rev"]


def test_a_lead_gives_a_family_a_nurse_and_does_nothing_else_to_it(home, caller):
    lead, other = caller(Role.LEAD, "11"), caller()
    given = lead("POST", f"{home.path}/team", json={"nurse_id": str(other.identity.id)})
    written = lead("POST", f"{home.path}/addresses", json=ADDRESS)

    assert given.status_code == 201
    assert refusal(written)[:2] == (403, "not-allowed")


def test_a_covering_nurse_reads_and_writes_until_the_day_is_over(home, caller, clock):
    other = caller()
    body = {"nurse_id": str(other.identity.id), "until": str(DAY)}
    assert home.post("/cover", body).status_code == 201

    need = {"stated_by": home.mother, "words": "Ro"}
    assert other("POST", f"{home.path}/needs", json=need).status_code == 201
    assert (
        refusal(other("POST", f"{home.path}/team", json={"nurse_id": body["nurse_id"]}))[0] == 403
    )


@pytest.mark.parametrize("days", [-1, 63])
def test_a_cover_of_an_impossible_length_is_refused(home, caller, days):
    until = str(DAY + timedelta(days=days))
    answer = home.post("/cover", {"nurse_id": str(caller().identity.id), "until": until})
    assert refusal(answer) == (422, "cover-period", "/until")


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER])
def test_only_a_nurse_covers(home, caller, role):
    other = caller(role)
    answer = home.post("/cover", {"nurse_id": str(other.identity.id), "until": str(DAY)})
    assert refusal(answer) == (422, "unknown-nurse", "/nurse_id")


def test_a_move_takes_the_family_to_its_new_nurse_with_the_handover(home, caller):
    there = caller(bydel="12")
    body = {
        "address": ADDRESS | {"delbydel": TEISEN},
        "to_nurse": str(there.identity.id),
        "summary": "Amming går godt.",
    }
    moved = home.post("/moves", body)

    assert moved.status_code == 201
    seen = there("GET", home.path).json
    assert (seen["bydel"], seen["moves"][0]["summary"]) == ("12", "Amming går godt.")
    assert refusal(home.get())[:2] == (404, "not-found")


def test_a_move_without_a_nurse_leaves_the_family_to_its_new_lead(home, caller):
    home.do("/moves", address=ADDRESS | {"delbydel": TEISEN})
    lead, there = caller(Role.LEAD, "12"), caller(bydel="12")

    assert refusal(home.get())[:2] == (404, "not-found")
    given = lead("POST", f"{home.path}/team", json={"nurse_id": str(there.identity.id)})
    assert given.status_code == 201
    assert there("GET", home.path).status_code == 200


def test_a_move_to_nowhere_is_refused_and_nothing_of_it_stays(home):
    answer = home.post("/moves", {"address": ADDRESS | {"delbydel": "0000000000"}})

    assert refusal(answer) == (422, "unknown-delbydel", "/address/delbydel")
    assert home.read()["moves"] == []
