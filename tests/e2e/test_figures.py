"""Figures and quality can be read and used by everybody, in both languages, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from api.web.quality.pages import PAGES
from tests.e2e.late_data import tell_late

HEADING = {"nb": "Tall og kvalitet", "en": "Figures and quality"}
REVISIONS = {"nb": "Tidligere tall", "en": "Earlier figures"}
REVISED = [
    f"/figures/{section}/revisions"
    for section in (
        "cohort/funnel",
        "timeliness/newborn_visit",
        "visits/dose",
        "retention/retention",
    )
]
"""One of each sort of table: of steps, of shares, of many rows, of a curve."""
PATHS = ["/figures", *(f"/figures/{page.code}" for page in PAGES), *REVISED]
ASKED = "year=2019&bydel=11"


@pytest.fixture(scope="module", autouse=True)
def _late(served):
    """The figures of 2019 have been revised once."""
    tell_late(served)


@pytest.mark.parametrize(("who", "language"), [("planlegger", "en"), ("stovner.leder", "nb")])
def test_every_page_is_accessible_to_leads_and_planners_in_both_languages(arrives, who, language):
    reader = arrives(who)
    reader.speaks(language)
    reader.goto("/figures")
    assert HEADING[language] in reader.page.inner_text("h1")
    for path in PATHS:
        for query in (ASKED, f"{ASKED}&revision=1") if path in REVISED else (ASKED, "year=2400"):
            reader.goto(f"{path}?{query}")
            for one in reader.page.locator("main summary").all():
                one.click()
            assert reader.accessible() == [], path


def test_every_page_fits_a_screen_of_320_pixels_which_is_one_of_1280_at_four_times_the_size(
    arrives,
):
    reader = arrives("stovner.leder", viewport={"width": 320, "height": 640})
    beyond = {}
    for path in PATHS:
        reader.goto(f"{path}?{ASKED}")
        for one in reader.page.locator("main summary").all():
            one.click()
        beyond[path] = reader.width_beyond_screen()

    assert beyond == dict.fromkeys(PATHS, 0)


def test_a_page_is_reached_unfolded_and_taken_home_by_keyboard_and_without_a_script(arrives):
    reader = arrives("planlegger", java_script_enabled=False)
    page = reader.page
    reader.goto("/figures")
    _follow(page, "main a[href='/figures/time']")
    assert page.inner_text("h1") == "Utvikling over tid"
    page.locator("main summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main table").first).to_be_visible()
    page.locator("main a[href*='.csv']").first.focus()
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".csv")


def test_another_year_is_asked_for_by_keyboard_alone(arrives):
    reader = arrives("stovner.leder", java_script_enabled=False)
    page = reader.page
    reader.goto("/figures/cohort")
    page.locator("#year").focus()
    page.keyboard.type("2019")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "year=2019" in page.url
    assert "2019" in page.inner_text(".nf-lede")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_revised_section_leads_to_its_earlier_figures_by_keyboard_and_without_a_script(
    arrives, language
):
    reader = arrives("stovner.leder", java_script_enabled=False)
    page = reader.page
    reader.speaks(language)
    reader.goto(f"/figures/cohort?{ASKED}")
    _follow(page, "main a[href*='/funnel/revisions']")
    assert REVISIONS[language] in page.inner_text("h1")
    both = page.locator("main table").first
    expect(both.locator("thead")).to_contain_text({"nb": "Utgave 1", "en": "Revision 1"}[language])
    _follow(page, ".nf-back a")
    assert "/figures/cohort?" in page.url
    assert "year=2019" in page.url


def test_on_paper_stand_the_findings_and_not_the_form_that_asks_for_others(arrives):
    reader = arrives("planlegger")
    reader.goto("/figures/cohort")
    expect(reader.page.locator(".nf-filter")).to_be_visible()
    reader.page.emulate_media(media="print")

    expect(reader.page.locator(".nf-filter")).to_be_hidden()
    expect(reader.page.locator(".nf-finding").first).to_be_visible()


def _follow(page, link):
    page.locator(link).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
