"""What births and absences put out of place, on pages: shown calmly, and set right in one form."""

import re
from datetime import timedelta

import pytest

from api.web.rearranging import REASONS
from nyefamilier.visits.displaced import Reason
from tests.builders import DAY

DAYS = timedelta(days=1)
BOX = "Det fødselen flyttet på"


@pytest.fixture
def enrolled(visited):
    page = visited.do("/offers/new", channel="jordmor")
    offer = page.html.partition("/answer")[0].rpartition("/offers/")[2]
    visited.do(f"/offers/{offer}/answer", answer="ja")
    return visited


@pytest.fixture
def born(enrolled):
    """A visit was agreed on, and then the child was born."""
    enrolled.do("/visits/book", day=DAY + 30 * DAYS, clock="10.00")
    birth = re.search(r'href="[^"]*(/pregnancies/[^"]+/birth)"', enrolled.read().html)[1]
    enrolled.do(birth, born_on=DAY)
    return enrolled


def choices(page):
    """The names and values of what can be chosen, in order, by visit."""
    found = re.findall(r'type="radio"[^>]* name="(visit-[^"]+)" value="([^"]*)"', page.html)
    by_visit = {}
    for name, value in found:
        by_visit.setdefault(name, []).append(value)
    return by_visit


def test_before_a_birth_the_family_page_says_nothing_of_it(enrolled):
    enrolled.do("/visits/book", day=DAY + 30 * DAYS, clock="10.00")
    assert BOX not in enrolled.read().words


def test_the_family_page_says_what_the_birth_moved_and_leads_on(born):
    page = born.read()

    assert BOX in page.words
    assert (
        "Det ble avtalt før fødselen eller hjemkomsten ble registrert eller rettet." in page.words
    )
    assert "har ingen tid ennå" in page.words
    assert f"{born.path}/replan" in page.html


def test_all_of_it_is_set_right_in_one_form(born):
    page = born.read("/replan")
    agreed, due = choices(page).items()
    sent = born.do("/replan", **{agreed[0]: agreed[1][1], due[0]: due[1][1]})

    assert "Det er gjort, alt under ett." in sent.words
    assert BOX not in sent.words


def test_no_id_of_the_form_holds_a_space(born):
    assert not re.findall(r'\bid="[^"]*\s[^"]*"', born.read("/replan").html)


def test_what_is_called_off_and_what_is_kept_is_said_in_words(born):
    page = born.read("/replan")
    assert "Behold tiden" in page.words
    assert "Avlys, familien ønsker det" in page.words
    agreed = next(iter(choices(page)))
    sent = born.do("/replan", **{agreed: "cancel-family"})

    assert "har ingen tid ennå" in sent.words
    assert "avlyst" in sent.words.lower()


def test_a_form_in_which_nothing_is_chosen_says_so(born):
    page = born.nurse.send(born.read("/replan"))
    assert page.answer.status_code == 422
    assert "Velg hva som skal skje med minst ett besøk." in page.words


@pytest.mark.parametrize("value", ["keep", "2026-03-12T10:00:00_-_-_hjemme", "i morgen_-_-_-"])
def test_what_no_option_says_is_not_agreed_on(born, value):
    page = born.read("/replan")
    name = next(iter(choices(page)))
    answer = born.nurse.send(page, **{name: value}).answer
    assert answer.status_code == 422


def test_the_nurses_list_names_the_visits_to_look_at_until_they_are(born):
    start = born.nurse.read("/")
    assert "Besøk å se på" in start.words
    assert f"{born.path}/replan" in start.html
    agreed, due = choices(born.read("/replan")).items()
    born.do("/replan", **{agreed[0]: agreed[1][1], due[0]: due[1][1]})

    assert "Besøk å se på" not in born.nurse.read("/").words


def test_the_nurses_day_names_the_reason_beside_the_appointment(born):
    page = born.nurse.read(f"/day?on={DAY + 30 * DAYS}")

    assert (
        "Det ble avtalt før fødselen eller hjemkomsten ble registrert eller rettet." in page.words
    )
    assert f"{born.path}/replan" in page.html


def test_every_reason_has_words():
    assert set(REASONS) == set(Reason)
