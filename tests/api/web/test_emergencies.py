"""A nurse opens a family in an emergency on a page; her lead and the privacy officer look at it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.callers import PASSWORD
from tests.builders import Household, address, send

NUMBER = "17859058213"
WHY = "Mor ringer, barnet er gult, og fast helsesykepleier er syk."
BYDEL, HERE = "12", "0301121207"
"""A bydel in which no other test has an emergency."""


@pytest.fixture
def home(programme, reader):
    household = Household()
    own = reader(Role.NURSE, BYDEL).identity.actor
    place = address(HERE)
    send(programme, own, household.id, household.registration(place, national_id=NUMBER))
    return household


@pytest.fixture
def nurse(reader):
    return reader(Role.NURSE, BYDEL)


def opens(nurse, **more):
    told = {"national_id": "178590 58213", "reason": WHY, "hours": "2", "password": PASSWORD}
    return nurse.send(nurse.read("/emergency"), **(told | more))


def test_from_the_search_to_the_family_and_what_was_found(home, nurse, reader, clock):
    assert "/emergency" in nurse.read("/families/find").html
    page = opens(nurse)
    assert urlsplit(page.path).path == f"/families/{home.id}"
    assert "Rask Bjørk" in page.words
    mine = nurse.read("/emergency")
    assert "Open now" in mine.words or "Åpen nå" in mine.words

    clock.forward(hours=3)
    lead, officer = reader(Role.LEAD, BYDEL), reader(Role.PRIVACY_OFFICER)
    for boss in (lead, officer):
        assert WHY in boss.read("/emergencies").words
    href = next(
        part.split('"')[0]
        for part in lead.read("/emergencies").html.split('href="')
        if part.startswith("/emergencies/")
    )
    refused = lead.send(lead.read(href), verdict="unjustified")
    assert refused.answer.status_code == 422
    found = lead.send(lead.read(href), verdict="unjustified", remark="Hun var på jobb.")
    assert found.answer.status_code == 200
    nurse.sign_in()  # her session ended meanwhile
    assert "Hun var på jobb." in nurse.read("/emergency").words


@pytest.mark.parametrize(
    "more",
    [{"password": "feil"}, {"reason": "Haster"}, {"national_id": "01859060680"}, {"hours": "9"}],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost_but_the_password(
    home, nurse, more
):
    page = opens(nurse, **more)
    assert page.answer.status_code == 422
    assert page.form.fields["reason"] == more.get("reason", WHY)
    assert page.form.fields.get("password", "") == ""
    assert nurse.read(f"/families/{home.id}").answer.status_code == 404
