"""Days, periods and words stand on a page as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from api.web.formats import day, inner, period, sentence, weekday

NOVEMBER = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _a_page_in_bokmal(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("last", "written"),
    [
        (date(2026, 11, 26), "23.–26. nov. 2026"),
        (date(2026, 12, 4), "23. nov.–4. des. 2026"),
        (date(2027, 1, 14), "23. nov. 2026–14. jan. 2027"),
    ],
)
def test_a_period_over_new_year_names_both_years(last, written):
    assert period(NOVEMBER, last) == written


def test_a_day_is_never_parted_from_its_month():
    assert day(NOVEMBER) == "23.\N{NO-BREAK SPACE}november 2026"


@pytest.mark.parametrize(
    ("words", "within"),
    [
        ("Første barn i Norge", "første barn i Norge"),
        ("Kvalifisert, kategori B", "kvalifisert, kategori B"),
        ("DigiHelsestasjon", "DigiHelsestasjon"),
    ],
)
def test_words_within_a_sentence_lose_their_capital_and_names_keep_theirs(words, within):
    assert inner(words) == within


def test_a_sentence_that_begins_with_a_weekday_begins_with_a_capital():
    assert sentence(weekday(NOVEMBER)) == "Mandag 23.\N{NO-BREAK SPACE}november"
