"""A nurse at a browser opens a family that is not hers; her lead looks at it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.clinic import VESTLI
from tests.e2e.felt import at_the_clinic

PHONE = {"viewport": {"width": 360, "height": 640}}
NUMBER = "17859058213"
WHY = "Mor ringer, barnet er gult, og fast helsesykepleier er syk."


def followed_by_another(served):
    """A family that stovner2 follows, with its mother's synthetic number."""
    today = datetime.now(UTC).date()
    told = {
        "members": [{"role": "mor", "name": "Prøve Mor", "national_id": NUMBER}],
        "address": {"delbydel": VESTLI, "valid_from": str(today)},
        "pregnancy": {"term": str(today + timedelta(days=60)), "basis": "forste_barn"},
    }
    with at_the_clinic(served, "stovner2") as clinic:
        key = {"Idempotency-Key": str(uuid4())}
        clinic.post("/families", json=told, headers=key).raise_for_status()


def fits(visitor, path):
    """Nothing is wrong with the page for an eye, a thumb or a screen reader, in both languages."""
    for language in ("en", "nb"):
        visitor.speaks(language)
        visitor.goto(path)
        assert visitor.accessible() == []
        assert visitor.width_beyond_screen() == 0


def test_a_family_is_opened_in_an_emergency_and_looked_at_afterwards(arrives, served):
    followed_by_another(served)
    nurse = arrives("stovner3", **PHONE)
    fits(nurse, "/emergency")
    nurse.fill(national_id=NUMBER, reason="Haster.", hours="2", password="not hers")
    nurse.submit()
    assert nurse.path == "/emergency"
    assert nurse.accessible() == []

    nurse.fill(reason=WHY, password=served.passwords["stovner3"])
    nurse.submit()
    expect(nurse.page.locator("h1")).to_contain_text("Prøve Mor")
    assert nurse.accessible() == []
    fits(nurse, "/emergency")
    with nurse.page.expect_navigation():
        nurse.page.get_by_role("button", name="Jeg trenger den ikke lenger").click()
    assert nurse.accessible() == []

    lead = arrives("stovner.leder", **PHONE)
    fits(lead, "/emergencies")
    lead.page.get_by_role("link", name="Se på den").first.click()
    looked_at = lead.path
    fits(lead, looked_at)
    lead.page.get_by_role("radio").first.check()
    lead.submit()
    assert lead.path == "/emergencies"
    assert lead.accessible() == []
    expect(lead.page.locator("main")).to_contain_text(WHY)
