"""Free times near one that is taken."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.appointments import LOOK_AHEAD, SHOWN, TAKES, collide, free_times

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)
AT = st.integers(0, 12 * 48).map(lambda halves: MONDAY + timedelta(minutes=30 * halves))


def test_an_hour_apart_can_both_be_kept_and_less_cannot():
    assert not collide(MONDAY, MONDAY + TAKES)
    assert collide(MONDAY, MONDAY - TAKES + timedelta(minutes=1))


def test_the_nearest_times_of_the_day_are_told_in_order():
    free = free_times(MONDAY, [MONDAY], MONDAY - timedelta(days=1))

    assert [one.strftime("%H.%M") for one in free] == ["08.30", "09.00", "11.00", "11.30", "12.00"]


def test_a_full_day_leads_to_another_working_day():
    friday = MONDAY + timedelta(days=4)
    full = [friday.replace(hour=hour) for hour in range(8, 16)]
    free = free_times(friday, full, friday - timedelta(hours=1))

    assert {one.strftime("%a") for one in free} == {"Mon"}


@given(AT, st.lists(AT, max_size=40), AT)
def test_what_is_told_is_free_ahead_near_and_in_working_hours(wanted, taken, now):
    free = free_times(wanted, taken, now.astimezone(UTC))

    assert len(free) <= SHOWN
    assert free == sorted(set(free))
    for one in free:
        assert one > now
        assert not any(collide(one, other) for other in taken)
        assert abs(one - wanted) <= LOOK_AHEAD + timedelta(days=1)
        assert one.weekday() < 5
        assert 8 <= one.hour < 15
