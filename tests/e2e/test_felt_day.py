"""A whole day without a network: eight visits, two killed browsers, nothing lost or doubled."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.fieldapp.test_store import kill

NURSE = "stovner2"
VISITS = 8
STATE = ".ff-state"


class Phone:
    """A browser with a profile of its own, which can be killed and started again."""

    def __init__(self, playwright: Playwright, profile: Path, address: str) -> None:
        self._playwright, self._profile = playwright, profile
        self._address = address.replace("127.0.0.1", "localhost")
        self.complaints: list[str] = []
        self.code = ""
        self.page = self.start()

    def start(self, *, offline: bool = False) -> Page:
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=ensure_chromium(),
            args=FLAGS,
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            viewport={"width": 360, "height": 640},
        )
        self._context.set_offline(offline)
        self.page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{self._address}/felt/")
        return self.page

    def set_offline(self, offline: bool) -> None:
        self._context.set_offline(offline)

    def kill(self) -> None:
        """End it as a flat battery would."""
        kill(self._profile)
        with contextlib.suppress(Exception):
            self._context.close()
        for lock in self._profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        self._context.close()

    def sign_in(self, username: str, password: str) -> None:
        page = self.page
        page.fill("#username", username)
        page.fill("#password", password)
        page.locator("form button[type=submit]").click()
        page.get_by_role("button", name=re.compile("kode på tolv", re.IGNORECASE)).click()
        groups = page.locator(".ff-code-shown span[aria-hidden]")
        expect(groups.first).to_be_visible()
        self.code = "".join(groups.all_inner_texts())
        page.locator("main button.ds-button").first.click()
        page.fill("#code", self.code)
        page.locator("form button[type=submit]").click()
        page.get_by_role("button", name="Gå videre").click()
        page.get_by_role("button", name="Til dagens besøk").click(timeout=60_000)

    def unlock(self) -> None:
        self.page.fill("#code", self.code)
        self.page.get_by_role("button", name="Åpne appen").click()
        expect(self.page.locator("#code")).to_have_count(0)

    def go(self, hash_: str) -> None:
        self.page.evaluate("hash => { location.hash = hash; }", hash_)

    def families(self) -> list[str]:
        self.go("#/search")
        found = self.page.locator("main a.ff-cover")
        expect(found.first).to_be_visible()
        hrefs = [one.get_attribute("href") or "" for one in found.all()]
        return [href.removeprefix("#/family/") for href in hrefs]

    def says(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(STATE)).to_contain_text(words, timeout=30_000)

    def write_visit(self, family: str, number: int) -> None:
        page = self.page
        self.go(f"#/family/{family}/visit/new")
        page.fill("#note", f"Notat {number} fra dagen uten nett.")
        page.fill("#need", f"Behov {number}, med deres egne ord.")
        page.locator("label.ff-chip", has_text="Søvn").click()
        page.get_by_role("button", name="Lagre besøket").click()
        expect(page).to_have_url(re.compile("#/today$"))


@pytest.fixture
def phone(playwright, served, tmp_path):
    made = Phone(playwright, tmp_path / "profile", served.address)
    yield made
    made.close()
    assert made.complaints == []


def test_a_whole_day_without_a_network_is_with_the_server_once(phone, served):
    phone.sign_in(NURSE, served.passwords[NURSE])
    phone.says("Alt er sendt")
    families = phone.families()[:VISITS]
    assert len(families) == VISITS
    before = counted(served, families)

    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.set_offline(True)
    phone.page.reload()
    phone.unlock()
    for number, family in enumerate(families[:3], 1):
        phone.write_visit(family, number)
    phone.says("3 venter på sending")

    phone.kill()
    phone.start(offline=True)
    phone.unlock()
    phone.says("3 venter på sending")
    for number, family in enumerate(families[3:6], 4):
        phone.write_visit(family, number)
    phone.go(f"#/family/{families[6]}/visit/new")
    phone.page.fill("#note", "Notat 7 fra dagen uten nett.")
    phone.page.wait_for_timeout(700)  # the pause after which a draft is written
    phone.kill()

    phone.start(offline=True)
    phone.unlock()
    phone.says("6 venter på sending")
    phone.go(f"#/family/{families[6]}/visit/new")
    expect(phone.page.locator("#note")).to_have_value("Notat 7 fra dagen uten nett.")
    for number, family in enumerate(families[6:], 7):
        phone.write_visit(family, number)
    phone.says("8 venter på sending")

    phone.set_offline(False)
    phone.says("Alt er sendt")
    after = counted(served, families)
    for number, family in enumerate(families, 1):
        assert after[family]["notes"] - before[family]["notes"] == {
            f"Notat {number} fra dagen uten nett."
        }
        assert after[family]["needs"] - before[family]["needs"] == {
            f"Behov {number}, med deres egne ord."
        }
        assert after[family]["visits"] == before[family]["visits"] + 1


def counted(served, families):
    """What the server has of each family, by REST."""
    sign_in = {"username": NURSE, "password": served.passwords[NURSE]}
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as client:
        token = client.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"

        def all_of(path):
            found = client.get(path, params={"page_size": 100}).raise_for_status().json()
            return found if isinstance(found, list) else found.get("items", found)

        return {
            family: {
                "notes": {one["text"] for one in all_of(f"/families/{family}/notes")},
                "needs": {one["words"] for one in all_of(f"/families/{family}/needs")},
                "visits": len(
                    [one for one in all_of(f"/families/{family}/visits") if one["state"] == "done"]
                ),
            }
            for family in families
        }
