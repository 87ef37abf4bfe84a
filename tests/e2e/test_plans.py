"""A planner makes a scenario, compares it, decides on it and takes it home, without a script."""

from __future__ import annotations

import pytest

from nyefamilier.demo.planning import HISTORY

HISTORICAL = f"/plans/{HISTORY}/1"
HEADING = {"nb": "Planer", "en": "Plans"}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_page_is_accessible_in_both_languages(arrives, language):
    planner = arrives("planlegger")
    planner.speaks(language)
    planner.goto("/plans")
    assert HEADING[language] in planner.page.inner_text("h1")
    compared = f"/plans/compare?a={HISTORY}.1&b={HISTORY}.1&c={HISTORY}.1"
    below = ("", "/assumptions", "/assumptions/uptake", "/edit", "/archive", "/anew",
             "/grounds/cost", "/follow-up", "/follow-up/arsverk")  # fmt: skip
    for path in ("/plans", "/plans/new", compared, *(HISTORICAL + one for one in below)):
        planner.goto(path)
        for one in planner.page.locator("main summary").all():
            one.click()
        assert planner.accessible() == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_scenario_is_made_compared_decided_and_exported(arrives, language):
    planner = arrives("planlegger", java_script_enabled=False)
    planner.speaks(language)
    planner.goto("/plans/new")
    page = planner.page
    document = page.input_value("#document").replace("arsverk = 2.5", "arsverk = 3.5")
    page.fill("#document", document.replace("arsverk = 3.5", "arsverk = -1", 1))
    planner.submit()
    assert "/staffing/0/arsverk" in page.inner_text("main")
    page.fill("#document", document)
    planner.submit()
    made = planner.path

    page.locator("main a[href*='/plans/compare']").click()
    page.select_option("#b", value=f"{HISTORY}.1")
    page.locator(".nf-filter button").click()
    assert page.locator("main table").first.locator("thead th").count() == 3

    planner.goto(f"{made}/decide")
    planner.submit()
    assert planner.path == made
    assert page.locator(f"main a[href='{made}/decide']").count() == 0
    for form in ("pdf", "xlsx", "json"):
        with page.expect_download() as taken:
            page.locator(f"main a[href$='.{form}']").click()
        assert taken.value.suggested_filename.endswith(f".{form}")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_decided_plan_is_followed_up_and_planned_anew_without_a_script(arrives, language):
    planner = arrives("planlegger", java_script_enabled=False)
    planner.speaks(language)
    planner.goto(HISTORICAL)
    page = planner.page
    page.locator(f"main a[href='{HISTORICAL}/follow-up']").click()
    assert page.locator("main table").count() >= 5
    page.locator(f"main a[href='{HISTORICAL}/follow-up/arsverk']").click()
    page.select_option("#year", value="2019")
    page.fill("#arsverk", "35")
    page.fill("#source", "ivarjohansen.no 6775")
    planner.submit()
    assert planner.path.startswith(f"{HISTORICAL}/follow-up")
    assert "ivarjohansen.no 6775" in page.inner_text("main")
    page.locator("main a[href*='/grounds/happened_visits']").first.click()
    assert page.locator("main h1").count() == 1

    planner.goto(f"{HISTORICAL}/anew")
    assert "open_from" in page.input_value("#document")
    planner.submit()
    assert planner.path != HISTORICAL


def test_a_number_s_ground_is_reached_by_keyboard(arrives):
    planner = arrives("planlegger")
    planner.goto(HISTORICAL)
    page = planner.page
    page.locator("main a[href*='/grounds/visits']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/grounds/visits")
    assert page.locator("main table").count() >= 1


def test_it_fits_a_screen_of_320_pixels(arrives):
    planner = arrives("planlegger", viewport={"width": 320, "height": 640})
    for path in ("/plans", HISTORICAL, f"{HISTORICAL}/assumptions/uptake", "/plans/compare",
                 f"{HISTORICAL}/follow-up", f"{HISTORICAL}/grounds/cost"):  # fmt: skip
        planner.goto(path)
        assert planner.width_beyond_screen() == 0, path
