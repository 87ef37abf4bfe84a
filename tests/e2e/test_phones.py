"""The pages about phones can be read by everybody, on a wide screen and a narrow one."""

from __future__ import annotations

import httpx
import pytest

from tests.phones import Phone


@pytest.fixture
def phone(served):
    """A phone of a nurse's, enrolled as phones do it."""
    phone = Phone()
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as client:
        sign_in = {"username": "stovner1", "password": served.passwords["stovner1"]}
        token = client.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.post("/sync/devices", json=phone.enrolment_body, headers=headers)
        answer.raise_for_status()
    return phone


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("who", ["stovner1", "stovner.leder"])
def test_they_are_accessible_to_nurses_and_leads_in_both_languages(arrives, phone, who, language):
    reader = arrives(who)
    reader.speaks(language)
    paths = ["/phones", f"/phones/{phone.id}"]
    for path in paths + (["/phones/copies"] if who.endswith("leder") else []):
        reader.goto(path)
        assert reader.path == path
        assert reader.accessible() == []
    assert reader.complaints == []
