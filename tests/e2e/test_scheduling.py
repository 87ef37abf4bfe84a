"""The pages about time can be read by everybody, on a wide screen and a narrow one."""

from __future__ import annotations

import pytest

from tests.e2e import families

NARROW = {"width": 360, "height": 740}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_forecast_of_newborn_visits_is_accessible_in_both_languages(arrives, language):
    lead = arrives("stovner.leder")
    lead.speaks(language)
    lead.goto("/newborns")

    assert lead.accessible() == []
    assert lead.complaints == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_times_are_proposed_accessibly_on_wide_screens_and_narrow_ones(arrives, language):
    for options in ({}, {"viewport": NARROW}):
        nurse = arrives("stovner1", **options)
        nurse.speaks(language)
        family = families.register(nurse)
        nurse.goto(f"{family}/visits/book?wish=friday-morning")

        assert nurse.page.locator("ol.nf-rows > li").count() > 0
        assert nurse.accessible() == []
        assert nurse.width_beyond_screen() == 0
        assert nurse.complaints == []


def test_a_proposed_time_is_chosen_and_agreed_on_with_the_keyboard_alone(arrives):
    nurse = arrives("stovner1")
    family = families.register(nurse)
    nurse.goto(f"{family}/visits/book")
    times = nurse.page.locator("ol.nf-rows a")
    words = times.first.inner_text()
    for _ in range(40):
        nurse.page.keyboard.press("Tab")
        if times.first.evaluate("link => link === document.activeElement"):
            break
    nurse.page.keyboard.press("Enter")
    nurse.page.wait_for_url("**clock=**")

    day, clock = nurse.page.input_value("#day"), nurse.page.input_value("#clock")
    assert day
    assert clock.replace(":", ".") in words
    nurse.page.focus("#agreed")
    save = nurse.page.locator("form[method=post] .nf-actions button")
    for _ in range(10):
        nurse.page.keyboard.press("Tab")
        if save.evaluate("button => button === document.activeElement"):
            break
    nurse.page.keyboard.press("Enter")
    nurse.page.wait_for_url("**done=booked*")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_nurses_week_and_day_are_accessible_on_wide_screens_and_narrow_ones(arrives, language):
    for options in ({}, {"viewport": NARROW}):
        nurse = arrives("stovner1", **options)
        nurse.speaks(language)
        families.agree(nurse, families.register(nurse))
        for path in ("/week", f"/day?on={families.today()}"):
            nurse.goto(path)

            assert nurse.accessible() == []
            assert nurse.width_beyond_screen() == 0
            assert nurse.complaints == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_a_birth_moved_is_seen_and_set_right_on_wide_screens_and_narrow_ones(
    arrives, language
):
    for options in ({}, {"viewport": NARROW}):
        nurse = arrives("stovner1", **options)
        nurse.speaks(language)
        family = families.register(nurse)
        families.offer(nurse, family)
        families.say_yes(nurse)
        families.give_birth(nurse, family, days_ago=3)
        for path in (family, f"{family}/replan", "/"):
            nurse.goto(path)

            assert nurse.accessible() == []
            assert nurse.width_beyond_screen() == 0
        nurse.goto(f"{family}/replan")
        nurse.page.locator("input[type=radio]").nth(1).check()
        nurse.submit()

        assert "done=replanned" in nurse.page.url
        assert nurse.page.locator("#moved").count() == 0
        assert nurse.complaints == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_rare_fields_are_accessible_open_and_refused_on_wide_screens_and_narrow_ones(
    arrives, language
):
    for options in ({}, {"viewport": NARROW}):
        nurse = arrives("stovner1", **options)
        nurse.speaks(language)
        family = families.register(nurse)
        nurse.goto(f"{family}/visits/book")
        # The interpreter's are open: the mother needs one.
        for name in ("second_nurse", "outside_hours"):
            nurse.page.locator(f"details:has(#{name}) summary").click()
        nurse.page.select_option("#interpreter_language", "ur")
        nurse.page.check("#not_alone")
        nurse.fill(day=families.workday(5).isoformat(), clock="10:00", safety_note="Stor hund.")
        nurse.submit()

        assert nurse.accessible() == []
        assert nurse.width_beyond_screen() == 0


def test_a_time_outside_working_hours_is_changed_for_one_that_is_proposed(arrives):
    nurse = arrives("stovner1")
    family = families.register(nurse)
    nurse.goto(f"{family}/visits/book")
    nurse.fill(day=families.workday(4).isoformat(), clock="19:30")
    nurse.submit()
    proposed = nurse.page.locator("input[name=instead]")

    assert proposed.count() > 1
    assert nurse.accessible() == []
    proposed.first.check()
    nurse.submit()
    nurse.page.wait_for_url("**done=booked*")


def test_an_evening_is_agreed_on_for_a_reason(arrives):
    nurse = arrives("stovner1")
    family = families.register(nurse)
    nurse.goto(f"{family}/visits/book")
    nurse.fill(day=families.workday(4).isoformat(), clock="20:30")
    nurse.submit()
    nurse.fill(outside_hours="Far er bare hjemme da.")
    nurse.submit()
    nurse.page.wait_for_url("**done=booked*")

    assert "Far er bare hjemme da." in nurse.page.inner_text("#plan")
