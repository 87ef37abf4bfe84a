"""Appointments that collide, and free times near one that is taken."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.appointments import (
    LOOK_AHEAD,
    SHOWN,
    Span,
    collide,
    free_times,
    lasting,
)

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)
AT = st.integers(0, 12 * 48).map(lambda halves: MONDAY + timedelta(minutes=30 * halves))
LASTS = st.sampled_from([15, 45, 60, 90, 240]).map(lambda minutes: timedelta(minutes=minutes))
SPANS = st.builds(lasting, AT, LASTS)


def test_who_goes_when_the_next_one_comes_keeps_both():
    assert not collide(lasting(MONDAY), lasting(MONDAY + timedelta(hours=1)))
    assert collide(lasting(MONDAY), lasting(MONDAY - timedelta(minutes=59)))


@given(SPANS, SPANS)
def test_two_collide_exactly_when_some_minute_lies_in_both(one, other):
    minutes = (one.begins + timedelta(minutes=at) for at in range(240))
    shared = any(at < one.ends and other.begins <= at < other.ends for at in minutes)

    assert collide(one, other) is collide(other, one) is shared


def test_the_nearest_times_of_the_day_are_told_in_order():
    free = free_times(lasting(MONDAY), [lasting(MONDAY)], MONDAY - timedelta(days=1))

    assert [one.strftime("%H.%M") for one in free] == ["08.30", "09.00", "11.00", "11.30", "12.00"]


def test_a_long_visit_begins_early_enough_to_be_over_in_time():
    wanted = lasting(MONDAY, timedelta(hours=4))
    free = free_times(wanted, [], MONDAY - timedelta(days=30))

    assert {one.strftime("%H.%M") for one in free} == {"09.00", "09.30", "10.00", "10.30", "11.00"}


def test_a_full_day_leads_to_another_working_day():
    friday = MONDAY + timedelta(days=4)
    full = [lasting(friday.replace(hour=hour)) for hour in range(8, 16)]
    free = free_times(lasting(friday), full, friday - timedelta(hours=1))

    assert {one.strftime("%a") for one in free} == {"Mon"}


@given(SPANS, st.lists(SPANS, max_size=40), AT)
def test_what_is_told_is_free_ahead_near_and_in_working_hours(wanted, taken, now):
    free = free_times(wanted, taken, now.astimezone(UTC))

    assert len(free) <= SHOWN
    assert free == sorted(set(free))
    for one in free:
        assert one > now
        assert not any(collide(lasting(one, wanted.lasts), other) for other in taken)
        assert abs(one - wanted.begins) <= LOOK_AHEAD + timedelta(days=1)
        assert one.weekday() < 5
        assert Span(one.replace(hour=8, minute=30), one.replace(hour=15, minute=30)).ends >= (
            one + wanted.lasts
        )
