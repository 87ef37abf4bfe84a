"""Reports, and the log of who took them home, can be read and used by everybody, on paper too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import families

LAST_YEAR = families.today().year - 1
REPORT = f"/reports/11/{LAST_YEAR}"
HEADING = {"nb": "Rapporter", "en": "Reports"}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("who", ["planlegger", "stovner.leder"])
def test_they_are_accessible_to_leads_and_planners_in_both_languages(arrives, who, language):
    reader = arrives(who)
    reader.speaks(language)
    reader.goto("/reports")
    assert HEADING[language] in reader.page.inner_text("h1")
    assert reader.accessible() == []
    for period in (LAST_YEAR, f"{LAST_YEAR}-t2"):
        reader.goto(f"/reports/11/{period}")
        assert "Stovner" in reader.page.inner_text("h1")
        assert reader.accessible() == []


def test_one_is_chosen_read_and_taken_home_by_keyboard_and_without_a_script(arrives):
    reader = arrives("stovner.leder", java_script_enabled=False)
    reader.goto("/reports")
    page = reader.page
    page.locator("#period").focus()
    page.select_option("#period", str(LAST_YEAR))
    page.locator("main button[type=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert reader.path == REPORT
    for form in ("pdf", "xlsx", "csv", "parquet"):
        page.locator(f"main a[href$='.{form}']").focus()
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert taken.value.suggested_filename == f"report-11-{LAST_YEAR}.{form}"


def test_the_privacy_officer_reads_who_took_one_home(arrives):
    lead = arrives("stovner.leder")
    lead.goto(REPORT)
    with lead.page.expect_download():
        lead.page.locator("main a[href$='.csv']").click()
    officer = arrives("personvern")
    officer.goto("/export-log")
    expect(officer.page.locator("tbody tr").first).to_contain_text("report")
    assert officer.accessible() == []


def test_a_report_fits_a_screen_of_320_pixels_which_is_one_of_1280_at_four_times_the_size(arrives):
    reader = arrives("stovner.leder", viewport={"width": 320, "height": 640})
    for path in ("/reports", REPORT):
        reader.goto(path)
        assert reader.width_beyond_screen() == 0


def test_on_paper_every_column_stands_and_nothing_that_is_for_the_screen_alone(arrives):
    reader = arrives("planlegger", viewport={"width": 688, "height": 970})
    reader.goto(REPORT)
    reader.page.emulate_media(media="print")

    expect(reader.page.locator("main .nf-actions")).to_be_hidden()
    table = reader.page.locator(".nf-report-table").first
    box = table.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 688
    assert reader.page.pdf(format="A4").startswith(b"%PDF-")
