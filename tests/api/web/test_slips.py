"""A slip of the pen is asked about: it is never kept as it stands, and never dropped in silence."""

from __future__ import annotations

import re

import pytest

from nyefamilier.families.states import TeamPart
from tests.api.web.conftest import TERM
from tests.builders import DAY, VESTLI


@pytest.mark.parametrize("year", ["1026", "0206", "1800"])
def test_a_year_with_a_slip_in_it_is_asked_about_and_nothing_is_recorded(visited, year):
    page = visited.do("/offers/new", channel="brev", offered_on=f"{year}-03-01")

    assert page.answer.status_code == 422
    assert "Dette er før 1900. Sjekk årstallet." in page.words
    assert "Familien har ikke fått noe tilbud ennå." in visited.read().words


@pytest.mark.parametrize("day", ["2012-12-31", "2016-03-01"])
def test_a_year_that_cannot_be_is_told_by_the_programmes_own_rule_beside_the_field(visited, day):
    page = visited.do("/offers/new", channel="brev", offered_on=day)

    assert page.answer.status_code == 422
    assert 'href="#offered_on"' in page.html
    assert "Datoen ligger lenger tilbake enn dette kan ha skjedd. Sjekk årstallet." in page.words


def test_an_address_may_be_older_than_the_programme(nurse):
    page = nurse.send(
        nurse.read("/families/new"),
        one_name="Myk Skog",
        term=TERM,
        lines="Prøveveien 1",
        delbydel=VESTLI,
        valid_from="2004-08-01",
    )

    assert "Familien er registrert." in page.words


def test_a_second_parents_number_without_a_name_is_asked_about(nurse):
    page = nurse.send(
        nurse.read("/families/new"),
        one_name="Myk Skog",
        two_phone="40000001",
        term=TERM,
        lines="Prøveveien 1",
        delbydel=VESTLI,
        valid_from=DAY,
    )

    assert page.answer.status_code == 422
    assert 'href="#two_name"' in page.html
    assert page.form.fields["two_phone"] == "40000001"


def test_a_wish_without_the_need_it_is_for_is_asked_about(visited):
    page = visited.do("/visits/new", day=DAY, clock="09.00", need1_wish="Å få sove.")

    assert 'href="#need1_words"' in page.html
    assert page.form.fields["need1_wish"] == "Å få sove."
    assert _is_unfolded("Ett behov til", page.html)


def test_a_reason_without_an_interpreter_is_asked_about(visited):
    page = visited.do("/visits/new", day=DAY, clock="09.00", why_unqualified="Ingen ledig.")

    assert 'href="#interpreter"' in page.html
    assert _is_unfolded("Tolk", page.html)


def test_who_names_a_last_day_is_not_taken_to_mean_a_new_primary_nurse(visited):
    form = visited.read("/team")
    page = visited.nurse.send(form, part=TeamPart.PRIMARY, until=DAY)

    assert page.answer.status_code == 422
    assert "En fast helsesykepleier har ingen siste dag." in page.words


def test_who_names_a_parent_that_closes_a_need_must_say_how_it_was_closed(visited):
    parent = visited.read("/needs/new").html.partition('name="stated_by" value="')[2][:36]
    visited.do("/needs/new", words="Vi får ikke sove.", stated_by=parent)
    need = visited.read().html.partition("/needs/0")[2][:35]

    page = visited.do(f"/needs/0{need}", state="being_met", closed_by=parent)

    assert page.answer.status_code == 422
    assert "Et behov avsluttes som møtt, eller som ikke lenger ønsket." in page.words


def test_a_parents_death_is_recorded_in_plain_words_and_does_not_claim_that_a_plan_is_closed(
    visited,
):
    mother = re.search(r"/members/([0-9a-f-]{36})", visited.read().html)

    before = visited.read(f"/members/{mother[1]}/death")
    after = visited.nurse.send(before, on=DAY)

    assert "Det som er planlagt, blir stående" in before.words
    assert "Dødsfallet er registrert." in after.words
    assert "programmet planlegger ingen besøk" not in after.words


def test_a_question_in_the_summary_of_flaws_is_not_followed_by_a_colon(visited):
    page = visited.do("/offers/new", channel="")

    assert "Hvordan fikk de tilbudet? Velg ett." in page.words


def _is_unfolded(summary: str, html: str) -> bool:
    return f" open><summary>{summary}<" in html
