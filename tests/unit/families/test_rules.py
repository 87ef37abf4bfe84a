"""How far back a date of a family can lie."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.families.rules import (
    FOLLOWED_AT_MOST,
    LIVING_SINCE,
    PREGNANT_AT_MOST,
    PROGRAMME_BEGAN,
    TERM_BACK,
    check_birth,
    check_during_pregnancy,
    check_lived,
    check_of_pregnancy,
    check_term,
    first_day,
)
from nyefamilier.kernel.errors import RuleBroken

TERM = date(2026, 5, 11)
BEGAN = TERM - timedelta(weeks=40)
ONE_DAY = timedelta(days=1)
KNOWN = date(2026, 1, 12)


def code(check, *arguments):
    try:
        check(*arguments)
    except RuleBroken as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (BEGAN, None),
        (BEGAN - ONE_DAY, "date-too-old"),
        (TERM - timedelta(days=3653), "date-too-old"),
        (date(1800, 3, 1), "date-too-old"),
    ],
)
def test_nothing_happened_for_a_pregnancy_before_it_began(on, told):
    assert code(check_during_pregnancy, TERM, on, "/on") == told
    assert code(check_of_pregnancy, TERM, on, "/on") == told


def test_the_refusal_points_at_the_day_and_says_how_to_mend_it():
    with pytest.raises(RuleBroken, match=r"before the pregnancy\. Check the year") as refused:
        check_of_pregnancy(TERM, date(2016, 3, 1), "/offered_on")
    assert refused.value.pointer == "/offered_on"


def test_nothing_of_the_programme_is_older_than_the_programme_though_the_pregnancy_may_be():
    term, before = date(2013, 5, 1), PROGRAMME_BEGAN - ONE_DAY

    assert code(check_of_pregnancy, term, before, "/on") == "date-too-old"
    assert code(check_of_pregnancy, term, PROGRAMME_BEGAN, "/on") is None
    assert code(check_during_pregnancy, term, before, "/on") is None


def test_a_birth_before_its_pregnancy_is_told_by_its_year_and_not_by_a_week_below_zero():
    with pytest.raises(RuleBroken) as refused:
        check_birth(TERM, date(1926, 5, 11), TERM)
    assert (refused.value.code, refused.value.pointer) == ("date-too-old", "/born_on")


@pytest.mark.parametrize(
    ("on", "told"), [(LIVING_SINCE, None), (LIVING_SINCE - ONE_DAY, "date-too-old")]
)
def test_nobody_of_a_family_was_born_or_died_before_1900(on, told):
    assert code(check_lived, on, "/on") == told


def test_a_family_without_a_pregnancy_was_followed_no_longer_than_the_programme_lasts():
    assert first_day(KNOWN, []) == KNOWN - FOLLOWED_AT_MOST


def test_a_family_was_met_since_its_first_pregnancy_or_since_it_was_known():
    later = TERM + timedelta(days=700)

    assert first_day(KNOWN, [later, TERM]) == BEGAN
    assert first_day(KNOWN, [later]) == KNOWN


@pytest.mark.parametrize("terms", [[], [date(2013, 3, 1)]])
def test_no_family_was_met_before_the_programme_began(terms):
    assert first_day(date(2013, 2, 1), terms) == PROGRAMME_BEGAN


@given(
    today=st.dates(PROGRAMME_BEGAN + TERM_BACK + PREGNANT_AT_MOST, date(2100, 1, 1)),
    back=st.integers(0, TERM_BACK.days),
    late=st.integers(0, 3000),
)
def test_whatever_the_registration_of_a_family_accepts_can_be_told_of_afterwards(today, back, late):
    """A family taken over from paper: its whole pregnancy, term and birth lie behind it."""
    term = today - timedelta(days=back)
    check_term(term, today)

    conceived = term - PREGNANT_AT_MOST
    assert first_day(today, [term]) <= conceived
    check_of_pregnancy(term, conceived, "/on")
    check_of_pregnancy(term, conceived + timedelta(days=late), "/on")
