"""The lead's page of what needs her today: counts, what they mean, and where to go."""

from __future__ import annotations

import re

import pytest

from nyefamilier.kernel.actors import Role

ENGLISH = "What needs you today"
CODES = [
    "overdue", "newborns", "offers", "past_window", "without_nurse", "caseloads", "inbox", "phones",
]  # fmt: skip


def lines(page):
    """How many wait, by the line's name."""
    found = re.findall(r'<li id="(\w+)".*?nf-waits-count"[^>]*>([\d ]+)<', page.html, re.DOTALL)
    return {code: int(many) for code, many in found}


def overview(reader, bydel="11"):
    return reader(Role.LEAD, bydel).read("/overview")


def test_a_lead_reads_what_waits_what_it_means_and_where_to_go(reader, visited, clock):
    visited.do("/offers/new", channel="jordmor")
    clock.forward(days=13)
    before = lines(overview(reader))
    clock.forward(days=1)
    page = overview(reader)

    # Other tests have offered something on the same day.
    assert page.answer.status_code == 200
    assert list(before) == CODES
    assert lines(page)["offers"] > before["offers"]
    assert f"{sum(many > 0 for many in lines(page).values())} ting venter på deg." in page.words
    assert "tilbud uten svar i 14 dager eller mer" in page.words
    assert 'href="/#waiting"' in page.html
    assert "Ubesvart er ikke et nei" in page.words


def test_no_family_can_be_told_or_opened_from_it(reader, visited, clock):
    visited.do("/offers/new", channel="jordmor")
    clock.forward(days=14)
    page = overview(reader)

    assert "Myk" not in page.words
    assert visited.path not in page.html
    assert 'href="/families/' not in page.html.replace('href="/families/new"', "")


def test_a_newborn_is_told_by_the_day_that_it_is_today(reader, enrolled, clock):
    pregnancy = enrolled.read().html.partition("/pregnancies/")[2][:36]
    birth = f"/pregnancies/{pregnancy}/birth"
    enrolled.do(birth, born_on=clock.today, child0_name="Liten Sten")
    clock.forward(days=12)
    page = overview(reader)

    assert lines(page)["newborns"] >= 1
    assert "I dag er det dag" in page.words
    assert " 12" in page.words.partition("I dag er det dag")[2].partition(".")[0]
    assert "er forbi dag 10." in page.words


def test_where_nothing_waits_the_page_says_so(reader):
    page = overview(reader, "13")

    assert set(lines(page).values()) == {0}
    assert "Ingenting venter på deg i dag." in page.words


def test_a_nurse_with_more_families_than_the_setting_says_is_told_of(reader, app, visited):
    within = overview(reader)
    assert lines(within)["caseloads"] == 0
    assert "innenfor" in within.words

    with app.test_request_context():
        from api.programme import programme  # noqa: PLC0415 - only inside the app

        object.__setattr__(programme().settings, "families_per_nurse", 0)
    over = overview(reader)
    assert lines(over)["caseloads"] >= 1
    assert "over" in over.words.split()


@pytest.mark.parametrize("role", [Role.NURSE, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_nobody_else_has_a_bydel_to_look_after(reader, role):
    bydel = "11" if role is Role.NURSE else None
    assert reader(role, bydel).read("/overview").answer.status_code == 403


def test_the_lead_comes_there_from_the_menu_and_reads_it_in_english_too(reader):
    chief = reader(Role.LEAD, "13")
    assert 'href="/overview"' in chief.read("/").html

    chief.client.set_cookie("nf_language", "en")
    page = chief.read("/overview")
    assert ENGLISH in page.words
    assert "Nothing waits for you today." in page.words
