"""The page of variation can be read and used by everybody, in both languages, without a script."""

from __future__ import annotations

import pytest

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
    assert page.locator("main table").first.is_visible()
    page.locator("main a[href^='/variation.csv']").focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.startswith("variation-")


def test_it_fits_a_screen_of_320_pixels_which_is_one_of_1280_at_four_times_the_size(arrives):
    reader = arrives("stovner.leder", viewport={"width": 320, "height": 640})
    reader.goto(f"/variation?{YEARS}")

    assert reader.width_beyond_screen() == 0
