"""Bydeler and protocols over REST."""

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal

ROLES = [Role.NURSE, Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER]


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_bydeler_and_protocols(caller, role):
    reader = caller(role)
    for path in ("/api/v1/bydeler", "/api/v1/protocols"):
        assert reader("GET", path).status_code == 200


def test_stovner_has_its_number_and_its_delbydeler(planner):
    stovner = planner("GET", "/api/v1/bydeler/11").json
    delbydeler = planner("GET", "/api/v1/bydeler/11/delbydeler").json["items"]

    assert (stovner["name"], stovner["administered"], stovner["served_by"]) == (
        "Stovner", True, "11",
    )  # fmt: skip
    assert "0301111101" in {one["code"] for one in delbydeler}


def test_all_bydeler_are_listed_with_who_serves_them(planner):
    listed = {one["number"]: one for one in planner("GET", "/api/v1/bydeler").json["items"]}

    assert {"01", "11", "15", "16", "17", "99"} <= set(listed)
    assert listed["99"]["served_by"] is None
    assert listed["16"]["served_by"] not in {None, "16"}


def test_a_bydel_that_was_not_yet_is_not_found(planner):
    answer = planner("GET", "/api/v1/bydeler/11?on=1901-01-01")
    assert refusal(answer)[:2] == (404, "not-found")


@pytest.mark.parametrize("path", ["/api/v1/bydeler/77", "/api/v1/bydeler/%20/delbydeler"])
def test_an_unknown_bydel_is_not_found(planner, path):
    assert refusal(planner("GET", path))[:2] == (404, "not-found")


@pytest.mark.parametrize("day", ["i dag", "2026-02-30", "2026-1-1", "", "2026-01-01T00:00:00Z"])
def test_a_day_that_is_none_is_refused(planner, day):
    answer = planner("GET", "/api/v1/bydeler", query_string={"on": day})
    assert refusal(answer) == (422, "invalid-fields", "/on")


def test_every_listed_protocol_can_be_read_and_names_its_sources(planner):
    for line in planner("GET", "/api/v1/protocols").json["items"]:
        path = f"/api/v1/protocols/{line['programme']}/{line['version']}"
        protocol = planner("GET", path).json
        assert protocol["visits"]
        assert all(one["source"] for one in protocol["visits"])


def test_a_bydel_adds_to_the_citys_protocol(planner):
    path = "/api/v1/protocols/nye_familier/2016"
    core, ours = planner("GET", path).json, planner("GET", f"{path}?bydel=11").json

    assert (core["bydel"], ours["bydel"]) == (None, "11")
    kinds = [{one["kind"] for one in protocol["visits"]} for protocol in (core, ours)]
    assert kinds[0] < kinds[1]


@pytest.mark.parametrize("path", ["nye_familier/1999", "ingen/2016", "nye_familier/%00"])
def test_an_unknown_protocol_is_not_found(planner, path):
    answer = planner("GET", f"/api/v1/protocols/{path}")
    assert answer.status_code in {400, 404}
    assert answer.content_type == "application/problem+json"


def test_an_unknown_parameter_is_refused(planner):
    assert refusal(planner("GET", "/api/v1/bydeler?day=x"))[:2] == (422, "invalid-fields")
    twice = planner("GET", "/api/v1/bydeler?on=2026-01-01&on=2026-01-02")
    assert refusal(twice)[:2] == (400, "repeated-parameter")
