"""Without scripts, without a mouse, without a wide screen: the work can still be done."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import families


def test_the_main_job_is_done_with_scripts_switched_off(arrives):
    nurse = arrives("stovner1", java_script_enabled=False)

    family = families.register(nurse)
    families.offer(nurse, family)
    families.say_yes(nurse)
    families.state_need(nurse, family)
    families.give_birth(nurse, family)
    families.record_visit(nurse, family)

    expect(nurse.page.locator("blockquote").first).to_have_text(families.NEED)
    expect(nurse.page.get_by_text(families.NOTE)).to_be_visible()


def test_signing_in_takes_a_keyboard_and_nothing_more(arrives, served):
    nurse = arrives()
    nurse.goto("/sign-in")

    expect(nurse.page.locator("#username")).to_be_focused()
    nurse.page.keyboard.type("stovner2")
    nurse.page.keyboard.press("Tab")
    nurse.page.keyboard.type(served.passwords["stovner2"])
    with nurse.page.expect_navigation():
        nurse.page.keyboard.press("Enter")

    assert nurse.path == "/"


def test_the_first_key_leads_past_the_menu(arrives):
    nurse = arrives("stovner2")
    nurse.goto("/uptake")

    nurse.page.keyboard.press("Tab")
    skip = nurse.page.locator("a[href='#main']")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    nurse.page.keyboard.press("Enter")
    nurse.page.keyboard.press("Tab")

    assert nurse.page.evaluate("document.activeElement.closest('main') !== null")


def test_a_need_is_written_down_by_keyboard_alone_and_the_focus_is_always_seen(arrives):
    nurse = arrives("stovner2")
    family = families.register(nurse)
    nurse.goto(f"{family}/needs/new")
    unseen = _tab_to(nurse, "words")
    nurse.page.keyboard.type(families.NEED)
    unseen += _tab_to(nurse, "stated_by")
    nurse.page.keyboard.press("Space")
    unseen += _tab_to(nurse, None)
    with nurse.page.expect_navigation():
        nurse.page.keyboard.press("Enter")

    expect(nurse.page.locator("blockquote")).to_have_text(families.NEED)
    assert unseen == []


def test_the_summary_of_flaws_takes_the_focus_and_leads_to_the_field(arrives):
    nurse = arrives("stovner2")
    nurse.goto("/families/new")
    nurse.submit()

    expect(nurse.page.locator("#errors")).to_be_focused()
    nurse.page.keyboard.press("Tab")
    nurse.page.keyboard.press("Enter")

    expect(nurse.page.locator("#one_name")).to_be_focused()


def test_a_form_that_has_been_begun_asks_before_it_is_left(arrives):
    nurse = arrives("stovner2")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.accept()

    nurse.page.on("dialog", stay)
    nurse.goto("/families/new")
    nurse.page.locator("#one_name").press_sequentially("Myk")
    nurse.goto("/uptake")

    assert asked == ["beforeunload"]


def test_a_family_page_fits_a_screen_of_320_pixels(arrives):
    nurse = arrives("stovner2", viewport={"width": 320, "height": 640})
    family = families.register(nurse)
    families.offer(nurse, family)
    families.say_yes(nurse)

    beyond = {}
    for below in ("", "/visits/new", "/move", "/needs/new"):
        nurse.goto(family + below)
        beyond[below] = nurse.width_beyond_screen()

    assert beyond == dict.fromkeys(beyond, 0)


def _tab_to(nurse, name):
    """Press Tab until a field has the focus, or for None a form's button; what hid its focus."""
    unseen = []
    for _ in range(60):
        nurse.page.keyboard.press("Tab")
        focus = nurse.page.evaluate(_FOCUS)
        if not focus["seen"]:
            unseen.append(focus)
        if focus["button"] if name is None else focus["id"] == name:
            return unseen
    raise AssertionError(f"Tab does not lead to {name}")


# Seen: an outline of the element itself, or of the box around it.
_FOCUS = """() => {
  const element = document.activeElement;
  const drawn = (one) => one && getComputedStyle(one).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
  return {
    id: element.id,
    html: element.outerHTML.slice(0, 120),
    button: element.matches('form.nf-form button'),
    seen: drawn(element) || drawn(element.parentElement),
  };
}"""


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_nurses_header_is_one_line_on_a_laptop_and_holds_its_menu_together(arrives, language):
    nurse = arrives("stovner1", viewport={"width": 1180, "height": 900})
    nurse.speaks(language)
    nurse.goto("/")
    places = ".nf-header .nf-brand, .nf-nav a, .nf-tools"
    middles = (
        "found => found.map(one => one.getBoundingClientRect()).map(it => it.y + it.height / 2)"
    )
    seen = nurse.page.locator(places).evaluate_all(middles)
    assert max(seen) - min(seen) < 12

    nurse.page.set_viewport_size({"width": 1024, "height": 900})
    seen = nurse.page.locator(".nf-nav a").evaluate_all(middles)
    assert max(seen) - min(seen) < 1
    assert nurse.width_beyond_screen() == 0
