"""A field of a page holds exactly as much as the same field of the API."""

from datetime import timedelta

from nyefamilier.visits.intents import AGREED_CHARS
from tests.builders import DAY


def book(visited, agreed):
    day = DAY + timedelta(days=3)
    return visited.do("/visits/book", day=day, clock="10.00", place="hjemme", agreed=agreed)


def test_a_page_takes_in_as_long_a_text_as_the_api(visited):
    assert book(visited, "å" * AGREED_CHARS).answer.status_code == 200


def test_a_page_says_by_how_much_a_text_is_too_long(visited):
    page = book(visited, "å" * (AGREED_CHARS + 7))

    assert page.answer.status_code == 422
    assert "Dette er 7 tegn for langt" in page.words
