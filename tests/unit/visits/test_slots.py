"""Which times a family is offered, and in which order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.newborn import HOLIDAY, Window
from nyefamilier.visits.openings import Half, Nurse, Part, Span, Taken
from nyefamilier.visits.slots import (
    BEYOND,
    NOTICE,
    SHOWN,
    Question,
    Reason,
    Slot,
    Why,
    offer,
    stretches,
)

HOUR = timedelta(hours=1)
OWN, COVER, THIRD = (UserId(UUID(int=number)) for number in (1, 2, 3))
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def nurse(
    who: UserId = OWN,
    part: Part = Part.OWN,
    taken: tuple[Taken, ...] = (),
    working: list[date] | None = None,
) -> Nurse:
    worked = days(MONDAY, FRIDAY) if working is None else working
    free = [Span(at(day, 8), at(day, 15, 30)) for day in worked]
    return Nurse(who, part, free, taken, timedelta(minutes=20))


def busy(day: date, first: int = 8, last: int = 16) -> Taken:
    return Taken(at(day, first), at(day, last))


WEEK = Question(
    window=Window(MONDAY, MONDAY + timedelta(days=2), FRIDAY),
    lasts=HOUR,
    now=at(MONDAY - timedelta(days=3), 12),
    not_before=MONDAY - timedelta(days=3),
)


def half_of(at: datetime) -> Half:
    return Half.MORNING if at.astimezone(OSLO).hour < 12 else Half.AFTERNOON


def told(slots: tuple[Slot, ...]) -> list[tuple[str, UserId]]:
    return [(slot.begins.astimezone(OSLO).strftime("%a %H.%M"), slot.nurse_id) for slot in slots]


def test_each_half_day_gives_its_best_time_the_ideal_day_first():
    answer = offer(WEEK, [nurse()])

    assert told(answer.slots)[:4] == [
        ("Wed 08.30", OWN),
        ("Wed 12.00", OWN),
        ("Tue 08.30", OWN),
        ("Tue 12.00", OWN),
    ]
    assert len(answer.slots) == SHOWN
    assert answer.slots[0].reasons == (Reason.IN_WINDOW, Reason.OWN_NURSE, Reason.ROOM_IN_WEEK)
    assert answer.why is None


def test_the_familys_own_nurse_comes_before_anybody_who_is_nearer_or_has_more_room():
    near = Taken(at(MONDAY, 9), at(MONDAY, 10), near=True)
    full = tuple(busy(day) for day in days(MONDAY, FRIDAY - timedelta(days=1)))
    answer = offer(WEEK, [nurse(COVER, Part.COVERING, (near,)), nurse(OWN, Part.OWN, full)])

    assert told(answer.slots)[:3] == [("Fri 08.30", OWN), ("Fri 12.00", OWN), ("Mon 10.30", COVER)]
    assert answer.slots[2].reasons == (
        Reason.IN_WINDOW,
        Reason.COVERING_NURSE,
        Reason.SAME_AREA,
        Reason.ROOM_IN_WEEK,
    )


def test_a_short_way_comes_before_a_wish_and_a_wish_before_the_ideal_day():
    near = Taken(at(FRIDAY, 9), at(FRIDAY, 10), near=True)
    out = Taken(at(MONDAY, 9), at(MONDAY, 10))
    wish = replace(WEEK, wishes={(1, Half.AFTERNOON)})
    answer = offer(wish, [nurse(taken=(near, out))])

    assert told(answer.slots)[:4] == [
        ("Fri 10.30", OWN),
        ("Mon 10.30", OWN),
        ("Tue 12.00", OWN),
        ("Wed 08.30", OWN),
    ]
    assert Reason.SAME_AREA in answer.slots[0].reasons
    assert Reason.SAME_HALF_DAY in answer.slots[1].reasons
    assert Reason.WISHED in answer.slots[2].reasons
    assert Reason.WISHED not in answer.slots[3].reasons


def test_of_two_colleagues_the_one_with_room_in_her_week_is_offered():
    loaded = nurse(COVER, Part.OTHER, (busy(MONDAY), busy(FRIDAY), busy(MONDAY + timedelta(1))))
    answer = offer(WEEK, [loaded, nurse(THIRD, Part.OTHER)])

    assert {who for _, who in told(answer.slots)} == {THIRD}


def test_two_nurses_come_at_the_same_time_and_are_two():
    both = replace(WEEK, two_nurses=True)
    mornings = tuple(busy(day, 8, 12) for day in days(MONDAY, FRIDAY))
    answer = offer(both, [nurse(), nurse(COVER, Part.COVERING, mornings)])

    first = answer.slots[0]
    assert (first.nurse_id, first.second_nurse_id) == (OWN, COVER)
    assert {half_of(slot.begins) for slot in answer.slots} == {Half.AFTERNOON}


def test_without_a_colleague_who_is_free_the_answer_says_that_a_second_nurse_is_wanting():
    both = replace(WEEK, two_nurses=True)

    assert offer(both, [nurse()]).why is Why.NO_SECOND_NURSE


def test_a_week_that_is_full_answers_with_the_nearest_time_outside_the_window():
    following = MONDAY + timedelta(days=7)
    full = tuple(busy(day) for day in days(MONDAY, FRIDAY))
    working = [*days(MONDAY, FRIDAY), following + timedelta(days=1), following]
    answer = offer(WEEK, [nurse(taken=full, working=working)])

    assert (answer.slots, answer.why) == ((), Why.FULLY_BOOKED)
    assert told(answer.nearest)[0] == ("Mon 08.30", OWN)
    assert day_of(answer.nearest[0].begins) == following
    assert answer.nearest[0].reasons[0] is Reason.AFTER_WINDOW


def test_a_week_in_which_nobody_works_says_so_and_tells_the_days_before_and_after():
    before, after = MONDAY - timedelta(days=3), FRIDAY + timedelta(days=3)
    early = replace(WEEK, now=at(before, 6), not_before=before)
    answer = offer(early, [nurse(working=[before, after])])

    assert answer.why is Why.NOBODY_WORKS
    assert {slot.reasons[0] for slot in answer.nearest} == {
        Reason.BEFORE_WINDOW,
        Reason.AFTER_WINDOW,
    }


def test_a_visit_longer_than_anybody_works_at_a_time_has_nobody_rather_than_a_full_week():
    assert offer(replace(WEEK, lasts=9 * HOUR), [nurse()]).why is Why.NOBODY_WORKS


def test_a_window_that_has_passed_says_so_and_tells_what_is_nearest():
    late = replace(WEEK, now=at(FRIDAY + timedelta(days=2), 12))
    answer = offer(late, [nurse(working=[FRIDAY + timedelta(days=4)])])

    assert answer.why is Why.WINDOW_PASSED
    assert told(answer.nearest)[0] == ("Tue 08.30", OWN)


def test_nothing_is_offered_before_the_child_is_home_or_without_notice():
    home_on = FRIDAY - timedelta(days=1)
    home = offer(replace(WEEK, not_before=home_on), [nurse()])
    now = offer(replace(WEEK, now=at(FRIDAY, 10)), [nurse()])

    assert {day_of(slot.begins) for slot in home.slots} == {home_on, FRIDAY}
    assert told(now.slots) == [("Fri 12.00", OWN)]


def test_a_window_made_wider_by_holidays_gives_that_as_its_reason():
    window = Window(MONDAY, MONDAY, FRIDAY, HOLIDAY)
    answer = offer(replace(WEEK, window=window), [nurse()])

    assert {slot.reasons[0] for slot in answer.slots} == {Reason.HOLIDAY}


@pytest.mark.parametrize("today", days(MONDAY - timedelta(days=90), MONDAY + timedelta(days=120)))
def test_first_the_days_near_the_ideal_one_are_looked_through_and_then_all_that_could_do(today):
    window = Window(MONDAY, MONDAY + timedelta(days=14), MONDAY + timedelta(days=98))
    *near, (first, last) = stretches(window, today)

    assert (first, last) == (max(MONDAY - BEYOND, today), max(window.closes, today) + BEYOND)
    assert len(near) == (today <= window.closes)
    for one, other in near:
        assert today <= one <= other
        assert window.holds(one)
        assert window.holds(other)
        assert (other - one).days <= 28


TAKEN = st.builds(
    lambda day, half, lasts, near: Taken(
        at(MONDAY + timedelta(day), 8) + timedelta(minutes=30 * half),
        at(MONDAY + timedelta(day), 8) + timedelta(minutes=30 * half + lasts),
        near,
    ),
    st.integers(0, 11),
    st.integers(0, 14),
    st.sampled_from([30, 60, 120, 480]),
    st.booleans(),
)
NURSES = st.lists(st.lists(TAKEN, max_size=12), min_size=1, max_size=3).map(
    lambda all_taken: [
        nurse(UserId(UUID(int=n + 1)), Part(n), tuple(taken), days(MONDAY, FRIDAY))
        for n, taken in enumerate(all_taken)
    ]
)
QUESTIONS = st.builds(
    lambda first, length, two, wishes: replace(
        WEEK,
        window=Window(
            MONDAY + timedelta(first),
            MONDAY + timedelta(first + length // 2),
            MONDAY + timedelta(first + length),
        ),
        two_nurses=two,
        wishes=wishes,
    ),
    st.integers(-3, 8),
    st.integers(0, 6),
    st.booleans(),
    st.sets(st.tuples(st.integers(0, 4), st.sampled_from(Half)), max_size=3),
)


@given(QUESTIONS, NURSES)
def test_what_is_offered_is_free_for_everybody_who_comes_and_in_the_order_that_is_promised(
    question, nurses
):
    answer = offer(question, nurses)
    by_id = {one.id: one for one in nurses}

    assert bool(answer.slots) == (answer.why is None)
    for slot in (*answer.slots, *answer.nearest):
        assert slot.begins >= question.now + NOTICE
        assert (slot.second_nurse_id is not None) == question.two_nurses
        assert slot.nurse_id != slot.second_nurse_id
        for who in {slot.nurse_id, slot.second_nurse_id} - {None}:
            _assert_free(by_id[who], slot)
    assert all(question.window.holds(day_of(slot.begins)) for slot in answer.slots)
    assert not any(question.window.holds(day_of(slot.begins)) for slot in answer.nearest)
    parts = [by_id[slot.nurse_id].part for slot in answer.slots]
    assert parts == sorted(parts)
    halves = [(day_of(slot.begins), half_of(slot.begins)) for slot in answer.slots]
    assert len(set(halves)) == len(halves) <= SHOWN


def _assert_free(who: Nurse, slot: Slot) -> None:
    assert any(
        span.begins + who.travel <= slot.begins and slot.ends + who.travel <= span.ends
        for span in who.free
    )
    for one in who.taken:
        assert one.ends + who.travel <= slot.begins or slot.ends + who.travel <= one.begins


@given(QUESTIONS, NURSES)
def test_the_order_of_the_nurses_changes_nothing(question, nurses):
    assert offer(question, nurses) == offer(question, nurses[::-1])
