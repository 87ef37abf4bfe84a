"""A nurse decides at her browser what two of her phones sent without knowing of each other."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from nyefamilier.kernel.clock import system_clock
from nyefamilier.wire.digests import content_digest
from tests.e2e import families
from tests.phones import Phone

REST = "/api/v1"


class Nurse:
    """A nurse's phones, as they reach the running programme."""

    def __init__(self, served: Any, line: httpx.Client, username: str) -> None:
        self.line = line
        sign_in = {"username": username, "password": served.passwords[username]}
        token = self._good(self.line.post("/tokens", json=sign_in))["token"]
        self.line.headers["Authorization"] = f"Bearer {token}"

    def sends(self, family: str, *operations: dict[str, Any]) -> dict[str, Any]:
        """From a phone of its own, which knew the family at its registration."""
        phone = Phone()
        self._good(self.line.post("/sync/devices", json=phone.enrolment_body))
        mutation = {
            "id": str(uuid4()),
            "seq": 1,
            "v": 1,
            "type": "test",
            "family": family.rpartition("/")[2],
            "base_rev": 1,
            "occurred_at": system_clock().isoformat(),
            "ops": list(operations),
        }
        told = {"device_id": str(phone.id), "acked_seq": 0, "schema": 1, "mutations": [mutation]}
        body = httpx.Request("POST", "http://x", json=told).content
        headers = {"Content-Type": "application/json", "Content-Digest": content_digest(body)}
        answer = self._good(self.line.post("/sync/push", content=body, headers=headers))
        return dict(answer["results"][0])

    def mother(self, family: str) -> str:
        """The id of the mother."""
        return str(self._good(self.line.get(family))["members"][0]["id"])

    def number(self, family: str, told: str) -> dict[str, Any]:
        """The mother's telephone number, from a phone of its own."""
        member = self.mother(family)
        return self.sends(family, {"op": "member.update", "member_id": member, "phone": told})

    @staticmethod
    def _good(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def phones(served):
    """The phones of a nurse in Stovner."""
    with httpx.Client(base_url=served.address + REST, timeout=60) as line:
        yield Nurse(served, line, "stovner1")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_she_sees_both_numbers_and_chooses_the_one_that_was_sent(arrives, phones, scripts, width):
    screen = {"width": width, "height": 780}
    nurse = arrives("stovner1", java_script_enabled=scripts, viewport=screen)
    family = families.register(nurse)
    assert phones.number(family, "41111111")["status"] == "applied"
    item = phones.number(family, "42222222")["review"]

    nurse.goto("/inbox")
    _is_fit_to_read(nurse, scripts)
    nurse.page.locator(f"a[href='/inbox/{item}']").click()
    expect(nurse.page.get_by_text("41111111")).to_be_visible()
    expect(nurse.page.get_by_text("42222222")).to_be_visible()
    _is_fit_to_read(nurse, scripts)
    nurse.submit()
    expect(nurse.page.get_by_role("alert")).to_be_visible()
    _is_fit_to_read(nurse, scripts)
    nurse.page.get_by_label("Bruk det som ble sendt").check()
    nurse.submit()

    assert nurse.path == "/inbox"
    expect(nurse.page.locator(f"a[href='/inbox/{item}']")).to_have_count(0)
    nurse.goto(family)
    expect(nurse.page.get_by_text("42222222")).to_be_visible()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_was_held_and_a_leads_counts_are_accessible_in_both_languages(
    arrives, phones, language
):
    nurse = arrives("stovner1", viewport={"width": 360, "height": 780})
    nurse.speaks(language)
    family = families.register(nurse)
    later = {"op": "visit.record", "visit_id": str(uuid4()), "outcome": "done", "minutes": 60}
    held = phones.sends(family, later | {"at": f"{families.today().year + 1}-01-07T10:00:00+01:00"})
    nurse.goto(f"/inbox/{held['review']}")
    _is_fit_to_read(nurse)

    lead = arrives("stovner.leder", viewport={"width": 360, "height": 780})
    lead.speaks(language)
    lead.goto("/")
    _is_fit_to_read(lead)


def _is_fit_to_read(reader: Any, scripts: bool = True) -> None:
    if scripts:
        assert reader.accessible() == []
    assert reader.width_beyond_screen() <= 0
