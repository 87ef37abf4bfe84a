"""A whole day without a network: eight visits, two killed browsers, nothing lost or doubled."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.e2e.clinic import clinic
from tests.e2e.felt import SMALL, Phone
from tests.e2e.served import Served
from tests.e2e.visitors import Visitor
from tests.fieldapp.test_store import kill

NURSE = "stovner2"
FAMILIES = 60
VISITS = 8
OUTBOX = """() => new Promise((told, failed) => {
  const asked = indexedDB.open("nyefamilier-felt");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const count = asked.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => { asked.result.close(); told(count.result); };
  };
})"""
"""How many lie in the outbox, asked of the browser's own store."""


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
    phone.search()
    found = phone.page.locator("main a.ff-cover")
    expect(found.first).to_be_visible()
    hrefs = [one.get_attribute("href") or "" for one in found.all()]
    return [href.removeprefix("#/family/") for href in hrefs]


def opens(phone: Phone) -> None:
    """She types the code, and is where she was."""
    phone.unlock()
    expect(phone.page.locator("#code")).to_have_count(0)


def is_true(phone: Phone, unsent: int) -> None:
    """The line about sending says how many wait, and so many lie in the phone's outbox."""
    words = f"{unsent} venter på sending" if unsent else "Alt er sendt"
    expect(phone.state).to_contain_text(words, timeout=60_000)
    assert phone.page.evaluate(OUTBOX) == unsent


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
    with clinic(served, NURSE) as desk:
        for number in range(len(desk.families()), FAMILIES):
            desk.register(number)
        followed = desk.families()
        before = desk.records(followed)
    assert len(followed) == FAMILIES

    phone = pocket.phone
    phone.begin(NURSE)
    is_true(phone, 0)
    assert sorted(families_of(phone)) == sorted(followed)
    chosen = followed[::7][:VISITS]

    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.context.set_offline(True)
    phone.page.reload()
    opens(phone)
    is_true(phone, 0)
    for number, family in enumerate(chosen[:3], 1):
        write_visit(phone, family, number)
        is_true(phone, number)

    phone = pocket.dies()
    opens(phone)
    is_true(phone, 3)
    for number, family in enumerate(chosen[3:6], 4):
        write_visit(phone, family, number)
        is_true(phone, number)
    phone.visit(f"#/family/{chosen[6]}/visit/new")
    phone.page.fill("#note", "Notat 7 fra dagen uten nett.")
    phone.page.wait_for_timeout(700)  # the pause after which a draft is written

    phone = pocket.dies()
    opens(phone)
    is_true(phone, 6)
    phone.visit(f"#/family/{chosen[6]}/visit/new")
    expect(phone.page.locator("#note")).to_have_value("Notat 7 fra dagen uten nett.")
    for number, family in enumerate(chosen[6:], 7):
        write_visit(phone, family, number)
        is_true(phone, number)

    phone.page.context.set_offline(False)
    is_true(phone, 0)
    with clinic(served, NURSE) as desk:
        after = desk.records(followed)
    for family in followed:
        came = after[family] - before[family]
        gone = before[family] - after[family]
        kinds = sorted(kind for kind, _ in came.elements())
        if family not in chosen:
            assert (came, gone) == (Counter(), Counter())
            continue
        number = chosen.index(family) + 1
        assert kinds == ["need", "note", "visit"]
        assert came["note", f"Notat {number} fra dagen uten nett."] == 1
        assert came["need", f"Behov {number}, med deres egne ord."] == 1
        assert gone == Counter()
