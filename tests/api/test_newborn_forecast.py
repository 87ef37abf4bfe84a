"""The lead's forecast of newborn visits, over REST."""

from datetime import timedelta

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.homes import Home, refusal
from tests.builders import DAY, NOON, TEISEN

PATH = "/api/v1/bydeler/11/newborn-forecast"
TERM = DAY + timedelta(days=70)


@pytest.fixture
def ahead(caller):
    """What the forecast of Stovner grew by since the test began."""
    lead = caller(Role.LEAD)
    before = lead("GET", PATH).json

    def grown():
        now = lead("GET", PATH).json
        visits = [after["mean"] - old["mean"] for after, old in _pairs(now, before)]
        return now["pregnancies"] - before["pregnancies"], pytest.approx(sum(visits), abs=1e-6)

    return grown


def _pairs(now, before):
    return zip(now["weeks"], before["weeks"], strict=True)


def test_the_forecast_is_half_a_year_of_weeks_from_this_monday(caller):
    forecast = caller(Role.LEAD)("GET", PATH).json

    assert forecast["on"] == str(DAY)
    assert len(forecast["weeks"]) == 26
    assert forecast["weeks"][0]["monday"] == str(DAY - timedelta(days=DAY.weekday()))
    assert all(week["p10"] <= week["mean"] + 1 for week in forecast["weeks"])


def test_a_family_that_said_yes_is_one_visit_to_come(caller, ahead):
    Home(caller()).register().says()

    assert ahead() == (1, 1)


def test_a_family_that_has_not_answered_or_said_no_or_has_another_programme_is_none(caller, ahead):
    Home(caller()).register().offer()
    Home(caller()).register().says("nei")
    home = Home(caller()).register()
    home.says(offer=home.offer(programme="nfp"))

    assert ahead() == (0, 0)


def test_a_family_of_another_bydel_is_none(caller, ahead):
    Home(caller(bydel="12")).register(
        address={"delbydel": TEISEN, "valid_from": str(DAY), "lines": "Prøveveien 1"}
    ).says()

    assert ahead() == (0, 0)


def test_a_child_that_is_born_is_a_certain_visit_until_somebody_has_come(caller, ahead):
    home = Home(caller()).register()
    home.says()
    home.gives_birth(DAY - timedelta(days=3))
    assert ahead() == (0, 1)

    home.visited()
    assert ahead() == (0, 0)


def test_a_visit_that_is_agreed_on_is_expected_in_its_own_week(caller):
    lead, home = caller(Role.LEAD), Home(caller()).register()
    home.says()
    home.gives_birth(DAY - timedelta(days=3))
    before = lead("GET", PATH).json
    [visit] = [one["id"] for one in home.read("/visits")["items"] if one["kind"] == "nyfodt"]
    home.do(f"/visits/{visit}/book", at=(NOON + timedelta(days=14)).isoformat())

    moved = {
        new["monday"]: new["mean"] - old["mean"]
        for new, old in _pairs(lead("GET", PATH).json, before)
    }
    assert [moved[monday] for monday in sorted(moved)][:3] == pytest.approx([-1, 0, 1], abs=1e-6)


def test_a_pregnancy_that_is_lost_is_no_visit(caller, ahead):
    home = Home(caller()).register()
    home.says()
    home.do(f"/pregnancies/{home.pregnancy}/loss", on=str(DAY), outcome="tapt")

    assert ahead() == (0, 0)


@pytest.mark.parametrize("role", [Role.NURSE, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_only_a_lead_reads_it(caller, role):
    assert caller(role)("GET", PATH).status_code == 403


def test_a_lead_reads_her_own_bydel_only(caller):
    answer = caller(Role.LEAD, "12")("GET", PATH)

    assert refusal(answer)[:2] == (403, "not-allowed")
