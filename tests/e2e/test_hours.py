"""The pages about working hours can be read and used by everybody, by keyboard too."""

from __future__ import annotations

import pytest

WORDS = {
    "nb": ("Arbeidstid", "Fraværet er ført"),
    "en": ("Working hours", "The absence is recorded"),
}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("who", ["stovner1", "stovner.leder"])
def test_they_are_accessible_to_nurses_and_leads_in_both_languages(arrives, who, language):
    reader = arrives(who)
    reader.speaks(language)
    reader.goto("/calendar")
    assert WORDS[language][0] in reader.page.inner_text("h1")
    assert reader.accessible() == []
    if who.endswith("leder"):
        reader.page.locator("tbody a").first.click()
        reader.page.wait_for_url("**/calendar/*")
    own = reader.path
    more = [] if who.endswith("leder") else ["/calendar/feed"]
    for path in [own, f"{own}/hours", f"{own}/absences/new", *more]:
        reader.goto(path)
        assert reader.accessible() == []
    assert reader.complaints == []


@pytest.mark.parametrize("width", [1180, 375])
def test_a_nurse_records_and_strikes_an_absence_by_keyboard_alone(arrives, width):
    nurse = arrives("stovner2", viewport={"width": width, "height": 900})
    nurse.goto("/calendar")
    nurse.goto(f"{nurse.path}/absences/new")
    page = nurse.page
    page.focus("#kind")
    page.keyboard.press("Space")
    page.focus("#first_day")
    page.keyboard.type("01042027" if width > 400 else "02042027")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert WORDS["nb"][1] in page.inner_text("main")
    assert nurse.accessible() == []
    page.locator("ul.nf-rows a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert nurse.accessible() == []
    page.locator("form.nf-form button[type=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Fraværet er strøket" in page.inner_text("main")
    assert nurse.complaints == []
