"""An ordinary visit on the phone by keyboard alone: every step by Tab, and few presses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.felt import SMALL, Phone, agree_for_today

MOST_PRESSES = 6
"""Enter, Space and arrows, from today's list until the visit is saved; Tab only moves."""
FURTHEST = 80
"""Presses of Tab, after which something cannot be said to be reachable."""

_MARK = """() => {
  const one = document.activeElement;
  const shown = one.closest(".ff-chip")?.querySelector("span")
    ?? (one.matches(".ff-cover") ? one.closest(".ff-target") : one);
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const onScreen = box.bottom > 0 && box.top < innerHeight;
  return { ring: style.outlineStyle !== "none" || style.boxShadow !== "none", onScreen,
    html: one.outerHTML.slice(0, 120) };
}"""


class Keys:
    """Her keyboard: it goes from one thing to the next, and counts what it presses."""

    def __init__(self, phone: Phone) -> None:
        self.page = phone.page
        self.presses = 0

    def to(self, selector: str) -> None:
        """By Tab alone to what the selector names; wherever the focus stops, it can be seen."""
        for _step in range(FURTHEST):
            self.page.keyboard.press("Tab")
            mark = self.page.evaluate(_MARK)
            assert mark["ring"], f"no mark on {mark['html']}"
            assert mark["onScreen"], f"beyond the screen: {mark['html']}"
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                return
        raise AssertionError(f"Tab never came to {selector}")

    def press(self, key: str) -> None:
        """A press that does something."""
        self.page.keyboard.press(key)
        self.presses += 1


@pytest.fixture
def phone(arrives):
    """A phone that is set up."""
    phone = Phone(arrives(**SMALL))
    phone.begin("alna3")
    return phone


def test_a_visit_takes_six_presses_beside_the_typing_and_every_step_is_reached_by_tab(phone):
    agree_for_today(phone, "alna3")
    phone.press("Hent nå")
    expect(phone.page.get_by_text("Foreldrene vil snakke om søvn")).to_be_visible(timeout=30_000)
    phone.heading.focus()
    page, keys = phone.page, Keys(phone)
    phone.visitor.context.set_offline(True)
    expect(phone.heading).to_be_focused()
    keys.to(".ff-next .ff-cover")
    keys.press("Enter")
    expect(phone.page.locator("#note")).to_be_visible()
    expect(phone.heading).to_be_focused()
    keys.to("#themes input")
    keys.press("Space")
    keys.to("#note")
    page.keyboard.type("Mor er sliten, men stolt.")
    keys.to("#screen button[type=submit]")
    keys.press("Enter")
    expect(phone.state).to_contain_text("venter på sending")
    expect(phone.heading).to_be_focused()
    assert keys.presses <= MOST_PRESSES


def test_the_first_stop_leads_past_the_frame(phone):
    keys = Keys(phone)
    phone.visit("#/search")
    expect(phone.heading).to_have_text("Finn en familie")
    phone.page.evaluate("document.activeElement.blur()")
    phone.page.reload()
    phone.unlock()
    expect(phone.heading).to_have_text("Finn en familie")
    phone.page.evaluate("document.querySelector('.ds-skip-link').focus()")
    expect(phone.page.locator(".ds-skip-link")).to_be_in_viewport()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("#screen")).to_be_focused()
    keys.to("#typed")
    expect(phone.heading).to_have_text("Finn en familie")
