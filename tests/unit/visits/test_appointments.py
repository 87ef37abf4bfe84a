"""Appointments that collide."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.appointments import collide, lasting

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
