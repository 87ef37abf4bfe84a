"""What was shown before decides what a new release may show."""

from __future__ import annotations

from datetime import date

import pytest

from nyefamilier.uptake.cutting import Cell, summed
from nyefamilier.uptake.earlier import Remembered, held_back, hidden_now, remember, shown_now
from nyefamilier.uptake.sheets import Shown
from nyefamilier.uptake.tabulations import BY_ID

FUNNEL = BY_ID["funnel"]
ACCEPTED, NOT_OFFERED = Cell("11", "accepted"), Cell("11", "not_offered")
MONDAY, NEXT, THIRD = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)


@pytest.mark.parametrize(("count", "is_held"), [(20, False), (21, True), (16, True), (25, False)])
def test_a_count_that_one_to_four_have_changed_is_held_back(count: int, is_held: bool) -> None:
    before = remember(FUNNEL, {ACCEPTED: 20}, (), Remembered(), MONDAY)
    assert held_back(FUNNEL, {ACCEPTED: count}, before) == ({ACCEPTED} if is_held else set())


def test_every_value_that_was_ever_shown_is_held_against_the_new_one() -> None:
    first = remember(FUNNEL, {ACCEPTED: 20}, (), Remembered(), MONDAY)
    second = remember(FUNNEL, {ACCEPTED: 30}, (), first, NEXT)
    assert held_back(FUNNEL, {ACCEPTED: 22}, second) == {ACCEPTED}


def test_a_count_that_says_nothing_of_families_may_change_by_one() -> None:
    before = remember(FUNNEL, {NOT_OFFERED: 20}, (), Remembered(), MONDAY)
    assert held_back(FUNNEL, {NOT_OFFERED: 21}, before) == set()


@pytest.mark.parametrize(("count", "is_held"), [(12, True), (8, True), (17, False), (0, False)])
def test_what_was_hidden_stays_hidden_until_five_have_changed_it(count: int, is_held: bool) -> None:
    before = remember(FUNNEL, {ACCEPTED: 12}, {ACCEPTED}, Remembered(), MONDAY)
    assert held_back(FUNNEL, {ACCEPTED: count}, before) == ({ACCEPTED} if is_held else set())


def test_what_is_hidden_since_it_was_shown_still_shows_that_and_of_which_day() -> None:
    first = remember(FUNNEL, {ACCEPTED: 20}, (), Remembered(), MONDAY)
    second = remember(FUNNEL, {ACCEPTED: 21}, {ACCEPTED}, first, NEXT)
    third = remember(FUNNEL, {ACCEPTED: 22}, {ACCEPTED}, second, THIRD)
    assert first.shown[ACCEPTED] == Shown(20)
    assert second.shown[ACCEPTED] == third.shown[ACCEPTED] == Shown(20, MONDAY)
    assert shown_now({ACCEPTED: 27}, (), third) == {ACCEPTED: Shown(27)}


def test_a_sum_that_the_other_lines_leave_over_is_remembered() -> None:
    """What has not said yes in 11: of the city's 20 − 12, nothing is left for the empty 03."""
    uptake = BY_ID["uptake"]
    of_11 = {"accepted": 9, "declined": 2, "later": 5, "unanswered": 1, "not_offered": 23}
    of_01 = {"accepted": 3, "not_offered": 12}
    leaves = {
        Cell(line, column): count
        for line, of_line in (("11", of_11), ("01", of_01))
        for column, count in {**of_line, "not_reached": sum(of_line.values())}.items()
    }
    counts = summed(uptake, leaves, ("03", "11", "01"))
    hidden = hidden_now(uptake, None, counts, Remembered(), Remembered())
    left = Cell("11", "declined+later+unanswered")
    assert {Cell("11", "offered"), Cell("11", "accepted"), Cell("11", "declined")} <= hidden
    before = remember(uptake, counts, hidden, Remembered(), MONDAY)
    assert before.values[left] == [8]
    more = summed(uptake, {**leaves, Cell("11", "declined"): 6, Cell("11", "not_reached"): 44}, ())
    assert left in held_back(uptake, more, before)


def test_what_was_never_shown_shows_nothing() -> None:
    first = remember(FUNNEL, {ACCEPTED: 3}, {ACCEPTED}, Remembered(), MONDAY)
    assert first.shown == {ACCEPTED: Shown(None)}
