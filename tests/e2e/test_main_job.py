"""The whole main job in a browser, in both languages, with every page on the way checked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e import families


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_nurse_does_the_main_job_and_every_page_on_the_way_is_accessible(arrives, language):
    nurse = arrives()
    nurse.speaks(language)
    found = nurse.accessible()
    nurse.sign_in("stovner1")
    found += nurse.accessible()

    family = families.register(nurse)
    found += nurse.accessible()
    families.offer(nurse, family)
    families.say_yes(nurse)
    families.agree(nurse, family)
    families.state_need(nurse, family)
    found += nurse.accessible()
    families.give_birth(nurse, family)
    families.record_visit(nurse, family)
    families.correct(nurse, "Mor er uthvilt.")
    _unfold(nurse)
    found += nurse.accessible()

    expect(nurse.page.locator("blockquote").first).to_have_text(families.NEED)
    expect(nurse.page.get_by_text("Mor er uthvilt.")).to_be_visible()
    expect(nurse.page.get_by_text(families.NOTE)).to_be_visible()
    expect(nurse.page.locator(".nf-plan [data-state=done]")).to_have_count(1)
    assert nurse.page.locator("html").get_attribute("lang") == language
    assert found == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_form_is_accessible_before_it_is_filled_in_and_with_flaws(arrives, language):
    nurse = arrives("stovner2")
    nurse.speaks(language)
    family = families.register(nurse)
    families.offer(nurse, family)
    links = nurse.page.locator("main a[href*='/families/']").evaluate_all(
        "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )
    found, seen = [], 0
    for path in ["/families/new", f"{family}/notes/new", *links]:
        nurse.goto(path)
        if nurse.page.locator("form.nf-form").count() == 0:
            continue
        found += nurse.accessible()
        nurse.page.locator("form.nf-form input:not([type=hidden])").evaluate_all(
            "fields => fields.forEach(field => { if (field.type === 'text') field.value = ''; })"
        )
        nurse.submit()
        found += nurse.accessible()
        seen += 1
    assert found == []
    assert seen >= 10


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    ("username", "paths"),
    [
        (None, ["/sign-in", "/about", "/accessibility", "/nowhere", "/problems"]),
        (
            "stovner3",
            ["/", "/families/find", "/uptake", "/families/00000000-0000-0000-0000-000000000000"],
        ),
        ("stovner.leder", ["/", "/families", "/uptake", "/families/new", "/access-log"]),
        ("planlegger", ["/", "/uptake?from=2014&to=2016&bydel=11"]),
        ("personvern", ["/", "/access-log?family=nothing"]),
    ],
)
def test_every_roles_pages_are_accessible_and_fit_a_telephone_at_400_percent(
    arrives, username, paths, language
):
    somebody = arrives(username)
    somebody.speaks(language)
    found, beyond = [], {}
    for path in paths:
        somebody.page.set_viewport_size({"width": 1280, "height": 900})
        somebody.goto(path)
        found += somebody.accessible()
        # 1280 pixels at 400 % are 320 of them (WCAG 2.1, 1.4.10).
        somebody.page.set_viewport_size({"width": 320, "height": 640})
        beyond[path] = somebody.width_beyond_screen()
    assert found == []
    assert {path: width for path, width in beyond.items() if width > 0} == {}


def test_a_lead_gives_a_family_that_waits_a_nurse_and_reads_no_name(arrives):
    nurse, lead = arrives("alna1"), arrives("stovner.leder")
    nurse.goto("/families/new")
    nurse.fill(one_name="Myk Skog", term=families.today().isoformat(), lines="Prøveveien 3")
    nurse.page.select_option("#delbydel", "0301121207")
    nurse.submit()
    family = nurse.path
    nurse.goto(f"{family}/move")
    nurse.page.select_option("#delbydel", families.VESTLI)
    nurse.fill(lines="Prøveveien 4", summary="Trenger tolk.")
    nurse.submit()
    assert nurse.path == "/"

    lead.goto(f"{family}/team")
    expect(lead.page.get_by_text("Myk Skog")).to_have_count(0)
    lead.page.select_option("#nurse", label="Helsesykepleier 3, Stovner")
    lead.submit()

    successor = arrives("stovner3")
    successor.goto(family)
    expect(successor.page.locator("h1")).to_have_text("Myk Skog")
    expect(successor.page.get_by_text("Trenger tolk.")).to_have_count(1)


def _unfold(nurse):
    for summary in nurse.page.locator("main summary").all():
        summary.click()
