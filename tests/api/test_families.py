"""Families over REST."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from nyefamilier.families.national_ids import IdType, synthetic
from nyefamilier.kernel.actors import Role
from tests.api.homes import ADDRESS, MEMBERS, TERM, Home, refusal, registration
from tests.builders import DAY

NUMBER = "17859058213"


def register(nurse, body=None, **options):
    return nurse("POST", "/api/v1/families", json=body or registration(), **options)


def test_a_family_is_registered_with_members_address_and_pregnancy_in_one_write(caller):
    made = register(caller())

    assert (made.status_code, made.json["rev"], made.json["status"]) == (201, 1, "applied")
    assert (made.headers["ETag"], made.json["replayed"]) == ('"1"', False)
    assert made.headers["Location"] == f"/api/v1/families/{made.json['family_id']}"
    assert set(made.json["ids"]) == {"members", "address", "pregnancy"}


def test_a_registered_family_reads_as_it_was_written(home):
    seen = home.get()

    assert (seen.status_code, seen.headers["ETag"]) == (200, '"1"')
    assert [one["name"] for one in seen.json["members"]] == ["Rask Bjørk", "Stille Fjell"]
    assert [one["id"] for one in seen.json["members"]] == home.ids["members"]
    assert seen.json["pregnancies"][0]["term"] == str(TERM)
    assert seen.json["addresses"][0]["lines"] == "Prøveveien 1"
    assert (seen.json["bydel"], seen.json["ground"]) == ("11", "primary_nurse")


def test_the_client_may_make_the_ids(caller):
    nurse, family, mother, address, pregnancy = caller(), *(str(uuid4()) for _ in range(4))
    body = registration(id=family)
    body["members"][0]["id"] = mother
    body["address"]["id"] = address
    body["pregnancy"]["id"] = pregnancy
    made = register(nurse, body).json

    assert made["family_id"] == family
    assert made["ids"]["members"][0] == mother
    assert (made["ids"]["address"], made["ids"]["pregnancy"]) == (address, pregnancy)


def test_the_same_key_and_body_is_the_same_family_with_the_same_answer(caller):
    nurse, headers = caller(), {"Idempotency-Key": str(uuid4())}
    first = register(nurse, headers=headers)
    again = register(nurse, headers=headers)

    assert (again.status_code, again.json["replayed"]) == (201, True)
    assert again.json | {"replayed": False} == first.json
    assert again.headers["Location"] == first.headers["Location"]
    assert len(nurse("GET", "/api/v1/families").json["items"]) == 1


def test_the_same_key_with_another_body_is_refused(caller):
    nurse, headers = caller(), {"Idempotency-Key": str(uuid4())}
    register(nurse, headers=headers)

    other = registration(pregnancy=None)
    assert refusal(register(nurse, other, headers=headers)) == (409, "mutation-id-reused", None)


def test_another_familys_id_is_refused_and_so_is_another_members(home):
    taken = register(home.nurse, registration(id=home.id))
    assert refusal(taken)[:2] == (409, "family-exists")

    body = registration()
    body["members"][1]["id"] = home.father
    assert refusal(register(home.nurse, body))[:2] == (409, "id-taken")
    assert len(home.nurse("GET", "/api/v1/families").json["items"]) == 1


def test_one_id_for_two_new_members_is_refused(caller):
    body, same = registration(), str(uuid4())
    for member in body["members"]:
        member["id"] = same

    assert refusal(register(caller(), body))[:2] == (409, "id-taken")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (registration(pregnancy={"term": "2029-01-01"}), "term-too-far", "/pregnancy/term"),
        (registration(pregnancy={"term": "2021-01-01"}), "term-too-old", "/pregnancy/term"),
        (
            registration(address=ADDRESS | {"delbydel": "0301999999"}),
            "unknown-delbydel",
            "/address/delbydel",
        ),
        (
            registration(address={"valid_from": str(DAY)}),
            "delbydel-missing",
            "/address/delbydel",
        ),
        (
            registration(members=[MEMBERS[0], MEMBERS[1] | {"national_id": "17859058214"}]),
            "national-id-check-digits",
            "/members/1/national_id",
        ),
        (
            registration(members=[MEMBERS[0] | {"national_id": "01010750160"}]),
            "real-national-id",
            "/members/0/national_id",
        ),
        (
            registration(members=[MEMBERS[0] | {"born_on": "1996-01-01"}]),
            "born-on-of-adult",
            "/members/0/born_on",
        ),
        (registration(primary_nurse=str(uuid4())), "unknown-nurse", "/primary_nurse"),
    ],
)
def test_a_broken_rule_points_into_the_body(caller, body, code, pointer):
    assert refusal(register(caller(), body)) == (422, code, pointer)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (registration(members=[]), "/members"),
        (registration(members=[MEMBERS[0]] * 13), "/members"),
        (registration(members=[MEMBERS[0] | {"role": "tante"}]), "/members/0/role"),
        (registration(members=[MEMBERS[0] | {"name": "x" * 201}]), "/members/0/name"),
        (registration(members=[MEMBERS[0] | {"name": "a\u202eb"}]), "/members/0/name"),
        (registration(members=[MEMBERS[0] | {"sex": "f"}]), "/members/0/sex"),
        (registration(address=None), "/address"),
        (registration(address=ADDRESS | {"valid_from": "2026-02-30"}), "/address/valid_from"),
        (registration(id="1"), "/id"),
        (registration(pregnancy={"term": str(TERM), "expected": True}), "/pregnancy/expected"),
    ],
)
def test_a_misshapen_body_points_to_the_flaw(caller, body, pointer):
    assert refusal(register(caller(), body)) == (422, "invalid-fields", pointer)


def test_a_list_gives_ones_own_families_page_by_page(caller):
    nurse = caller()
    made = {Home(nurse).register().id for _ in range(5)}
    Home(caller()).register()
    seen, path = [], "/api/v1/families?limit=2"
    while path:
        page = nurse("GET", path).json
        seen += [one["id"] for one in page["items"]]
        path = page["next"]

    assert set(seen) == made
    assert seen == sorted(seen)


@pytest.mark.parametrize("cursor", ["x", "!", "WyJ4Il0", "bnVsbA", "e30", "W10"])
def test_a_cursor_that_we_did_not_give_is_refused(caller, cursor):
    answer = caller()("GET", f"/api/v1/families?cursor={cursor}")
    assert refusal(answer)[:2] == (400, "cursor")


def test_a_lead_sees_her_own_bydels_families_without_names(home, caller):
    lead = caller(Role.LEAD, "11")
    lines = lead("GET", "/api/v1/families?limit=100").json["items"]
    seen = lead("GET", home.path).json

    assert home.id in {one["id"] for one in lines}
    assert {tuple(one["names"]) for one in lines} == {()}
    assert {one["name"] for one in seen["members"]} == {None}
    assert home.id not in {
        one["id"] for one in caller(Role.LEAD, "12")("GET", "/api/v1/families").json["items"]
    }


def test_a_lead_registers_a_family_that_waits_for_its_nurse(caller):
    lead, nurse = caller(Role.LEAD, "11"), caller()
    made = register(lead).json
    path = f"/api/v1/families/{made['family_id']}"
    assert lead("GET", path).json["team"] == []

    given = lead("POST", f"{path}/team", json={"nurse_id": str(nurse.identity.id)})
    assert given.status_code == 201
    assert nurse("GET", path).json["members"][0]["name"] == "Rask Bjørk"


def test_a_family_without_a_bydel_is_not_left_without_a_nurse(caller):
    hidden = {"valid_from": str(DAY), "protection": "strengt_fortrolig"}
    answer = register(caller(Role.LEAD, "11"), registration(address=hidden))
    assert refusal(answer) == (422, "nurse-required", "/primary_nurse")


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PRIVACY_OFFICER])
def test_others_do_not_come_near_families(home, caller, role):
    stranger = caller(role)
    assert refusal(stranger("GET", home.path))[:2] == (403, "not-allowed")
    assert refusal(register(stranger))[:2] == (403, "not-allowed")


def test_a_strange_family_and_none_are_answered_alike(home, caller):
    stranger = caller()
    answers = [stranger("GET", path) for path in (home.path, f"/api/v1/families/{uuid4()}")]

    assert {refusal(one) for one in answers} == {(404, "not-found", None)}
    assert len({one.json["detail"] for one in answers}) == 1


def test_a_family_that_one_knows_already_is_answered_with_304_and_logged(home, log_of):
    before = len(log_of(home))
    again = home.get(headers={"If-None-Match": '"1"'})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", '"1"')
    assert len(log_of(home)) == before + 1
    assert home.get(headers={"If-None-Match": '"9"'}).status_code == 200


def test_a_member_is_added_and_has_an_address(home):
    added = home.post("/members", {"role": "barn", "name": "Sten", "born_on": "2022-08-14"})
    shown = home.nurse("GET", added.headers["Location"])

    assert (added.status_code, added.json["rev"]) == (201, 2)
    assert (shown.json["name"], shown.headers["ETag"]) == ("Sten", '"2"')


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"national_id": "123"}, "national-id-length", "/national_id"),
        ({"role": "barn", "born_on": "2027-01-01"}, "date-in-future", "/born_on"),
    ],
)
def test_a_member_that_breaks_a_rule_points_into_the_body(home, body, code, pointer):
    answer = home.post("/members", {"role": "far", "name": "Stein"} | body)
    assert refusal(answer) == (422, code, pointer)


def patch(home, body, version='"1"', **options):
    headers = {"If-Match": version} if version else {}
    headers |= options.pop("headers", {})
    path = f"{home.path}/members/{home.mother}"
    return home.nurse("PATCH", path, json=body, headers=headers, **options)


def test_a_change_of_a_member_changes_what_it_says_and_nothing_else(home):
    patch(home, {"national_id": NUMBER, "interpreter": {"language": "urdu"}})
    changed = patch(home, {"phone": "40000002", "interpreter": None}, '"2"')
    seen = home.read(f"/members/{home.mother}")

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"3"')
    assert (seen["name"], seen["phone"]) == ("Rask Bjørk", "40000002")
    assert (seen["national_id"], seen["national_id_type"]) == (NUMBER, "synthetic_80")
    assert seen["interpreter"] is None


def test_a_change_of_a_member_must_say_of_which_version(home):
    assert refusal(patch(home, {"phone": "1"}, None)) == (428, "if-match-required", None)
    assert refusal(patch(home, {"phone": "1"}, "1"))[:2] == (400, "if-match")


def test_a_stale_change_of_a_member_is_refused_with_the_current_version(home):
    patch(home, {"phone": "40000002"})
    stale = patch(home, {"phone": "40000003"})

    assert refusal(stale)[:2] == (412, "stale-version")
    assert stale.json["current"] == 2


def test_a_change_elsewhere_in_the_family_does_not_make_a_member_stale(home):
    home.do("/needs", stated_by=home.mother, words="Ro")

    assert patch(home, {"phone": "40000002"}).status_code == 200


def test_a_repeated_change_of_a_member_is_the_same_although_others_came_between(home):
    key = {"Idempotency-Key": str(uuid4())}
    first = patch(home, {"phone": "40000002"}, headers=key)
    patch(home, {"name": "Raskere Bjørk"}, '"2"')
    again = patch(home, {"phone": "40000002"}, headers=key)

    assert (again.status_code, again.json["replayed"]) == (200, True)
    assert again.json["rev"] == first.json["rev"]
    assert home.read(f"/members/{home.mother}")["name"] == "Raskere Bjørk"


def test_a_new_number_is_not_read_as_the_old_ones_type(home):
    other = synthetic(DAY, Random(1), IdType.SYNTHETIC_65)  # noqa: S311 - a synthetic person
    patch(home, {"national_id": NUMBER})
    patch(home, {"national_id": other.digits}, '"2"')

    assert home.read(f"/members/{home.mother}")["national_id_type"] == "synthetic_65"


def test_a_death_before_the_birth_is_refused_and_a_death_is_recorded(home, clock):
    clock.forward(days=65)
    born = clock.today - timedelta(days=2)
    (child,) = home.gives_birth(born)
    early = home.post(f"/members/{child}/death", {"on": str(born - timedelta(days=1))})
    assert refusal(early) == (422, "death-before-birth", "/on")

    home.do(f"/members/{child}/death", on=str(clock.today))
    assert home.read(f"/members/{child}")["died_on"] == str(clock.today)


def test_a_person_is_found_by_her_number_by_her_own_nurse_only(home, caller):
    patch(home, {"national_id": NUMBER})
    body = {"national_id": "178590 58213"}

    assert home.nurse("POST", "/api/v1/people/lookup", json=body).json == {"families": [home.id]}
    assert caller()("POST", "/api/v1/people/lookup", json=body).json == {"families": []}


def test_a_lookup_is_logged_as_a_read_and_needs_no_key(home, log_of):
    patch(home, {"national_id": NUMBER})
    found = home.nurse.client.post(
        "/api/v1/people/lookup",
        json={"national_id": NUMBER},
        headers={"Authorization": f"Bearer {home.nurse.token}"},
    )

    assert found.status_code == 200
    assert log_of(home)[0]["object"] == "lookup"


def test_a_number_with_wrong_check_digits_is_refused_without_being_repeated(home):
    answer = home.nurse("POST", "/api/v1/people/lookup", json={"national_id": "17859058214"})

    assert refusal(answer) == (422, "national-id-check-digits", "/national_id")
    assert "17859058214" not in answer.text


def test_a_stale_family_is_refused_by_if_match(home):
    home.do("/needs", stated_by=home.mother, words="Ro")
    stale = home.post(
        "/needs", {"stated_by": home.mother, "words": "Søvn"}, headers={"If-Match": '"1"'}
    )

    assert refusal(stale)[:2] == (412, "stale-version")
    assert stale.json["current"] == 2
