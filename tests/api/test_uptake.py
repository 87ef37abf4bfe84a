"""Uptake over REST."""

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import Home, refusal
from tests.builders import DAY, SKOYEN, TEISEN

YEAR = f"from={DAY.year}&to={DAY.year}"


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER)


def test_uptake_grows_by_the_family_that_says_yes(caller, planner):
    nurse = caller()
    for delbydel in ("0301111101", TEISEN):
        for _ in range(10):
            address = {"delbydel": delbydel, "valid_from": str(DAY)}
            Home(nurse).register(address=address).says()
    before = planner("GET", f"/api/v1/uptake?{YEAR}&bydel=11").json["bydeler"][0]
    Home(nurse).register().says()
    after = planner("GET", f"/api/v1/uptake?{YEAR}&bydel=11").json["bydeler"][0]

    for column in ("eligible", "offered", "answered", "accepted"):
        assert after[column] == before[column] + 1
    assert after["uptake"]["low"] <= after["uptake"]["value"] <= after["uptake"]["high"] <= 1


def test_a_handful_of_families_is_hidden(caller, clock):
    # Another year, since what is hidden there hides more beside it.
    clock.forward(days=365)
    address = {"delbydel": SKOYEN, "valid_from": str(clock.today)}
    home = Home(caller()).register(address=address, pregnancy={"term": str(clock.today)})
    home.says(on=clock.today)
    year = clock.today.year
    answer = caller(Role.PLANNER)("GET", f"/api/v1/uptake?from={year}&to={year}&bydel=06")
    (line,) = answer.json["bydeler"]

    assert (line["bydel"], line["accepted"], line["uptake"]) == ("06", None, None)


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("from=2026&to=2025", "period-swapped", None),
        ("from=2400&to=2400", "period-in-future", "/from"),
        ("from=2026&to=2026&bydel=77", "unknown-bydel", "/bydel"),
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
