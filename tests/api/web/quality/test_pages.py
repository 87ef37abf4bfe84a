"""The pages as they are asked for: who may, of which year, and as a file."""

from __future__ import annotations

import csv
from datetime import date
from functools import partial
from io import StringIO

import pytest

from api.web.quality.pages import PAGES
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.offers.events import ChildBorn
from nyefamilier.offers.states import Answer
from nyefamilier.sync.publishing import release_figures
from nyefamilier.uptake.service import load
from tests.api.web.test_variation import ALIKE, course, tell
from tests.releasing import release_now


@pytest.fixture
def told(programme):
    """Families that said yes or no in one year of their own, and a release of it."""

    def tell_and_release(year, counts=ALIKE):
        tell(programme, year, counts)
        release_figures(
            partial(programme.work, SYSTEM, "job"), partial(programme.snapshot, SYSTEM, "job")
        )

    return tell_and_release


def rows_of(page):
    body = page.answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(body), delimiter=";"))


def test_a_lead_finds_every_page_from_one_place_with_a_sentence_each(reader):
    page = reader(Role.LEAD).read("/figures")

    assert page.answer.status_code == 200
    for one in PAGES:
        assert f'href="/figures/{one.code}"' in page.html
    assert 'href="/uptake"' in page.html
    assert "Hvor mange fikk tilbud, hva svarte de, og hvem har fått besøk?" in page.words


def test_every_page_says_what_may_not_be_claimed_and_where_a_family_is_counted(reader):
    lead = reader(Role.LEAD)
    for one in PAGES:
        page = lead.read(f"/figures/{one.code}")

        assert page.answer.status_code == 200
        assert "ikke funnet noen som var signifikant" in page.words
        assert "doi 10.1186/s12889-023-17285-0" in page.words
        assert "En forskjell er ingen rangering" in page.words
        assert "bydelen den hørte til da" in page.words
        assert "NaN" not in page.words
        assert "None" not in page.words


def test_every_page_is_there_in_english_too(reader):
    planner = reader(Role.PLANNER)
    planner.client.set_cookie("nf_language", "en")
    for one in PAGES:
        page = planner.read(f"/figures/{one.code}")

        assert page.answer.status_code == 200
        assert "What may not be claimed" in page.words


def test_a_released_year_is_shown_with_its_day_and_how_complete_it_is(reader, told):
    told(2019)
    page = reader(Role.LEAD).read("/figures/time?bydel=11")

    assert "Offentliggjort 2. mars 2026" in page.words
    assert "Hvor fullstendige tallene er" in page.words
    assert "ingen telefon er i bruk." in page.words
    assert '<th scope="row">2019</th>' in page.html


def test_what_is_counted_from_a_later_year_on_is_followed_from_that_year(reader, programme):
    """KOSTRA asks for visits within ten days from 2025 on."""
    with programme.work(SYSTEM, "test") as work:
        for _ in range(30):
            known, offered, said = course("11", date(2025, 1, 1), Answer.YES)
            load(
                work,
                (
                    known,
                    offered,
                    said,
                    ChildBorn(known.participation, known.bydel, date(2025, 3, 1)),
                ),
            )
    release_now(programme)
    page = reader(Role.PLANNER, None).read("/figures/time/kostra_10.csv?bydel=11")
    [found] = rows_of(page)

    assert found["code"] == "2025"
    assert "30" in found.values()


def test_the_file_of_a_section_holds_its_table(reader, told):
    told(2018)
    page = reader(Role.PLANNER).read("/figures/time/uptake.csv?bydel=11")
    found = next(row for row in rows_of(page) if row["code"] == "2018")

    assert page.answer.headers["Content-Disposition"] == (
        'attachment; filename="uptake-stovner-alle.csv"'
    )
    assert (found["Takket ja"], found["Familier som fikk tilbudet"]) == ("40", "50")
    assert found["Andel"] == "0,8000"
    assert found["Andel, intervall fra"].startswith("0,66")
    assert found["Offentliggjort"] == "2026-03-02"


def test_the_bydel_is_the_readers_own_unless_she_asks_for_another_or_for_all(reader):
    lead = reader(Role.LEAD)

    assert '<p class="nf-lede">Stovner.' in lead.read("/figures/cohort").html
    assert '<p class="nf-lede">Alna.' in lead.read("/figures/cohort?bydel=12").html
    assert '<p class="nf-lede">Oslo.' in lead.read("/figures/cohort?bydel=all").html
    assert '<p class="nf-lede">Oslo.' in reader(Role.PLANNER, None).read("/figures/cohort").html


def test_a_share_leads_to_the_chart_that_follows_it_over_time(reader):
    lead = reader(Role.LEAD)
    at = 'href="/figures/time?bydel='
    timeliness = lead.read("/figures/timeliness").html
    assert f"{at}11#newborn_visit_by_tertial" in timeliness
    assert f"{at}11#answered_in_time" in timeliness
    assert f"{at}all#newborn_visit" in lead.read("/figures/timeliness?bydel=all").html
    assert f"{at}11#own_nurse_by_tertial" in lead.read("/figures/visits").html
    assert at not in lead.read("/figures/time").html


def test_a_year_that_there_is_not_is_told_on_the_page(reader):
    lead = reader(Role.LEAD)
    for path in ("/figures/cohort", "/figures/cohort/funnel.csv"):
        for year in ("2012", "2400", "i+fjor", ""):
            page = lead.read(f"{path}?year={year}")

            assert page.answer.status_code == 422
            assert page.answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("year=2019-03", "Tallene gis ut for hele år og hele bydeler"),
        ("year=2019-t2", "Tallene gis ut for hele år og hele bydeler"),
        ("bydel=0301111101", "Tallene gis ut for hele år og hele bydeler"),
        ("bydel=77", "Det finnes ingen slik bydel"),
        ("bydel=Stovner", "Det finnes ingen slik bydel"),
        ("year=2400", "Skriv et tall fra 2013 til 2026"),
        ("year=2012", "Skriv et tall fra 2013 til 2026"),
    ],
)
def test_what_is_not_published_is_refused_with_the_reason(reader, query, told):
    lead = reader(Role.LEAD)
    for path in ("/figures/cohort", "/figures/timeliness/newborn_visit.csv"):
        page = lead.read(f"{path}?{query}")

        assert page.answer.status_code == 422
        assert told in page.words
        assert "NaN" not in page.words


def test_a_page_or_a_section_that_there_is_not_is_not_found(reader):
    lead = reader(Role.LEAD)
    for path in ("nothing", "nothing/uptake.csv", "time/nothing.csv"):
        assert lead.read(f"/figures/{path}").answer.status_code == 404


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRIVACY_OFFICER])
def test_figures_are_for_leads_and_planners(reader, role):
    somebody = reader(role)
    for path in ("/figures", "/figures/time", "/figures/time/uptake.csv"):
        assert somebody.read(path).answer.status_code == 403


def test_a_page_of_figures_is_beneath_its_entry_in_the_menu(reader):
    page = reader(Role.LEAD).read("/figures/equity")

    assert '<a href="/figures" aria-current="page">Tall og kvalitet</a>' in page.html
