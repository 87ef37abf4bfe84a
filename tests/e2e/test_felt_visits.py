"""What a nurse writes of a family on her phone, in the served programme."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.felt import SMALL, Phone, agree_for_today

MOST_TAPS = 6
"""Beside the typing, from today's list until the visit is saved."""

SCREENS = ["", "/visit/new", "/note", "/need", "/needs", "/birth", "/loss", "/handover"]


class Thumb:
    """Her thumb: it taps, and counts."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        """Touch it once."""
        what.tap()
        self.taps += 1


@pytest.fixture
def phone(arrives):
    """A phone that was set up by a nurse of its own: what waits in her inbox is no other test's."""
    phone = Phone(arrives(**SMALL))
    phone.begin("alna3")
    return phone


def a_family(phone: Phone) -> str:
    """The address of one of her families."""
    phone.search()
    return str(phone.page.locator("a[href^='#/family/']").first.get_attribute("href"))


def begun(phone: Phone, words: str) -> None:
    """Type a note into the visit, and wait until it is kept."""
    phone.page.fill("#note", words)
    phone.page.wait_for_timeout(700)


def test_an_ordinary_visit_takes_six_taps_beside_the_typing(arrives):
    phone = Phone(arrives(**SMALL))
    family = agree_for_today(phone, "alna1")
    phone.begin("alna1")
    page, thumb = phone.page, Thumb()
    phone.visitor.page.context.set_offline(True)
    thumb.tap(page.locator(f".ff-cover[href*='{family}']").first)
    thumb.tap(page.locator(".ff-chip", has_text="Søvn"))
    thumb.tap(page.locator("#note"))
    page.keyboard.type("Mor er sliten, men stolt.")
    thumb.tap(page.get_by_role("button", name="Lagre besøket"))
    expect(phone.state).to_contain_text("venter")
    assert thumb.taps <= MOST_TAPS
    phone.visit(f"#/family/{family}")
    expect(page.locator("#notes")).to_be_visible()
    expect(page.get_by_text("Mor er sliten, men stolt.")).to_be_visible()
    phone.visitor.page.context.set_offline(False)
    expect(phone.state).to_contain_text("Alt er sendt", timeout=30_000)


def test_what_was_typed_is_there_after_the_app_was_killed(phone):
    phone.visit(f"{a_family(phone)}/visit/new")
    begun(phone, "Vi snakket om amming")
    phone.page.reload()
    phone.unlock()
    expect(phone.page.locator("#note")).to_have_value("Vi snakket om amming")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_familys_screens_can_be_used_by_everybody(phone, language):
    family = a_family(phone)
    phone.speaks(language)
    flaws = {}
    for screen in SCREENS:
        phone.visit(f"{family}{screen}")
        phone.page.wait_for_timeout(300)
        flaws[screen] = phone.flaws()
    for screen in ("#/new", "#/inbox"):
        phone.visit(screen)
        phone.page.wait_for_timeout(300)
        flaws[screen] = phone.flaws()
    assert {screen: found for screen, found in flaws.items() if found} == {}
