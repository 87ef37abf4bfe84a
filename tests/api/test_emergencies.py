"""Emergency access over REST and on the pages: asked for, ended, looked at."""

from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.conftest import FOR_A_YEAR, PASSWORD
from tests.builders import Household, send

PATH = "/api/v1/emergency-accesses"
NUMBER = "17859058213"
WHY = "Mor ringer, barnet er gult, og fast helsesykepleier er syk."


@pytest.fixture
def home(programme, caller):
    """A family of another nurse's; its mother's number is nobody else's in this bydel."""
    household = Household()
    own = caller(Role.NURSE, "11").identity.actor
    registration = household.registration(national_id=NUMBER)
    send(programme, own, household.id, registration)
    return household


def ask(nurse, **more):
    told = {"national_id": NUMBER, "reason": WHY, "hours": 2, "password": PASSWORD}
    return nurse("POST", PATH, json=told | more)


def refusal(answer):
    return answer.status_code, answer.json["code"]


def grant_of(answer, home):
    return next(one for one in answer.json["items"] if one["family_id"] == str(home.id))


def test_asked_for_read_ended_and_looked_at(caller, home):
    nurse, lead = caller(Role.NURSE, "11", FOR_A_YEAR), caller(Role.LEAD, "11", FOR_A_YEAR)
    assert nurse("GET", f"/api/v1/families/{home.id}").status_code == 404
    opened = ask(nurse)
    assert opened.status_code == 201, opened.json
    grant = grant_of(opened, home)
    assert NUMBER not in opened.text
    assert nurse("GET", f"/api/v1/families/{home.id}").json["members"][0]["name"]

    ended = nurse("POST", f"{PATH}/{grant['id']}/end")
    assert (ended.status_code, ended.json["state"]) == (200, "to_review")
    assert nurse("GET", f"/api/v1/families/{home.id}").status_code == 404
    assert grant_of(lead("GET", PATH), home)["reason"] == WHY
    review = {"verdict": "unjustified"}
    assert refusal(lead("POST", f"{PATH}/{grant['id']}/review", json=review)) == (
        422,
        "remark-missing",
    )
    found = lead("POST", f"{PATH}/{grant['id']}/review", json=review | {"remark": "Hun var der."})
    assert (found.status_code, found.json["verdict"]) == (200, "unjustified")
    assert grant_of(nurse("GET", PATH), home)["remark"] == "Hun var der."


def test_a_wrong_password_is_remembered_though_it_is_refused(caller, home):
    nurse = caller(Role.NURSE, "11", FOR_A_YEAR)
    answers = [refusal(ask(nurse, password="feil")) for _ in range(7)]
    assert answers[0] == (422, "password-wrong")
    assert answers[-1] == (429, "sign-in-too-often")
    assert refusal(ask(nurse)) == (429, "sign-in-too-often")


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"reason": "Haster"}, "reason-too-short", "/reason"),
        ({"national_id": "17859058214"}, "national-id-check-digits", "/national_id"),
        ({"hours": 5}, "invalid-fields", None),
    ],
)
def test_what_cannot_be_asked_for_is_pointed_at(caller, home, more, code, pointer):
    answer = ask(caller(Role.NURSE, "11"), **more)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json.get("pointer") == pointer
    assert "178590" not in answer.text


def test_nobody_else_may_ask_or_look(caller, home):
    grant = f"{PATH}/{uuid4()}"
    for role in (Role.LEAD, Role.PRIVACY_OFFICER):
        who = caller(role)
        assert ask(who).status_code == 403
        assert refusal(who("POST", f"{grant}/end")) == (404, "not-found")
    assert caller(Role.PLANNER)("GET", PATH).status_code == 403
    nurse = caller(Role.NURSE)
    assert nurse("POST", f"{grant}/review", json={"verdict": "justified"}).status_code == 403
