"""A second way of opening the app, in the served programme: added, used, taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.e2e.felt import SMALL, Phone

NURSE = "alna2"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "hasPrf": True,
}


@pytest.fixture
def phone(arrives):
    """A phone with a finger to read, at an address that has a name: a passkey belongs to one."""
    visitor = arrives(**SMALL)
    named = visitor.served.address.replace("127.0.0.1", "localhost")
    visitor.served = replace(visitor.served, address=named)
    fingers = visitor.context.new_cdp_session(visitor.page)
    fingers.send("WebAuthn.enable")
    fingers.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return Phone(visitor)


def locks(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Lås", exact=True).click()
    expect(phone.heading).to_have_text("Appen er låst")


def opens_by_passkey(phone: Phone) -> None:
    locks(phone)
    phone.press("Åpne med finger eller ansikt")
    expect(phone.heading).not_to_have_text("Appen er låst")


def test_a_phone_with_a_code_gets_a_finger_and_gives_the_code_up(phone):
    phone.begin(NURSE)
    page = phone.page
    phone.visit("#/settings")
    expect(page.get_by_role("link", name="Fjern koden")).to_have_count(0)
    page.get_by_role("link", name="Legg til finger eller ansikt").click()
    page.fill("#code", "0000-0000-0000")
    phone.press("Gå videre")
    expect(page.locator("#error")).to_contain_text("Det er ikke koden.")
    assert phone.flaws() == []
    page.fill("#code", phone.code)
    phone.press("Gå videre")
    expect(phone.heading).to_have_text("Telefonen")
    expect(page.locator("#opening + ul")).to_contain_text("Finger eller ansikt")
    opens_by_passkey(phone)
    locks(phone)
    phone.unlock()
    page.get_by_role("link", name="Fjern koden").click()
    assert phone.flaws() == []
    phone.press("Fjern koden")
    expect(phone.heading).to_have_text("Telefonen")
    expect(page.get_by_role("link", name="Fjern")).to_have_count(0)
    opens_by_passkey(phone)
    locks(phone)
    expect(page.locator("#code")).to_have_count(0)


def test_a_phone_with_a_finger_gets_a_code_that_is_asked_for_before_it_counts(phone):
    page = phone.page
    phone.sign_in(NURSE)
    phone.press("Finger eller ansikt")
    phone.press("Gå videre")
    page.get_by_role("button", name="Til dagens besøk").click(timeout=60_000)
    phone.visit("#/settings")
    page.get_by_role("link", name="Legg til en kode").click()
    assert phone.flaws() == []
    phone.press("Åpne med finger eller ansikt")
    page.locator(".ff-code-shown").wait_for()
    code = "".join(page.locator(".ff-code-shown [aria-hidden]").all_inner_texts())
    assert phone.flaws() == []
    phone.press("Jeg har skrevet den ned")
    page.fill("#code", "aaaa aaaa aaaa")
    phone.press("Det er koden min")
    expect(page.locator("#error")).to_contain_text("Det er ikke koden som ble vist.")
    page.fill("#code", code)
    phone.press("Det er koden min")
    expect(phone.heading).to_have_text("Telefonen")
    locks(phone)
    phone.unlock(code)
    expect(phone.heading).to_have_text("Telefonen")
    opens_by_passkey(phone)


def test_a_finger_that_is_broken_off_changes_nothing(phone):
    phone.begin(NURSE)
    phone.page.evaluate("navigator.credentials.create = async () => null")
    phone.visit("#/way/passkey")
    phone.page.fill("#code", phone.code)
    phone.press("Gå videre")
    expect(phone.page.locator("#error")).to_contain_text("Finger eller ansikt virket ikke her.")
    phone.visit("#/settings")
    expect(phone.page.locator("#opening + ul")).not_to_contain_text("Finger")
    locks(phone)
    phone.unlock()
    expect(phone.heading).to_have_text("Telefonen")
