"""When a nurse works."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.calendars.holidays import is_holiday
from nyefamilier.calendars.hours import (
    USUAL,
    Availability,
    Away,
    HalfDay,
    Hours,
    Interval,
    Purpose,
    at_clock,
    available,
    hours_on,
)
from nyefamilier.kernel.clock import OSLO, day_of

NURSE = UUID(int=7)
MONDAY = date(2026, 11, 23)
EVERY_DAY = range(1, 8)


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def hours(
    *week: HalfDay, since: date = date(2020, 1, 1), percentage: int = 100, travel: int = 20
) -> Hours:
    return Hours(since, percentage, travel, (), week)


def half(weekday: int, begins: str, ends: str, purpose: Purpose = Purpose.HOME) -> HalfDay:
    return HalfDay(weekday, time.fromisoformat(begins), time.fromisoformat(ends), purpose)


def works(known: list[Hours], first: date, last: date | None = None, *away: Away) -> Availability:
    return available(NURSE, known, away, first, last or first)


def times(found: Availability) -> list[tuple[str, str]]:
    """The intervals by the clock in Oslo."""
    return [
        (f"{one.begins.astimezone(OSLO):%d %H:%M}", f"{one.ends.astimezone(OSLO):%d %H:%M}")
        for one in found.intervals
    ]


def test_a_nurse_of_whom_nothing_is_known_works_from_eight_to_half_past_three_on_weekdays():
    found = works([], MONDAY, MONDAY + timedelta(days=6))
    assert times(found) == [(f"{day} 08:00", f"{day} 15:30") for day in range(23, 28)]
    assert {one.purpose for one in found.intervals} == {Purpose.HOME}
    assert (found.percentage, found.nurse_id) == (100, NURSE)


def test_intervals_are_in_utc():
    [found] = works([], MONDAY).intervals
    assert found == Interval(utc(MONDAY, 7), utc(MONDAY, 14, 30), Purpose.HOME)
    assert found.begins.utcoffset() == timedelta(0)


def test_in_summer_the_same_clock_is_an_hour_earlier_in_utc():
    [found] = works([], date(2026, 6, 1)).intervals
    assert found.begins == utc(date(2026, 6, 1), 6)


def test_the_hours_that_hold_are_the_latest_that_have_begun():
    old = hours(half(1, "08:00", "12:00"), since=date(2026, 1, 1), percentage=80)
    new = hours(half(1, "12:00", "15:00"), since=MONDAY, percentage=50, travel=35)
    assert times(works([new, old], MONDAY - timedelta(days=7))) == [("16 08:00", "16 12:00")]
    found = works([new, old], MONDAY)
    assert times(found) == [("23 12:00", "23 15:00")]
    assert (found.percentage, found.travel_minutes) == (50, 35)


def test_before_her_first_hours_a_nurse_works_the_usual_ones():
    assert hours_on(MONDAY, [hours(since=MONDAY + timedelta(days=1))]) is USUAL


def test_hours_without_a_half_day_are_no_work_at_all():
    assert works([hours()], MONDAY, MONDAY + timedelta(days=30)).intervals == ()


def test_clinic_and_home_stand_apart_and_both_cover():
    found = works(
        [hours(half(1, "08:00", "11:30", Purpose.CLINIC), half(1, "11:30", "15:30"))], MONDAY
    )
    assert [one.purpose for one in found.intervals] == [Purpose.CLINIC, Purpose.HOME]
    assert found.covers(utc(MONDAY, 10), utc(MONDAY, 11))  # across half past eleven in Oslo


def test_a_visit_across_a_break_is_not_covered():
    found = works([hours(half(1, "08:00", "11:00"), half(1, "11:30", "15:30"))], MONDAY)
    assert not found.covers(utc(MONDAY, 9, 30), utc(MONDAY, 10, 45))
    assert found.covers(utc(MONDAY, 9), utc(MONDAY, 10))


@pytest.mark.parametrize(
    ("begins", "ends", "covered"),
    [
        ((7, 0), (14, 30), True),
        ((6, 59), (8, 0), False),
        ((14, 0), (14, 31), False),
        ((14, 30), (14, 45), False),
        ((9, 0), (9, 0), False),
        ((10, 0), (9, 0), False),
    ],
)
def test_what_is_covered_lies_within_the_working_day(begins, ends, covered):
    assert works([], MONDAY).covers(utc(MONDAY, *begins), utc(MONDAY, *ends)) is covered


def test_an_absence_takes_its_hours_and_leaves_the_rest():
    away = Away(utc(MONDAY, 9), utc(MONDAY, 11))
    assert times(works([], MONDAY, MONDAY, away)) == [
        ("23 08:00", "23 10:00"),
        ("23 12:00", "23 15:30"),
    ]


def test_an_absence_is_half_open():
    away = Away(at_clock(MONDAY, time.min), at_clock(MONDAY + timedelta(days=1), time.min))
    found = works([], MONDAY, MONDAY + timedelta(days=1), away)
    assert times(found) == [("24 08:00", "24 15:30")]


def test_two_absences_in_one_day_leave_what_lies_between():
    early, late = Away(utc(MONDAY, 6), utc(MONDAY, 8)), Away(utc(MONDAY, 12), utc(MONDAY, 20))
    assert times(works([], MONDAY, MONDAY, late, early)) == [("23 09:00", "23 13:00")]


def test_nobody_works_in_easter_2026():
    found = works([], date(2026, 4, 1), date(2026, 4, 8))
    assert [begins for begins, _ in times(found)] == ["01 08:00", "07 08:00", "08 08:00"]


def test_nobody_works_on_the_17th_of_may_2027_though_it_is_a_monday():
    assert works([], date(2027, 5, 17)).intervals == ()


def test_the_leap_day_2028_is_worked_like_any_tuesday():
    assert times(works([], date(2028, 2, 29))) == [("29 08:00", "29 15:30")]


def test_christmas_eve_2026_is_worked():
    assert times(works([], date(2026, 12, 24), date(2026, 12, 28))) == [
        ("24 08:00", "24 15:30"),
        ("28 08:00", "28 15:30"),
    ]


NIGHTS = [hours(*(half(day, "01:00", "04:00") for day in EVERY_DAY))]


def lengths(day: date) -> list[timedelta]:
    return [one.ends - one.begins for one in works(NIGHTS, day).intervals]


def test_the_night_on_which_summer_time_begins_is_an_hour_shorter():
    assert lengths(date(2026, 3, 28)) == [timedelta(hours=3)]
    assert lengths(date(2027, 3, 28)) == []  # Easter Sunday as well
    assert lengths(date(2026, 3, 29)) == [timedelta(hours=2)]


def test_the_night_on_which_summer_time_ends_is_an_hour_longer():
    assert lengths(date(2026, 10, 25)) == [timedelta(hours=4)]


def test_half_past_two_when_it_comes_twice_is_the_first_one():
    assert at_clock(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_half_past_two_when_it_never_comes_is_half_past_three():
    skipped = at_clock(date(2026, 3, 29), time(2, 30))
    assert skipped.astimezone(OSLO).time() == time(3, 30)


def test_a_half_day_that_the_clock_turns_around_is_none():
    backwards = [hours(half(7, "02:30", "03:00"))]
    assert works(backwards, date(2026, 3, 29)).intervals == ()
    assert times(works(backwards, date(2026, 3, 22))) == [("22 02:30", "22 03:00")]


DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
INSTANTS = st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 5), timezones=st.just(UTC))  # noqa: DTZ001


@given(DAYS, st.integers(0, 40))
def test_nobody_ever_works_on_a_holiday_or_at_a_weekend_by_the_usual_hours(first, days):
    last = first + timedelta(days=days)
    worked = {day_of(one.begins) for one in works([], first, last).intervals}
    every = (first + timedelta(days=number) for number in range(days + 1))
    assert worked == {day for day in every if day.isoweekday() < 6 and not is_holiday(day)}


@given(st.lists(st.tuples(INSTANTS, INSTANTS), max_size=6), INSTANTS)
def test_an_instant_is_worked_when_it_is_planned_and_in_no_absence(spans, at):
    away = [Away(*sorted(span)) for span in spans]
    planned = works([], date(2026, 11, 20), date(2026, 12, 5))
    left = works([], date(2026, 11, 20), date(2026, 12, 5), *away)

    def inside(found: Availability) -> bool:
        return any(one.begins <= at < one.ends for one in found.intervals)

    assert inside(left) == (inside(planned) and not any(a.begins <= at < a.ends for a in away))
    assert all(one.begins < one.ends for one in left.intervals)
    assert list(left.intervals) == sorted(left.intervals, key=lambda one: one.begins)
