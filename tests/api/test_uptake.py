"""Uptake over REST."""

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import Home, refusal
from tests.builders import DAY, SKOYEN, TEISEN
from tests.releasing import release_now

YEAR = f"from={DAY.year}&to={DAY.year}"


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER)


def test_uptake_shows_what_was_released_and_no_family_that_said_yes_since(
    caller, planner, programme
):
    nurse = caller()
    for delbydel in ("0301111101", TEISEN):
        for _ in range(10):
            address = {"delbydel": delbydel, "valid_from": str(DAY)}
            Home(nurse).register(address=address).says()
    release_now(programme)
    before = planner("GET", f"/api/v1/uptake?{YEAR}&bydel=11").json
    Home(nurse).register().says()
    live = planner("GET", f"/api/v1/uptake?{YEAR}&bydel=11").json
    release_now(programme)
    after = planner("GET", f"/api/v1/uptake?{YEAR}&bydel=11").json

    assert live == before
    (line,), (held,) = before["bydeler"], after["bydeler"]
    assert (line["accepted"], line["held_since"]) == (10, None)
    assert (held["accepted"], held["held_since"]) == (10, str(DAY))
    assert line["uptake"]["low"] <= line["uptake"]["value"] <= line["uptake"]["high"] <= 1
    assert before["released"] >= str(DAY)
    assert before["behind"][-1] == {"bydel": None, "phones": 0, "phones_behind": 0, "days": 0}


def test_of_a_year_that_no_release_holds_nothing_is_told(caller, clock):
    clock.forward(days=5 * 365)
    year = clock.today.year
    answer = caller(Role.PLANNER)("GET", f"/api/v1/uptake?from={year}&to={year}")
    assert {line["eligible"] for line in answer.json["bydeler"]} == {None}


def test_a_handful_of_families_is_hidden(caller, clock, programme):
    # Another year, since what is hidden there hides more beside it.
    clock.forward(days=365)
    address = {"delbydel": SKOYEN, "valid_from": str(clock.today)}
    home = Home(caller()).register(address=address, pregnancy={"term": str(clock.today)})
    home.says(on=clock.today)
    release_now(programme)
    year = clock.today.year
    answer = caller(Role.PLANNER)("GET", f"/api/v1/uptake?from={year}&to={year}&bydel=06")
    (line,) = answer.json["bydeler"]

    assert (line["bydel"], line["accepted"], line["uptake"]) == ("06", None, None)


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("from=2026&to=2025", "period-swapped", "/from"),
        ("from=2400&to=2400", "period-in-future", "/from"),
        ("from=2026&to=2400", "period-in-future", "/to"),
        ("from=2012&to=2026", "period-not-published", "/from"),
        ("from=2026&to=2026&bydel=77", "unknown-bydel", "/bydel"),
        ("from=2026&to=2026&bydel=", "invalid-fields", "/bydel"),
        ("from=&to=2026", "invalid-fields", "/from"),
        ("from=2026&to=2026&map=", "invalid-fields", "/map"),
        ("from=2026&to=2026&nurse=1", "invalid-fields", "/nurse"),
        ("from=2026-01&to=2026", "invalid-fields", "/from"),
        ("to=2026", "invalid-fields", "/from"),
    ],
)
def test_a_period_that_is_not_published_is_refused(planner, query, code, pointer):
    assert refusal(planner("GET", f"/api/v1/uptake?{query}")) == (422, code, pointer)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.NURSE, 200), (Role.LEAD, 200), (Role.PRIVACY_OFFICER, 403)]
)
def test_figures_are_for_those_who_work_with_them(caller, role, status):
    assert caller(role)("GET", f"/api/v1/uptake?{YEAR}").status_code == status


def test_todays_map_is_asked_for_and_a_map_that_is_none_is_refused(planner, programme):
    release_now(programme)
    now = planner("GET", f"/api/v1/uptake?{YEAR}&map=now").json
    assert now["bydeler"] == planner("GET", f"/api/v1/uptake?{YEAR}").json["bydeler"]
    refused = refusal(planner("GET", f"/api/v1/uptake?{YEAR}&map=tomorrow"))
    assert refused == (422, "invalid-fields", "/map")
