"""The field app's frame in the served programme: the first day, the lock, the line, two tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nyefamilier.wire.limits import DEVICE_NAME_CHARS
from tests.e2e.felt import SMALL, Phone, at_the_clinic

SCREENS = ["#/today", "#/search", "#/settings", "#/sign-in", "#/hand-over"]


@pytest.fixture
def phone(arrives):
    """A phone that was set up by a nurse of its own: what waits in her inbox is no other test's."""
    phone = Phone(arrives(**SMALL))
    phone.begin("grunerlokka1")
    return phone


def test_the_first_day_ends_with_her_families_on_the_phone(phone):
    expect(phone.page).to_have_url(f"{phone.visitor.served.address}/felt/#/today")
    expect(phone.state).to_contain_text("Alt er sendt")
    phone.search()
    expect(phone.page.locator(".ff-row").first).to_be_visible()


def test_a_wrong_password_says_so_and_another_try_goes_on(arrives):
    phone = Phone(arrives(**SMALL))
    phone.visitor.goto("/felt/")
    phone.page.fill("#username", "grunerlokka1")
    phone.page.fill("#password", "not hers")
    phone.press("Logg inn")
    expect(phone.page.locator("#error")).to_be_focused()
    expect(phone.page.locator("#error")).to_contain_text("Brukernavnet eller passordet er feil.")
    phone.page.fill("#password", phone.visitor.served.passwords["grunerlokka1"])
    phone.press("Logg inn")
    expect(phone.heading).to_have_text("Hvordan du åpner appen")


def test_the_code_is_asked_for_before_it_counts(arrives):
    phone = Phone(arrives(**SMALL))
    phone.sign_in("grunerlokka1")
    expect(phone.page.locator("#phone-name")).to_have_attribute("maxlength", str(DEVICE_NAME_CHARS))
    phone.press("En kode på tolv tegn")
    phone.press("Jeg har skrevet den ned")
    phone.page.fill("#code", "aaaa aaaa aaaa")
    phone.press("Det er koden min")
    expect(phone.page.locator("#error")).to_contain_text("Det er ikke koden som ble vist.")
    phone.page.reload()  # nothing of it was kept: she begins anew
    expect(phone.heading).to_have_text("Velkommen")


def test_a_reload_locks_and_the_code_leads_back_to_the_same_place(phone):
    phone.search()
    expect(phone.heading).to_have_text("Finn en familie")
    phone.page.reload()
    expect(phone.heading).to_have_text("Appen er låst")
    assert "ff-row" not in phone.page.content()
    phone.unlock("0000-0000-0000")
    expect(phone.page.locator("#error")).to_contain_text("Det er ikke koden.")
    phone.unlock(phone.code.upper())
    expect(phone.heading).to_have_text("Finn en familie")
    expect(phone.heading).to_be_focused()


def test_without_a_network_it_opens_and_shows_what_it_has(phone):
    phone.search()
    expect(phone.heading).to_have_text("Finn en familie")
    families = phone.page.locator(".ff-row").count()
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.visitor.context.set_offline(True)
    phone.page.reload()
    phone.unlock()
    expect(phone.heading).to_have_text("Finn en familie")
    expect(phone.page.locator(".ff-row")).to_have_count(families)
    expect(phone.state).to_contain_text("Ingen dekning nå.")
    expect(phone.page.locator(".ff-state")).to_have_attribute("data-tone", "sent")
    phone.visitor.context.set_offline(False)
    expect(phone.state).not_to_contain_text("Ingen dekning")


def test_the_line_says_the_truth_at_each_step_of_a_note(phone):
    phone.search()
    phone.page.locator(".ff-cover").first.click()
    phone.page.get_by_role("link", name="Skriv et notat").click()
    phone.visitor.context.set_offline(True)
    phone.page.fill("#text", "Ringte mor. Alt vel.")
    phone.page.locator("button[type=submit]").click()
    expect(phone.state).to_contain_text("1 venter på sending")
    expect(phone.state).to_contain_text("Lagret på telefonen. Sendes når du får dekning.")
    expect(phone.page.locator(".ff-state")).to_have_attribute("data-tone", "waiting")
    phone.page.reload()
    expect(phone.page.locator("main")).to_contain_text("1 ting venter på telefonen.")
    phone.unlock()
    expect(phone.state).to_contain_text("1 venter på sending")
    phone.visitor.context.set_offline(False)
    expect(phone.state).to_contain_text("Alt er sendt")


def test_who_has_lost_the_code_begins_anew_and_loses_nothing(arrives):
    phone = Phone(arrives(**SMALL))
    phone.begin("grunerlokka2")  # what she finds in her inbox afterwards is no other test's
    phone.search()
    phone.page.locator(".ff-cover").first.click()
    phone.page.get_by_role("link", name="Skriv et notat").click()
    phone.visitor.context.set_offline(True)
    phone.page.fill("#text", "Skrevet før koden ble borte.")
    phone.page.locator("button[type=submit]").click()
    expect(phone.state).to_contain_text("1 venter på sending")
    phone.press("Lås")
    phone.visitor.context.set_offline(False)
    phone.page.get_by_role("link", name="Jeg har mistet koden").click()
    expect(phone.page.locator("main")).to_contain_text("1 ting som du har lagret, er ikke sendt.")
    phone.page.fill("#username", "grunerlokka2")
    phone.page.fill("#password", phone.visitor.served.passwords["grunerlokka2"])
    phone.press("Begynn på nytt")
    phone.choose_code()
    expect(phone.state).not_to_contain_text("venter på sending")
    phone.search()
    expect(phone.page.locator(".ff-row").first).to_be_visible()


def test_a_second_tab_says_so_and_takes_over_when_it_is_asked_to(phone):
    second = phone.visitor.context.new_page()
    second.goto(f"{phone.visitor.served.address}/felt/")
    expect(second.locator("h1")).to_have_text("Appen er åpen i en annen fane")
    expect(phone.heading).not_to_have_text("Appen er åpen i en annen fane")
    second.get_by_role("button", name="Bruk den her i stedet").click()
    expect(second.locator("h1")).to_have_text("Appen er låst")
    expect(phone.heading).to_have_text("Appen er åpen i en annen fane")
    assert "ff-row" not in phone.page.content()


def test_locking_by_hand_takes_everything_off_the_screen(phone):
    phone.press("Lås")
    expect(phone.heading).to_have_text("Appen er låst")
    assert phone.page.locator("nav").count() == 0


def test_another_nurse_gets_an_empty_phone(phone):
    phone.visit("#/hand-over")
    phone.press("Slett, og gi telefonen videre")
    expect(phone.heading).to_have_text("Velkommen")
    kept = phone.page.evaluate("indexedDB.databases().then((all) => all.length)")
    assert kept <= 1  # a new, empty one at most
    assert phone.page.evaluate("localStorage.getItem('nyefamilier-felt')") is None
    with at_the_clinic(phone.visitor.served, "grunerlokka1") as clinic:
        devices = clinic.get("/sync/devices/me").raise_for_status().json()["items"]
    assert max(devices, key=lambda one: one["enrolled_at"])["state"] == "wiped"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_screen_can_be_read_and_reached_by_everybody(phone, language):
    phone.speaks(language)
    for width in (360, 320):
        phone.page.set_viewport_size({"width": width, "height": 640})
        for screen in SCREENS:
            phone.visit(screen)
            phone.page.wait_for_timeout(150)  # a screen is drawn when it is loaded
            assert phone.flaws() == [], f"{screen} in {language} at {width}"


@pytest.mark.parametrize("height", [640, 256])
def test_zoomed_to_four_times_nothing_is_cut_off(phone, height):
    phone.page.set_viewport_size({"width": 320, "height": height})
    for screen in SCREENS:
        phone.visit(screen)
        phone.page.wait_for_timeout(150)
        assert phone.visitor.width_beyond_screen() <= 0
