"""The booking page proposes times, and says why."""

import re
from datetime import timedelta

from api.web.proposing import _HALF_DAYS, REASONS, WHY
from nyefamilier.kernel.actors import Role
from nyefamilier.visits.openings import WISHES
from nyefamilier.visits.slots import Reason, Why
from tests.builders import DAY

LINK = re.compile(r'<a class="nf-row-title" href="([^"]+)"([^>]*)>([^<]+)')


def times(page):
    return [
        (href.replace("&amp;", "&"), more, words) for href, more, words in LINK.findall(page.html)
    ]


def visit_of(page, word):
    """The address that books the first visit of the plan whose name has a word in it."""
    found = re.findall(
        r'href="([^"]*/visits/book\?visit=[^"]+)">[^<]*<span[^>]*>([^<]*)', page.html
    )
    return next(href for href, words in found if word in words)


def test_the_best_times_are_told_with_the_reasons_of_their_place(visited):
    page = visited.read("/visits/book")
    proposed = times(page)

    assert len(proposed) == 8
    assert "Familiens egen helsesykepleier, god plass i helsesykepleierens uke" in page.words
    assert "tidsrommet for besøket" not in page.words
    assert all(visited.nurse.identity.display_name in page.words for _ in proposed)


def test_a_visit_of_the_plan_is_told_to_lie_in_its_window(enrolled):
    page = enrolled.nurse.read(visit_of(enrolled.read(), "svangerskapet"))

    assert "I tidsrommet for besøket, familiens egen helsesykepleier" in page.words


def test_a_time_that_is_chosen_fills_in_the_form_and_is_agreed(visited):
    href, _, words = times(visited.read("/visits/book"))[2]
    page = visited.nurse.read(href)
    chosen = [more for _, more, told in times(page) if told == words]

    assert chosen == [' aria-current="true"']
    agreed = visited.nurse.send(page)
    assert "Besøket er avtalt" in agreed.words
    assert words.partition(" kl. ")[2] in agreed.words


def test_what_the_family_wishes_for_is_asked_by_the_address_and_comes_first(visited):
    page = visited.read("/visits/book?wish=friday-afternoon&wish=nonsense")

    assert times(page)[0][2].startswith("Fredag")
    assert "slik familien ønsket" in page.words
    assert 'value="friday-afternoon" checked' in page.html


def test_a_visit_that_waits_for_the_birth_is_not_offered_has_no_times_and_says_why(enrolled):
    plan = enrolled.read()
    assert "Tiden avtales etter fødselen." in plan.words
    assert len(re.findall(r"/visits/book\?visit=", plan.html)) == 1
    form = enrolled.read("/visits/book")
    assert "Hjemmebesøk i svangerskapet" in form.words
    assert "Hjemmebesøk hos den nyfødte" not in form.words

    newborn = plan.html.rpartition("/cancel")[0].rpartition("/visits/")[2]
    page = enrolled.read(f"/visits/book?visit={newborn}")
    assert times(page) == []
    assert "barnet er ikke født ennå" in page.words


def test_after_a_refusal_the_times_are_those_of_the_visit_that_was_chosen(enrolled):
    visit = visit_of(enrolled.read(), "svangerskapet").rpartition("=")[2]
    page = enrolled.do("/visits/book", visit=visit, day=DAY, clock="")

    assert page.answer.status_code == 422
    assert "I tidsrommet for besøket, familiens egen helsesykepleier" in page.words


def test_a_colleague_can_be_asked_to_come(visited, reader):
    colleague = reader(Role.NURSE).identity
    day = DAY + timedelta(days=3)
    page = visited.do("/visits/book", day=day, clock="10.00", nurse=colleague.id)

    assert "Besøket er avtalt" in page.words


def test_the_reasons_are_told_in_english_too(visited):
    visited.nurse.client.set_cookie("nf_language", "en")
    page = visited.read("/visits/book")

    assert "The family's own nurse, room in the nurse's week" in page.words


def test_every_reason_has_words():
    assert (set(REASONS), set(WHY)) == (set(Reason), set(Why))
    assert list(_HALF_DAYS) == list(WISHES)
