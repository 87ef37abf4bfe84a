"""The catalogue of indicators over REST."""

import pytest

from api.uptake.schemas import ShareSchema, UptakeLineSchema
from nyefamilier.kernel.actors import Role
from tests.api.homes import refusal

READERS = [(Role.NURSE, 200), (Role.LEAD, 200), (Role.PLANNER, 200), (Role.PRIVACY_OFFICER, 403)]


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER)


def test_each_count_and_share_that_the_api_shows_is_in_the_catalogue(planner):
    listed = {one["id"]: one for one in planner("GET", "/api/v1/indicators").json["items"]}
    shown = UptakeLineSchema().fields
    figures = set(shown) - {"bydel", "held_since"}  # which line it is, and of which day

    assert figures <= set(listed)
    for name in figures:
        is_share = isinstance(getattr(shown[name], "schema", None), ShareSchema)
        assert listed[name]["kind"] == ("share" if is_share else "count")


def test_one_indicator_says_what_it_counts_and_what_may_not_be_claimed(planner):
    uptake = planner("GET", "/api/v1/indicators/uptake").json

    assert (uptake["numerator"], uptake["denominator"]) == ("accepted", "offered")
    assert (uptake["name_nb"], uptake["name_en"]) == ("oppslutning", "uptake")
    assert "effect" in uptake["not_claimed"]
    assert uptake in planner("GET", "/api/v1/indicators").json["items"]


@pytest.mark.parametrize("name", ["ranking", "UPTAKE", "%20"])
def test_an_unknown_indicator_is_not_found(planner, name):
    assert refusal(planner("GET", f"/api/v1/indicators/{name}"))[:2] == (404, "not-found")


@pytest.mark.parametrize(("role", "status"), READERS)
def test_definitions_are_for_those_who_read_figures(caller, role, status):
    for path in ("/api/v1/indicators", "/api/v1/indicators/reach"):
        assert caller(role)("GET", path).status_code == status
