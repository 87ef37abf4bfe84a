"""The page of variation can be read and used by everybody, in both languages, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import families

HEADING = {"nb": "Variasjon mellom bydelene", "en": "Variation between bydeler"}
YEARS = f"from=2016&to={families.today().year}"


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("who", ["planlegger", "stovner.leder"])
def test_it_is_accessible_to_leads_and_planners_in_both_languages(arrives, who, language):
    reader = arrives(who)
    reader.speaks(language)
    for query in (YEARS, "from=2024&to=2024", "from=2016&to=2014"):
        reader.goto(f"/variation?{query}")
        assert HEADING[language] in reader.page.inner_text("h1")
        for one in reader.page.locator("main summary").all():
            one.click()
        assert reader.accessible() == []


def test_it_is_reached_unfolded_and_taken_home_by_keyboard_and_without_a_script(arrives):
    reader = arrives("planlegger", java_script_enabled=False)
    reader.goto("/uptake")
    page = reader.page
    page.locator("main a[href^='/variation']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert HEADING["nb"] in page.inner_text("h1")
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main table").first).to_be_visible()
    page.locator("main a[href^='/variation.csv']").focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.startswith("variation-")


def test_it_fits_a_screen_of_320_pixels_which_is_one_of_1280_at_four_times_the_size(arrives):
    reader = arrives("stovner.leder", viewport={"width": 320, "height": 640})
    reader.goto(f"/variation?{YEARS}")

    assert reader.width_beyond_screen() == 0


def test_on_paper_stand_the_figures_and_not_the_form_that_asks_for_others(arrives):
    reader = arrives("planlegger")
    reader.goto(f"/variation?{YEARS}")
    expect(reader.page.locator(".nf-filter")).to_be_visible()
    reader.page.emulate_media(media="print")

    expect(reader.page.locator(".nf-filter")).to_be_hidden()
    expect(reader.page.locator(".nf-finding").first).to_be_visible()
