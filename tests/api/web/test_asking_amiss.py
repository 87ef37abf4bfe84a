"""What somebody asks the pages of figures amiss: refused where it stands, and never passed over."""

from __future__ import annotations

import pytest

from nyefamilier.kernel.actors import Role

BY_YEARS = ("/uptake", "/variation", "/variation.csv")
BY_YEAR = ("/figures/cohort", "/figures/time", "/figures/cohort/funnel.csv")
REVISIONS = "/figures/cohort/funnel/revisions"


@pytest.fixture
def planner(reader):
    return reader(Role.PLANNER, None)


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("bydel=77", "bydel", "Det finnes ingen slik bydel"),
        ("bydel=Stovner", "bydel", "Det finnes ingen slik bydel"),
        ("bydel=0301111101", "bydel", "Tallene gis ut for hele år og hele bydeler"),
        ("map=tomorrow", "", "Velg ett av de to"),
        ("map=", "", "Velg ett av de to"),
        ("from=", "from", "Fyll inn et tall"),
        ("to=", "to", "Fyll inn et tall"),
        ("from=2024&to=2023", "to", "Det første året kommer etter det siste"),
        ("from=2400&to=2400", "from", "Skriv et tall fra 2013 til 2026"),
        ("from=2024-03", "from", "Skriv et tall fra 2013 til 2026"),
        ("year=2024", "", "Adressen spør om noe"),
        ("nurse=Synne", "", "Adressen spør om noe"),
        ("from=2024&from=2025", "from", "Adressen sier dette mer enn én gang"),
    ],
)
def test_uptake_and_variation_refuse_what_they_do_not_know(planner, query, field, told):
    for path in BY_YEARS:
        refuses(planner.read(f"{path}?{query}"), field, told)


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("bydel=", "bydel", "Det finnes ingen slik bydel"),
        ("bydel=77", "bydel", "Det finnes ingen slik bydel"),
        ("map=now", "", "Adressen spør om noe"),
        ("from=2024&to=2025", "", "Adressen spør om noe"),
        ("bydel=11&bydel=12", "bydel", "Adressen sier dette mer enn én gang"),
    ],
)
def test_pages_of_one_year_refuse_what_they_do_not_know(planner, query, field, told):
    for path in BY_YEAR:
        refuses(planner.read(f"{path}?{query}"), field, told)


@pytest.mark.parametrize("query", ["year=", "year=2400", "year=2012", "year=2024-03"])
def test_a_year_that_there_is_not_is_refused_beside_its_field(planner, query):
    refuses(planner.read(f"/figures/cohort?{query}"), "year", "")


def test_a_page_of_the_whole_city_refuses_a_bydel(planner):
    for path in ("/figures/equity", "/figures/equity/uptake_by_language.csv"):
        refuses(planner.read(f"{path}?bydel=11"), "", "Denne siden gjelder hele Oslo")
    assert planner.read("/figures/equity?bydel=all").answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("bydel=77&period=2025", "bydel", "Velg en bydel"),
        ("bydel=11&period=2400", "period", "Velg en periode"),
        ("bydel=11&period=2025-m03", "period", "Velg en periode"),
        ("bydel=&period=", "bydel", "Velg en bydel"),
        ("bydel=11&year=2025", "", "Adressen spør om noe"),
    ],
)
def test_reports_refuse_what_they_do_not_have_and_say_which_of_the_two_it_is(
    planner, query, field, told
):
    page = planner.read(f"/reports?{query}")
    refuses(page, field, told)
    if query.startswith("bydel=11&period"):
        assert "Velg en bydel" not in page.words


def test_a_revision_that_is_left_empty_is_none(planner):
    assert planner.read(f"{REVISIONS}?year=2018&revision=").answer.status_code == 404
    refuses(planner.read(f"{REVISIONS}?year=2018&version=1"), "", "Adressen spør om noe")


def test_a_bydel_that_was_refused_can_be_chosen_from_the_list(planner):
    page = planner.read("/uptake?bydel=77")
    assert '<option value="11">Stovner</option>' in page.html


def test_a_lead_can_point_out_no_bydel_at_all(reader):
    lead = reader(Role.LEAD)
    assert "data-own" in lead.read("/uptake").html
    assert "data-own" not in lead.read("/uptake?bydel=").html


def refuses(page, field, told):
    """A page that says what is wrong, leads to the field, and shows no figure."""
    assert page.answer.status_code == 422, page.words
    assert told in page.words
    assert f'href="#{field}"' in page.html if field else 'href="#"' not in page.html
    assert "<figure" not in page.html
