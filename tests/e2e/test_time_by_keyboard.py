"""Times are agreed on, found, moved and overseen with a keyboard alone, in both languages.

Each journey is made at a desk and on a telephone; the longest of them without scripts, too.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import families

DESK, PHONE = {"width": 1180, "height": 900}, {"width": 360, "height": 740}
WAYS = [("nb", PHONE, True), ("en", DESK, True)]
WITHOUT = [("nb", DESK, False)]
ANYHOW = pytest.mark.parametrize(("language", "screen", "scripts"), WAYS)
EVEN_WITHOUT = pytest.mark.parametrize(("language", "screen", "scripts"), WAYS + WITHOUT)
TABS = 120
"""More than any of these pages needs."""
WEEKS = 6
"""The times that are proposed lie nearer."""


@pytest.fixture
def come(arrives, language, screen, scripts):
    def somebody(username):
        visitor = arrives(username, viewport=screen, java_script_enabled=scripts)
        visitor.speaks(language)
        visitor.accessible = visitor.accessible if scripts else list  # axe is a script
        return visitor

    return somebody


def reach(visitor, found):
    """Press Tab until it has the focus; that must be seen."""
    for _ in range(TABS):
        visitor.page.keyboard.press("Tab")
        if found.evaluate("one => one === document.activeElement"):
            expect(found).to_be_in_viewport()
            return
    raise AssertionError(f"Tab does not lead to {found} of {visitor.path}")


def follow(visitor, selector):
    """Reach the first such link or button, and press Enter; the page that follows is in order."""
    found = visitor.page.locator(selector).first
    reach(visitor, found)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    in_order(visitor)


def in_order(visitor):
    assert visitor.width_beyond_screen() == 0
    assert visitor.accessible() == []


def save(visitor):
    follow(visitor, "form[method=post].nf-form .nf-actions button")


@EVEN_WITHOUT
def test_a_nurse_agrees_on_a_time_and_finds_it_in_her_week_and_her_day(come):
    nurse = come("stovner3")
    family = families.register(nurse)
    follow(nurse, f"a[href='{family}/visits/book']")
    follow(nurse, "ol.nf-rows a")
    day = nurse.page.input_value("#day")
    save(nurse)
    assert "done=booked" in nurse.page.url

    nurse.goto("/")
    follow(nurse, "a[href='/week']")
    own_day = f"a[href='/day?on={day}']"
    for _ in range(WEEKS):
        if nurse.page.locator(own_day).count():
            break
        follow(nurse, ".nf-turns a:last-child")
    follow(nurse, own_day)
    follow(nurse, f"a[href='{family}']")
    assert nurse.path == family


@ANYHOW
def test_a_time_that_is_refused_is_told_at_its_field_and_another_is_chosen(come):
    nurse = come("stovner3")
    family = families.register(nurse)
    nurse.goto(f"{family}/visits/book?day={families.workday(6)}&clock=21:00")
    nurse.page.fill("#agreed", "Mormor blir med.")
    save(nurse)
    assert nurse.page.locator("#day-error").inner_text() in nurse.page.inner_text("#errors")
    assert nurse.page.input_value("#clock") == "21:00"
    assert nurse.page.input_value("#agreed") == "Mormor blir med."

    reach(nurse, nurse.page.locator("#errors a"))
    nurse.page.keyboard.press("Enter")
    expect(nurse.page.locator("#day")).to_be_focused()
    reach(nurse, nurse.page.locator("input[name=instead]:checked"))
    nurse.page.keyboard.press("ArrowUp")
    save(nurse)
    assert "done=booked" in nurse.page.url


@ANYHOW
def test_what_a_birth_moved_is_set_right(come):
    nurse = come("stovner3")
    family = families.register(nurse)
    families.offer(nurse, family)
    families.say_yes(nurse)
    families.give_birth(nurse, family, days_ago=3)
    nurse.goto(family)
    follow(nurse, f"a[href='{family}/replan']")
    reach(nurse, nurse.page.locator("input[type=radio]:checked").first)
    nurse.page.keyboard.press("ArrowDown")
    save(nurse)
    assert "done=replanned" in nurse.page.url


@ANYHOW
def test_a_lead_reads_when_her_nurses_are_busy_and_what_to_keep_free(come):
    lead = come("stovner.leder")
    follow(lead, "a[href='/bydel-week']")
    follow(lead, ".nf-turns a:last-child")
    table, name = lead.page.locator(".nf-scroll"), lead.page.locator("tbody th").first
    reach(lead, table)
    before = name.bounding_box()
    for _ in range(10):
        lead.page.keyboard.press("ArrowRight")
    assert name.bounding_box()["x"] == before["x"]

    follow(lead, "tbody a")
    lead.goto("/")
    follow(lead, "a[href='/newborns']")
    beyond = "one => one.scrollWidth - one.clientWidth"
    assert lead.page.locator(".nf-scroll").evaluate(beyond) == 0


@ANYHOW
def test_a_nurse_changes_her_hours_and_makes_an_address_for_her_calendar_program(come):
    nurse = come("stovner3")
    nurse.goto("/calendar")
    follow(nurse, "a[href$='/hours']")
    reach(nurse, nurse.page.locator("#percentage"))
    nurse.page.keyboard.press("Control+A")
    nurse.page.keyboard.type("80")
    save(nurse)
    assert "80" in nurse.page.inner_text("main")
    follow(nurse, "a[href$='/calendar/feed']")
    follow(nurse, "main form button")
    assert ".ics" in nurse.page.inner_text("main code")
