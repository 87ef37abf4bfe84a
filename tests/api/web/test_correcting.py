"""A due date and a date of birth are corrected on pages, which say what would fit."""

from datetime import timedelta

import pytest

from tests.api.web.conftest import TERM
from tests.builders import DAY

DAYS = timedelta(days=1)


@pytest.fixture
def below(visited):
    """Where the pregnancy's forms are."""
    pregnancy = visited.read().html.partition("/pregnancies/")[2][:36]
    return f"/pregnancies/{pregnancy}"


def test_a_due_date_is_corrected_and_the_family_page_leads_there(visited, below):
    assert f"{visited.path}{below}/term" in visited.read().html
    assert "Termindatoen er" in visited.read(f"{below}/term").words
    page = visited.do(f"{below}/term", term=TERM + 9 * DAYS)

    assert "Lagret." in page.words
    assert f"{(TERM + 9 * DAYS).day}. " in page.words.partition("Termindato")[2][:20]


def test_a_due_date_that_cannot_be_is_refused_with_the_latest_that_can(visited, below):
    page = visited.do(f"{below}/term", term=DAY + timedelta(weeks=43))

    assert "mer enn 42 uker fram" in page.words
    assert "Den seneste dagen som passer, er 21. desember 2026." in page.words


def test_a_date_of_birth_is_corrected(visited, below):
    visited.do(f"{below}/birth", born_on=DAY, child0_name="Liten Sten")
    assert f"{visited.path}{below}/birth/date" in visited.read().html
    page = visited.do(f"{below}/birth/date", born_on=DAY - 3 * DAYS)

    assert "Lagret." in page.words
    assert "27. februar 2026" in page.words


def test_a_date_of_birth_that_cannot_be_is_refused_with_the_nearest_that_can(visited, below):
    visited.do(f"{below}/birth", born_on=DAY, child0_name="Liten Sten")
    page = visited.do(f"{below}/birth/date", born_on=DAY - 300 * DAYS)

    assert "Den tidligste dagen som passer, er" in page.words


def test_a_homecoming_can_be_corrected_too(visited, below):
    visited.do(f"{below}/birth", born_on=DAY, homecoming_on=DAY, child0_name="Liten Sten")
    page = visited.read()
    assert "Rett hjemkomsten" in page.words
    assert "Lagret." in visited.do(f"{below}/homecoming", homecoming_on=DAY).words
