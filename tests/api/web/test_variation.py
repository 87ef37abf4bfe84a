"""The page of variation between bydeler: what it says, what it draws, what it gives away."""

import csv
import re
from datetime import date
from io import StringIO
from types import SimpleNamespace
from uuid import uuid4

import pytest

from api.web.asking import Row
from api.web.comparing import MEASURES, Compared, Comparison, finding
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.funnel import Point
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.service import load
from tests.releasing import release_now

ALIKE = {f"{number:02}": (40, 10) for number in range(1, 13)}
SAGENE_APART = ALIKE | {"03": (25, 25)}
ALL_VARY = {bydel: (48, 2 + 3) if int(bydel) % 2 else (31, 19) for bydel in ALIKE}
STOVNER_HIDDEN = ALIKE | {"11": (30, 2)}
NOBODY_SAID_NO = {"01": (12, 0), "11": (20, 0)}


def tell(programme, year, counts):
    """Families identified in bydeler, so many of whom said yes and so many no.

    What is told stays: each test has a year of its own.
    """
    with programme.work(SYSTEM, "test") as work:
        load(
            work,
            [
                event
                for bydel, answers in counts.items()
                for answer, many in zip((Answer.YES, Answer.NO), answers, strict=True)
                for _ in range(many)
                for event in course(bydel, date(year, 3, 1), answer)
            ],
        )
    release_now(programme)


def course(bydel, month, answer):
    key, number, basis = uuid4(), BydelNumber(bydel), Basis.FIRST_CHILD
    yield FamilyIdentified(key, number, month, basis)
    yield OfferMade(key, number, month, "nye_familier", basis, Channel.MIDWIFE)
    yield OfferAnswered(key, number, month, "nye_familier", answer)


@pytest.fixture
def planner(reader):
    return reader(Role.PLANNER)


@pytest.fixture
def chief(reader):
    return reader(Role.LEAD)


def findings(page):
    return re.findall(r'<p class="nf-finding">([^<]*)</p>', page.html)


def test_alike_bydeler_lie_within_what_chance_can_explain(programme, planner):
    tell(programme, 2014, ALIKE)
    page = planner.read("/variation?from=2014&to=2014")

    assert page.answer.status_code == 200
    assert findings(page)[0] == (
        "Alle bydeler som kan vises, ligger innenfor det tilfeldigheter kan forklare."
    )
    assert "Samlet varierer bydelene ikke klart mer enn ved tilfeldigheter" in page.words


def test_a_bydel_that_chance_hardly_explains_is_named_and_no_cause_is_given(programme, planner):
    tell(programme, 2015, SAGENE_APART)
    page = planner.read("/variation?from=2015&to=2015")

    assert findings(page)[0] == (
        "Utenfor det tilfeldigheter lett kan forklare: Sagene. Figuren sier ikke hvorfor."
    )
    assert "ingen rangering" in page.words
    assert "ikke funnet noen signifikant" in page.words


def test_bydeler_that_all_vary_are_judged_by_wider_limits_and_the_page_says_so(programme, planner):
    tell(programme, 2016, ALL_VARY)
    page = planner.read("/variation?from=2016&to=2016")

    assert "Grensene er derfor videre" in page.words
    assert "den vanlige forskjellen mellom bydeler kan forklare" in findings(page)[0]


def test_bydeler_stand_by_number_in_table_and_file_the_readers_own_first(programme, chief):
    tell(programme, 2020, SAGENE_APART)
    page = chief.read("/variation?from=2020&to=2020").html
    table = re.findall(r'<th scope="row">([^<]*)</th>', page)
    rows = sheet(chief.read("/variation.csv?from=2020&to=2020"))

    assert table[:3] == ["Stovner", "Gamle Oslo", "Grünerløkka"]
    own, *others = [row["bydel"] for row in rows if row["indicator"] == "uptake"]
    assert own == "11"
    assert others == sorted(others)


def test_a_hidden_bydel_is_named_as_such_and_its_numbers_are_nowhere(programme, chief):
    tell(programme, 2017, STOVNER_HIDDEN)
    page = chief.read("/variation?from=2017&to=2017")
    hidden = sheet(chief.read("/variation.csv?from=2017&to=2017"))[0]

    assert "Ikke i figuren, fordi tallene er skjult: Stovner" in page.words
    assert 'aria-label="Stovner' not in page.html
    assert (hidden["Bydel"], hidden["I forhold til grensene"]) == ("Stovner", "skjult")
    assert {hidden[name] for name in ("Teller", "Andel", "Indre grense, nedre")} == {""}


def test_bydeler_without_families_have_none_yet_and_no_share(programme, planner):
    tell(programme, 2022, ALIKE)
    page = planner.read("/variation?from=2022&to=2022")

    assert re.search(r"Ingen familier ennå: [^.]*Nordstrand", page.words)
    nordstrand = page.html.partition('<th scope="row">Nordstrand</th>')[2].partition("</tr>")[0]
    assert re.findall(">([^<>]*)</td>", nordstrand) == ["ingen familier ennå"]


def test_a_period_without_any_family_says_that_nothing_can_be_compared(planner):
    page = planner.read("/variation?from=2013&to=2013")

    assert (
        findings(page)
        == ["Ingen bydels tall kan vises for denne perioden, så ingen kan sammenlignes."] * 2
    )
    assert "<figure" not in page.html


def test_one_bydel_alone_is_not_compared_with_a_city_that_it_is(programme, planner):
    tell(programme, 2023, {"11": (40, 10)})
    page = planner.read("/variation?from=2023&to=2023")

    assert findings(page)[0].startswith("Bare én bydels tall kan vises for denne perioden")
    assert "<figure" not in page.html


def test_where_everybody_said_yes_there_is_no_funnel(programme, planner):
    tell(programme, 2018, NOBODY_SAID_NO)
    page = planner.read("/variation?from=2018&to=2018")

    assert (
        findings(page)[0]
        == "For Oslo samlet er andelen 100\N{NO-BREAK SPACE}%, og det er den i hver bydel."
    )


def test_a_city_that_is_hidden_compares_nobody(app):
    row = Row("Stovner", own=True, line=SimpleNamespace(bydel="11"))
    shown = Compared(row, Point(40, 50), None, None, is_empty=False)
    with app.test_request_context():
        said = finding(Comparison(MEASURES[0], (shown, shown), None, None))

    assert said.startswith("Tallet for Oslo er skjult for denne perioden")
    assert shown.verdict is None


def sheet(page):
    assert page.answer.status_code == 200
    body = page.answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(body), delimiter=";"))


def test_the_file_holds_the_pages_figures_as_a_norwegian_spreadsheet_reads_them(programme, planner):
    tell(programme, 2019, SAGENE_APART)
    page = planner.read("/variation.csv?from=2019&to=2019")
    sagene = next(row for row in sheet(page) if row["Bydel"] == "Sagene")

    assert page.answer.get_data().startswith(b"\xef\xbb\xbf")
    assert page.answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.answer.headers["Content-Disposition"] == (
        'attachment; filename="variation-2019-2019.csv"'
    )
    assert (sagene["Teller"], sagene["Nevner"], sagene["Andel"]) == ("25", "50", "0,5000")
    assert sagene["I forhold til grensene"] == "utenfor"
    assert float(sagene["Ytre grense, nedre"].replace(",", ".")) > 0.5


def test_in_english_the_file_has_commas_between_cells_and_points_in_numbers(programme, planner):
    tell(programme, 2021, SAGENE_APART)
    planner.client.set_cookie("nf_language", "en")
    page = planner.read("/variation.csv?from=2021&to=2021")
    rows = csv.DictReader(StringIO(page.answer.get_data().decode("utf-8-sig")))

    assert next(row["Share"] for row in rows if row["Bydel"] == "Sagene") == "0.5000"


@pytest.mark.parametrize("path", ["/variation", "/variation.csv"])
@pytest.mark.parametrize("query", ["from=2016&to=2014", "from=2400&to=2400", "from=i+fjor&to=2016"])
def test_a_period_that_is_not_published_is_told_on_the_page(planner, path, query):
    page = planner.read(f"{path}?{query}")

    assert page.answer.status_code == 422
    assert page.answer.headers["Content-Type"].startswith("text/html")
    assert "<figure" not in page.html


@pytest.mark.parametrize("path", ["/variation", "/variation.csv"])
@pytest.mark.parametrize("role", [Role.NURSE, Role.PRIVACY_OFFICER])
def test_variation_is_for_leads_and_planners(reader, path, role):
    assert reader(role).read(path).answer.status_code == 403


def test_leads_and_planners_come_there_from_the_page_of_uptake_and_nurses_do_not(reader):
    link = 'href="/variation?'
    assert link in reader(Role.LEAD).read("/uptake").html
    assert link in reader(Role.PLANNER).read("/uptake").html
    assert link not in reader(Role.NURSE).read("/uptake").html


def test_a_share_that_is_hidden_has_no_counts_here_though_they_are_shown_elsewhere():
    shown = SimpleNamespace(uptake=Share(0.8, 0.7, 0.9), accepted=40, offered=50)
    hidden = SimpleNamespace(uptake=None, accepted=8, offered=8)

    assert MEASURES[0].point(shown) == Point(40, 50)
    assert MEASURES[0].point(hidden) is None
