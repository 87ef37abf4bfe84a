"""A whole day without a network: eight visits, two killed browsers, nothing lost or doubled."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.e2e.felt import SMALL, Phone
from tests.e2e.served import Served
from tests.e2e.visitors import Visitor
from tests.fieldapp.test_store import kill

NURSE = "stovner2"
VISITS = 8


class Pocket:
    """A phone whose browser has a profile of its own: it can be killed, and started again."""

    flags: tuple[str, ...] = ()

    def __init__(self, playwright: Playwright, profile: Path, served: Served) -> None:
        self._playwright, self._profile, self._served = playwright, profile, served
        self.complaints: list[str] = []
        self.phone = self.start()

    def start(self, *, offline: bool = False, code: str = "") -> Phone:
        """Its browser is started, and the app opened."""
        context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=ensure_chromium(),
            args=[*FLAGS, *self.flags],
            locale="nb-NO",
            timezone_id="Europe/Oslo",
            **SMALL,
        )
        self.prepare(context)
        context.set_offline(offline)
        self.phone = Phone(Visitor.arrive(self._served, context), code)
        self.complaints = self.phone.visitor.complaints
        self.phone.visitor.goto("/felt/")
        return self.phone

    def prepare(self, context: BrowserContext) -> None:
        """What is done to its browser before the app is opened: nothing, unless a test wants it."""

    def dies(self) -> Phone:
        """It is killed as a flat battery would, and started again where there is no network."""
        code = self.phone.code
        kill(self._profile)
        with contextlib.suppress(Exception):
            self.phone.visitor.context.close()
        for lock in self._profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        return self.start(offline=True, code=code)


def families_of(phone: Phone) -> list[str]:
    """The families that the search finds, by their ids."""
    phone.visit("#/search")
    found = phone.page.locator("main a.ff-cover")
    expect(found.first).to_be_visible()
    hrefs = [one.get_attribute("href") or "" for one in found.all()]
    return [href.removeprefix("#/family/") for href in hrefs]


def opens(phone: Phone) -> None:
    """She types the code, and is where she was."""
    phone.unlock()
    expect(phone.page.locator("#code")).to_have_count(0)


def says(phone: Phone, words: str) -> None:
    """What the line about sending says."""
    expect(phone.state).to_contain_text(words, timeout=30_000)


def write_visit(phone: Phone, family: str, number: int) -> None:
    """A visit with its note, a need and a theme."""
    phone.visit(f"#/family/{family}/visit/new")
    phone.page.fill("#note", f"Notat {number} fra dagen uten nett.")
    phone.page.fill("#need", f"Behov {number}, med deres egne ord.")
    phone.page.locator("label.ff-chip", has_text="Søvn").click()
    phone.press("Lagre besøket")
    expect(phone.page).to_have_url(re.compile("#/today$"))


@pytest.fixture
def pocket(playwright, served, tmp_path):
    made = Pocket(playwright, tmp_path / "profile", served)
    yield made
    made.phone.visitor.context.close()
    assert made.complaints == []


def test_a_whole_day_without_a_network_is_with_the_server_once(pocket, served):
    phone = pocket.phone
    phone.begin(NURSE)
    says(phone, "Alt er sendt")
    families = families_of(phone)[:VISITS]
    assert len(families) == VISITS
    before = counted(served, families)

    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.context.set_offline(True)
    phone.page.reload()
    opens(phone)
    for number, family in enumerate(families[:3], 1):
        write_visit(phone, family, number)
    says(phone, "3 venter på sending")

    phone = pocket.dies()
    opens(phone)
    says(phone, "3 venter på sending")
    for number, family in enumerate(families[3:6], 4):
        write_visit(phone, family, number)
    phone.visit(f"#/family/{families[6]}/visit/new")
    phone.page.fill("#note", "Notat 7 fra dagen uten nett.")
    phone.page.wait_for_timeout(700)  # the pause after which a draft is written

    phone = pocket.dies()
    opens(phone)
    says(phone, "6 venter på sending")
    phone.visit(f"#/family/{families[6]}/visit/new")
    expect(phone.page.locator("#note")).to_have_value("Notat 7 fra dagen uten nett.")
    for number, family in enumerate(families[6:], 7):
        write_visit(phone, family, number)
    says(phone, "8 venter på sending")

    phone.page.context.set_offline(False)
    says(phone, "Alt er sendt")
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
