"""When a nightly job is due, in every night of the year."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.jobs.rules import is_overdue, next_nightly, retry_after
from nyefamilier.kernel.clock import day_of

WALLS = st.times(max_value=time(23, 59)).map(lambda one: one.replace(second=0, microsecond=0))
INSTANTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(WALLS, INSTANTS)
def test_a_nightly_job_is_due_once_on_each_day_of_oslo(wall, after):
    found = [after]
    for _ in range(5):
        found.append(next_nightly(wall, found[-1]))

    days = [day_of(one) for one in found[1:]]
    assert days == [days[0] + timedelta(days=number) for number in range(5)]
    assert found == sorted(set(found))
    assert days[0] - day_of(after) <= timedelta(days=1)


def nights(wall, first, count=3):
    found = [datetime.combine(first, time(0), UTC) - timedelta(hours=6)]
    for _ in range(count):
        found.append(next_nightly(wall, found[-1]))
    return [f"{one:%d %H:%M}" for one in found[1:]]


def test_in_the_night_when_half_past_two_comes_twice_it_is_the_first_one_only():
    assert nights(time(2, 30), date(2026, 10, 25)) == ["25 00:30", "26 01:30", "27 01:30"]


def test_in_the_night_when_there_is_no_half_past_two_it_is_half_past_three():
    assert nights(time(2, 30), date(2027, 3, 28)) == ["28 01:30", "29 00:30", "30 00:30"]


def test_a_leap_day_has_its_night_too():
    assert nights(time(3, 10), date(2028, 2, 28)) == ["28 02:10", "29 02:10", "01 02:10"]


def test_after_each_failure_the_wait_is_longer_until_it_is_an_hour():
    waits = [
        retry_after(failures) // timedelta(minutes=1) for failures in (1, 2, 3, 6, 7, 99, 9999)
    ]
    assert waits == [1, 2, 4, 32, 60, 60, 60]


def test_a_job_is_overdue_when_patience_is_at_an_end_and_not_a_second_before():
    due = datetime(2026, 3, 2, 3, 10, tzinfo=UTC)
    patience = timedelta(minutes=30)
    assert not is_overdue(due, patience, due + patience)
    assert is_overdue(due, patience, due + patience + timedelta(seconds=1))
