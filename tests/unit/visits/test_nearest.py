"""The nearest times at which whoever is to come is at work, free, and can get there."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.appointments import Span, lasting
from nyefamilier.visits.nearest import SHOWN, nearest
from nyefamilier.visits.openings import Nurse, Part, Taken

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)
AT = st.integers(0, 12 * 48).map(lambda halves: MONDAY + timedelta(minutes=30 * halves))
LASTS = st.sampled_from([15, 45, 60, 90, 240]).map(lambda minutes: timedelta(minutes=minutes))
SPANS = st.builds(lasting, AT, LASTS)
TRAVEL = timedelta(minutes=20)


def works(*taken, travel=TRAVEL, days=range(12), number=1):
    return Nurse(
        UUID(int=number),
        Part.OTHER,
        [
            Span(MONDAY.replace(hour=8) + timedelta(day), MONDAY.replace(hour=15) + timedelta(day))
            for day in days
        ],
        [Taken(one.begins, one.ends) for one in taken],
        travel,
    )


def clocks(found):
    return [one.astimezone(OSLO).strftime("%H.%M") for one in found]


def test_the_nearest_times_are_told_in_order_with_the_way_from_one_home_to_the_next():
    found = nearest(lasting(MONDAY), [works(lasting(MONDAY), days=[0])], MONDAY - timedelta(days=1))

    assert clocks(found) == ["08.30", "11.30", "12.00", "12.30", "13.00"]


def test_nobody_travels_to_a_call():
    meanwhile = works(lasting(MONDAY), travel=timedelta(0), days=[0])
    found = nearest(lasting(MONDAY), [meanwhile], MONDAY - timedelta(days=1))

    assert clocks(found) == ["08.00", "08.30", "09.00", "11.00", "11.30"]


def test_both_of_two_nurses_must_be_free():
    first = works(lasting(MONDAY), days=[0, 1])
    other = works(days=[1], number=2)
    found = nearest(lasting(MONDAY), [first, other], MONDAY - timedelta(days=1))

    assert {one.day for one in found} == {24}


def test_there_is_no_time_where_nobody_works():
    assert nearest(lasting(MONDAY), [works(days=[])], MONDAY) == []
    assert nearest(lasting(MONDAY), [], MONDAY) == []


@given(SPANS, st.lists(SPANS, max_size=40), AT)
def test_what_is_told_is_free_ahead_and_at_work(wanted, taken, now):
    nurse = works(*taken)
    found = nearest(wanted, [nurse], now)

    assert len(found) <= SHOWN
    assert found == sorted(set(found))
    for one in found:
        there = Span(one - TRAVEL, one + wanted.lasts + TRAVEL)
        assert one >= now
        assert all(other.ends <= there.begins or there.ends <= other.begins for other in taken)
        assert any(at.begins <= there.begins and there.ends <= at.ends for at in nurse.free)
