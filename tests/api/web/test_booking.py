"""The form that agrees on a visit: how long, who comes, who interprets, what to look out for."""

import re
from datetime import timedelta

import pytest

from nyefamilier.kernel.actors import Role
from tests.builders import DAY

TIMES = re.compile(r'name="instead" value="([^"]+)"')
ON, CLOCK = DAY + timedelta(days=2), "10.00"


def book(visited, below="", **filled):
    return visited.do(f"/visits/book{below}", day=ON, clock=CLOCK, **filled)


def again(visited):
    """Where the visit that is agreed on is given another time."""
    page = visited.read()
    return page.html.partition("/visits/book?visit=")[2].partition('"')[0]


@pytest.fixture
def colleague(visited, reader):
    assert visited
    return reader(Role.NURSE).identity


def test_an_ordinary_visit_lasts_an_hour_and_needs_nothing_more(visited):
    page = book(visited)
    assert page.words.count("Tolk:") == 0
    assert "Ikke alene" not in page.words
    assert "10.00–11.00" in visited.nurse.read(f"/day?on={ON}").words


def test_how_long_it_lasts_is_for_the_two_to_agree_on(visited):
    book(visited, minutes="90")
    assert "10.00–11.30" in visited.nurse.read(f"/day?on={ON}").words

    page = book(visited, minutes="5")
    assert page.answer.status_code == 422


def test_the_interpreter_is_shown_with_the_visit_and_on_the_day(visited):
    book(visited, interpreter_language="ur", dialect="lahori", interpreter_way="remote")

    for page in (visited.read(), visited.nurse.read(f"/day?on={ON}")):
        assert "Tolk: urdu (lahori), på telefon eller skjerm. Ikke bekreftet ennå." in page.words


def test_when_a_visit_is_moved_its_interpreter_is_to_be_asked_anew(visited):
    book(visited, interpreter_language="ur", confirmed="1")
    assert "Bekreftet." in visited.read().words

    visited.do(f"/visits/book?visit={again(visited)}", clock="12.00")
    for page in (visited.read(), visited.nurse.read(f"/day?on={ON}")):
        assert "Besøket er flyttet. Spør tolken på nytt." in page.words
        assert "Bekreftet." not in page.words


def test_a_booking_that_is_only_opened_and_saved_keeps_what_was_agreed(visited, colleague):
    book(
        visited,
        minutes="75",
        second_nurse=colleague.id,
        interpreter_language="ur",
        confirmed="1",
        not_alone="1",
        safety_note="Stor hund.",
    )
    visited.do(f"/visits/book?visit={again(visited)}")
    page = visited.nurse.read(f"/day?on={ON}")

    assert "10.00–11.15" in page.words
    assert "Bekreftet." in page.words
    assert "Ikke alene Stor hund." in page.words
    form = visited.read(f"/visits/book?visit={again(visited)}").html
    assert f'<option value="{colleague.id}" selected>' in form.partition('id="second_nurse"')[2]


def test_what_is_taken_away_on_the_form_is_gone(visited):
    book(visited, place="telefon", interpreter_language="ur", not_alone="1", safety_note="Hund.")
    visited.do(
        f"/visits/book?visit={again(visited)}",
        interpreter_language="",
        not_alone="",
        safety_note="",
    )

    assert "Tolk:" not in visited.read().words
    assert "Ikke alene" not in visited.read().words


def test_a_nurse_is_not_sent_alone_and_the_page_says_what_would_work(visited, colleague):
    page = book(visited, not_alone="1")

    assert page.answer.status_code == 422
    assert "Velg hvem som blir med, eller møtes på helsestasjonen eller på telefon." in page.words
    assert visited.nurse.send(page, second_nurse=colleague.id).answer.status_code == 200


def test_outside_working_hours_times_within_them_are_proposed_and_one_is_chosen(visited):
    page = visited.do("/visits/book", day=ON, clock="19.00")
    proposed = TIMES.findall(page.html)

    assert page.answer.status_code == 422
    assert "er ikke på jobb da" in page.words
    assert len(proposed) == 5
    assert visited.nurse.send(page, instead=proposed[0]).answer.status_code == 200
    assert "12.00–13.00" in visited.nurse.read(f"/day?on={ON}").words


def test_outside_working_hours_a_reason_is_enough_and_is_shown(visited):
    page = visited.do("/visits/book", day=ON, clock="19.00")
    visited.nurse.send(page, outside_hours="Far er hjemme da.")

    for shown in (visited.read(), visited.nurse.read(f"/day?on={ON}")):
        assert "Utenfor arbeidstid: Far er hjemme da." in shown.words


def test_a_time_that_is_taken_is_told_in_words_with_times_that_are_free(visited):
    book(visited)
    page = book(visited)

    assert page.answer.status_code == 422
    assert "har en annen avtale da. Velg en annen tid." in page.words
    assert TIMES.findall(page.html)


def test_whoever_comes_cannot_be_who_comes_too(visited):
    page = book(visited, second_nurse=visited.nurse.identity.id)

    assert page.answer.status_code == 422
    assert 'id="second_nurse-error">Velg en annen enn den som kommer.<' in page.html


def test_a_visit_after_its_last_day_is_refused_with_that_day(enrolled):
    visit = again(enrolled)
    page = enrolled.do(f"/visits/book?visit={visit}", day=DAY + timedelta(days=90), clock="10.00")

    assert page.answer.status_code == 422
    said = re.search(r'id="day-error">([^<]+)<', page.html)
    assert said
    assert re.fullmatch(
        r"Siste dag for dette besøket er \d+\. mai 2026\. Velg en dag fram til da, eller avtal et "
        r"besøk utenom planen\.",
        said[1].replace("\u00a0", " "),
    )


def test_what_is_no_time_is_not_chosen(visited):
    page = visited.do("/visits/book", day=ON, clock="19.00")

    assert visited.nurse.send(page, instead="i morgen").answer.status_code == 422


def test_the_next_visit_outside_working_hours_asks_for_a_reason_and_keeps_all(visited):
    page = visited.do(
        "/visits/new", day=DAY, clock="09.00", minutes="60", next_day=ON, next_clock="19.00"
    )
    assert page.answer.status_code == 422
    assert "Ledig i nærheten:" in page.words

    visited.nurse.send(page, next_outside_hours="Far er hjemme da.")
    assert "Utenfor arbeidstid: Far er hjemme da." in visited.read().words
