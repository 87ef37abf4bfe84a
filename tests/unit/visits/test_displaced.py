"""Why an agreed visit is out of place, and that nobody is asked twice about one that she wants."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nyefamilier.kernel.clock import day_of
from nyefamilier.visits.appointments import Span, lasting
from nyefamilier.visits.displaced import CANNOT_COME, Reason, Standing, reasons
from nyefamilier.visits.newborn import Window
from tests.builders import NOON

AGREED = lasting(NOON)
DAY = day_of(NOON)
NONE = Standing(
    window=None, is_born=False, counts_from_birth=False, looked_at=False, away=(), has_time=True
)
WEEK = timedelta(days=7)
LATER = Window(DAY + WEEK, DAY + WEEK, DAY + 2 * WEEK)
EARLIER = Window(DAY - 2 * WEEK, DAY - WEEK, DAY - WEEK)
FITS = Window(DAY, DAY, DAY)


def test_before_the_birth_nothing_is_out_of_place():
    assert reasons(AGREED, NONE) == ()


@pytest.mark.parametrize(
    ("window", "reason"), [(LATER, Reason.BEFORE_WINDOW), (EARLIER, Reason.AFTER_WINDOW)]
)
def test_a_visit_whose_days_moved_away_from_it_is_out_of_place(window, reason):
    assert reasons(AGREED, replace(NONE, window=window)) == (reason,)
    assert reasons(AGREED, replace(NONE, window=window, is_born=True)) == (reason,)


def test_a_visit_on_the_first_or_the_last_day_of_its_window_is_in_its_place():
    for window in (FITS, Window(DAY, DAY, DAY + WEEK), Window(DAY - WEEK, DAY, DAY)):
        assert reasons(AGREED, replace(NONE, window=window, is_born=True)) == ()


def test_a_visit_without_a_window_is_looked_at_when_the_child_is_born():
    assert reasons(AGREED, replace(NONE, is_born=True)) == (Reason.DAYS_CHANGED,)


@pytest.mark.parametrize("window", [None, LATER, EARLIER])
def test_what_was_agreed_on_since_the_days_changed_is_where_it_is_wanted(window):
    known = replace(NONE, window=window, is_born=True, looked_at=True)
    assert reasons(AGREED, known) == ()


@pytest.mark.parametrize("looked_at", [True, False])
def test_what_is_counted_from_a_birth_waits_for_it_whoever_agreed_on_it(looked_at):
    known = replace(NONE, window=FITS, counts_from_birth=True, looked_at=looked_at)
    assert reasons(AGREED, known) == (Reason.BIRTH_AWAITED,)
    assert reasons(AGREED, replace(known, is_born=True)) == ()


def test_a_nurse_who_is_away_for_a_part_of_the_time_cannot_come():
    minute = timedelta(minutes=1)
    away = Span(AGREED.ends - minute, AGREED.ends + WEEK)
    after = Span(AGREED.ends, AGREED.ends + WEEK)
    before = Span(AGREED.begins - WEEK, AGREED.begins)

    assert reasons(AGREED, replace(NONE, away=(away,), looked_at=True)) == (Reason.NURSE_AWAY,)
    assert reasons(AGREED, replace(NONE, away=(before, after))) == ()


def test_all_reasons_are_told_and_those_for_which_nobody_comes_are_known():
    known = replace(NONE, window=LATER, away=(AGREED,), has_time=False)
    found = reasons(AGREED, known)

    assert found == (Reason.BEFORE_WINDOW, Reason.NURSE_AWAY, Reason.DOUBLE_BOOKED)
    assert set(found[1:]) == CANNOT_COME
