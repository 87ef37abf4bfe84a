"""The earlier revisions of a section, beside the present one."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import ChildBorn, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.service import load
from tests.releasing import release_now

PATH = "/figures/cohort/funnel/revisions"


@pytest.fixture
def born(programme):
    """Families of Stovner who said yes, and whose child was born in a year."""

    def tell_and_release(year, families):
        with programme.work(SYSTEM, "test") as work:
            load(work, [event for _ in range(families) for event in course(year)])
        release_now(programme)

    return tell_and_release


def course(year):
    key, bydel, basis = uuid4(), BydelNumber("11"), Basis.FIRST_CHILD
    month, birth = date(year, 3, 1), date(year, 6, 1)
    yield FamilyIdentified(key, bydel, month, basis)
    yield OfferMade(key, bydel, month, "nye_familier", basis, Channel.MIDWIFE)
    yield OfferAnswered(key, bydel, month, "nye_familier", Answer.YES)
    yield ChildBorn(key, bydel, birth, None)


@pytest.fixture
def revised(born, clock):
    """A year that late data has revised once: 20 born, then 29, a week later."""

    def revise(year):
        born(year, 20)
        clock.forward(days=7)
        born(year, 9)

    return revise


def test_a_section_that_was_revised_leads_to_its_earlier_counts_beside_the_present(
    reader, revised, clock
):
    revised(2016)
    planner = reader(Role.PLANNER, None)
    shown = planner.read("/figures/cohort?year=2016")
    page = planner.read(f"{PATH}?year=2016")

    assert "utgave 2" in shown.words
    assert f'href="{PATH}?year=2016&amp;bydel=all"' in shown.html
    assert page.answer.status_code == 200
    assert "Utgave 2 (9. mars 2026) ved siden av utgave 1 (2. mars 2026)." in page.words
    assert "Endret siden utgave 1: Født, Har fått tilbud, Takket ja, Ikke fått besøk ennå." in (
        page.words
    )
    assert '<th scope="colgroup" colspan="2">Familier</th>' in page.html
    assert page.words.count("Utgave 2 Utgave 1") == 2
    row = page.html.partition('<th scope="row">Født</th>')[2].partition("</tr>")[0]
    assert row.index(">29<") < row.index(">20<")
    assert "Sammen på vei" not in page.words, "that line is of another release's table"


def test_the_page_is_there_in_english_and_of_one_bydel(reader, revised):
    revised(2017)
    lead = reader(Role.LEAD)
    lead.client.set_cookie("nf_language", "en")
    page = lead.read(f"{PATH}?year=2017&bydel=11&revision=1")

    assert page.answer.status_code == 200
    assert "Stovner" in page.words
    assert "Revision 1" in page.words
    assert "NaN" not in page.words


def test_a_section_that_was_never_revised_says_so(reader, born):
    born(2015, 12)
    planner = reader(Role.PLANNER, None)

    assert f'href="{PATH}' not in planner.read("/figures/cohort?year=2015").html
    assert "finnes bare i én utgave" in planner.read(f"{PATH}?year=2015").words


def test_a_revision_that_there_is_not_is_refused(reader, revised):
    revised(2018)
    planner = reader(Role.PLANNER, None)
    for unknown in ("3", "0", "x", "-1"):
        answer = planner.read(f"{PATH}?year=2018&revision={unknown}").answer
        assert answer.status_code == 404
    assert planner.read(f"{PATH}?year=2018-03").answer.status_code == 422
    assert planner.read("/figures/cohort/nothing/revisions?year=2018").answer.status_code == 404
    assert planner.read("/figures/time/uptake/revisions").answer.status_code == 404


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRIVACY_OFFICER])
def test_earlier_figures_are_for_leads_and_planners(reader, role):
    assert reader(role).read(f"{PATH}?year=2018").answer.status_code == 403
