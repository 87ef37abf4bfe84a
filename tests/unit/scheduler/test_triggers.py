"""APScheduler is told the times of Oslo, whatever zone the machine is in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from nyefamilier.kernel.clock import OSLO
from scheduler.triggers import Every, Mondays, Nightly

AUTUMN = datetime(2026, 10, 24, 20, tzinfo=UTC)
SPRING = datetime(2027, 3, 27, 20, tzinfo=UTC)


def fired(trigger, since, until):
    found, before, now = [], None, since
    while (due := trigger.get_next_fire_time(before, now)) < until:
        found.append(due)
        before, now = due, due + timedelta(seconds=1)
    return found


@pytest.mark.parametrize("night", [AUTUMN, SPRING], ids=["twice-half-past-two", "never"])
def test_a_job_of_half_past_two_runs_once_in_each_summer_time_night(night):
    assert len(fired(Nightly(2, 30), night, night + timedelta(hours=12))) == 1


@pytest.mark.parametrize("night", [AUTUMN, SPRING], ids=["twice-half-past-two", "never"])
def test_a_job_of_every_ten_minutes_leaves_no_longer_pause_in_summer_time_nights(night):
    found = fired(Every(10), night, night + timedelta(hours=12))
    pauses = {after.astimezone(UTC) - before.astimezone(UTC) for before, after in pairwise(found)}
    assert pauses == {timedelta(minutes=10)}


def test_nights_are_those_of_oslo():
    due = Nightly(3, 10).get_next_fire_time(None, datetime(2026, 7, 1, tzinfo=UTC))
    assert due.astimezone(OSLO).strftime("%H:%M") == "03:10"
    assert str(Nightly(3, 10)) == "03:10"
    assert str(Every(5)) == "every 5 minutes"


def test_a_weekly_job_runs_on_mondays_summer_time_or_not():
    days = fired(Mondays(5, 0), SPRING - timedelta(days=10), SPRING + timedelta(days=10))
    assert {(day.astimezone(OSLO).weekday(), f"{day.astimezone(OSLO):%H:%M}") for day in days} == {
        (0, "05:00")
    }
    assert len(days) == 3
    assert str(Mondays(5, 0)) == "Monday 05:00"
