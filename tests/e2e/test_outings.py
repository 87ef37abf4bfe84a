"""A lead at a browser: a nurse is late, where she is, she has been reached."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

TWO_HOURS = 7200


@pytest.fixture
def goes_out(served) -> Callable[[], None]:
    """A phone tells that its nurse went out two hours ago for one; then that she is back."""
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as client:
        sign_in = {"username": "stovner2", "password": served.passwords["stovner2"]}
        token = client.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        path = f"/safety/outings/{uuid4()}"

        def tells(step, ended=None):
            told = {"step": step, "began_seconds_ago": TWO_HOURS, "minutes": 60}
            client.put(path, json=told | {"ended_seconds_ago": ended}).raise_for_status()

        tells(1)
        yield lambda: tells(2, 0)
        tells(2, 0)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_lead_looks_after_a_nurse_who_is_late(arrives, goes_out, language):
    lead = arrives("stovner.leder", viewport={"width": 360, "height": 640})
    lead.speaks(language)
    lead.goto("/outings")
    alarm = lead.page.get_by_role("alert")
    assert alarm.count() == 1
    assert lead.accessible() == []
    assert lead.width_beyond_screen() == 0

    alarm.get_by_role("link").click()
    assert lead.path.endswith("/where")
    assert lead.accessible() == []

    lead.goto("/outings")
    with lead.page.expect_navigation():
        lead.page.get_by_role("alert").get_by_role("button").click()
    assert lead.path == "/outings"
    assert lead.page.get_by_role("alert").count() == 0
    goes_out()
    lead.goto("/outings")
    assert lead.accessible() == []
