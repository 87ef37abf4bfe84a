"""The page of what needs a lead today can be read and used by everybody, without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

HEADING = {"nb": "Stovner i dag", "en": "Stovner today"}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_it_is_accessible_in_both_languages(arrives, language):
    lead = arrives("stovner.leder")
    lead.speaks(language)
    lead.goto("/overview")

    assert HEADING[language] in lead.page.inner_text("h1")
    expect(lead.page.locator(".nf-waits > li")).to_have_count(8)
    assert lead.accessible() == []


def test_every_line_leads_on_by_keyboard_and_without_a_script(arrives):
    lead = arrives("stovner.leder", java_script_enabled=False)
    lead.goto("/overview")
    page = lead.page
    ways = page.locator(".nf-waits a").evaluate_all("all => all.map(one => one.href)")
    assert len(ways) == 8
    for number in range(len(ways)):
        lead.goto("/overview")
        page.locator(".nf-waits a").nth(number).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(ways[number])
        expect(page.locator("h1")).to_have_count(1)
        if anchor := ways[number].partition("#")[2]:
            expect(page.locator(f"#{anchor}")).to_be_visible()


def test_it_fits_a_screen_of_320_pixels_which_is_one_of_1280_at_four_times_the_size(arrives):
    lead = arrives("stovner.leder", viewport={"width": 320, "height": 640})
    lead.goto("/overview")

    assert lead.width_beyond_screen() == 0
