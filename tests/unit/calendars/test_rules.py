"""What hours and absences can be, and whose they are to see and to write."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from nyefamilier.calendars.hours import Away, HalfDay, Hours, Purpose, at_clock
from nyefamilier.calendars.rules import (
    Absence,
    AbsenceKind,
    absence_overlaps,
    check_absence,
    check_hours,
    days_of,
    is_whole_days,
    may_see,
    may_write,
)
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber, UserId

TODAY = date(2026, 11, 22)
OURS, THEIRS = BydelNumber("11"), BydelNumber("12")
NURSE = UUID(int=1)


def half(weekday: int, begins: str, ends: str) -> HalfDay:
    return HalfDay(weekday, time.fromisoformat(begins), time.fromisoformat(ends), Purpose.HOME)


def hours(
    *week: HalfDay,
    since: date = TODAY,
    percentage: int = 80,
    travel: int = 20,
    covers: tuple[str, ...] = (),
) -> Hours:
    return Hours(since, percentage, travel, tuple(map(BydelNumber, covers)), week)


def absence(begins: datetime, ends: datetime) -> Absence:
    return Absence(UUID(int=9), NURSE, AbsenceKind.LEAVE, begins, ends)


def midnight(days: int) -> datetime:
    return at_clock(TODAY + timedelta(days=days), time.min)


def refused(told: Hours) -> tuple[str, str | None]:
    with pytest.raises(RuleBroken) as caught:
        check_hours(told, TODAY, {OURS, THEIRS})
    return caught.value.code, caught.value.pointer


def test_two_half_days_that_touch_are_a_working_day():
    check_hours(hours(half(1, "12:00", "15:30"), half(1, "08:00", "12:00")), TODAY, {OURS})


def test_a_week_without_work_is_one_too():
    check_hours(hours(), TODAY, {OURS})


@pytest.mark.parametrize(
    ("told", "code", "pointer"),
    [
        (hours(half(1, "12:00", "12:00")), "half-day", "/week/0/ends"),
        (hours(half(1, "08:00", "12:00"), half(2, "13:00", "12:00")), "half-day", "/week/1/ends"),
        (hours(half(8, "08:00", "12:00")), "half-day", "/week/0/ends"),
        (hours(half(1, "08:00", "12:00"), half(1, "11:59", "15:00")), "half-days", "/week"),
        (
            hours(half(1, "08:00", "09:00"), half(1, "10:00", "11:00"), half(1, "12:00", "13:00")),
            "half-days",
            "/week",
        ),
        (hours(percentage=0), "hours-range", "/percentage"),
        (hours(percentage=101), "hours-range", "/percentage"),
        (hours(travel=121), "hours-range", "/percentage"),
        (hours(since=TODAY - timedelta(days=32)), "hours-begin", "/valid_from"),
        (hours(since=TODAY + timedelta(days=732)), "hours-begin", "/valid_from"),
        (hours(covers=("98",)), "unknown-bydel", "/covers"),
    ],
)
def test_hours_that_nobody_can_work_are_refused(told, code, pointer):
    assert refused(told) == (code, pointer)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(0, 0), (1, 0), (-367, -300), (0, 1097), (1097, 1098)],
    ids=["nothing", "backwards", "long ago", "too long", "too far ahead"],
)
def test_an_absence_that_cannot_be_is_refused(begins, ends):
    with pytest.raises(RuleBroken, match="absence-period"):
        check_absence(absence(midnight(begins), midnight(ends)), TODAY)


def test_an_absence_of_an_hour_and_one_of_three_years_are_taken():
    check_absence(absence(midnight(0), midnight(0) + timedelta(hours=1)), TODAY)
    check_absence(absence(midnight(0), midnight(1095)), TODAY)


def test_an_overlap_names_the_days_and_what_is_free_of_it():
    taken = [Away(midnight(2), midnight(4)), Away(midnight(6), midnight(9))]
    told = absence_overlaps(absence(midnight(0), midnight(8)), reversed(taken))
    assert "2026-11-24 to 2026-11-25, 2026-11-28 to 2026-11-30" in told.detail
    days = {
        name: [(one["first_day"], one["last_day"]) for one in spans]
        for name, spans in told.members.items()
    }
    assert days == {
        "overlaps": [("2026-11-24", "2026-11-25"), ("2026-11-28", "2026-11-30")],
        "free": [("2026-11-22", "2026-11-23"), ("2026-11-26", "2026-11-27")],
    }


def test_an_absence_of_a_day_in_which_summer_time_begins_is_that_day():
    day = date(2026, 3, 29)
    away = Away(at_clock(day, time.min), at_clock(day + timedelta(days=1), time.min))
    assert days_of(away) == (day, day)
    assert is_whole_days(away)
    assert away.ends - away.begins == timedelta(hours=23)


def test_a_morning_away_is_no_whole_day():
    assert not is_whole_days(Away(midnight(0), datetime(2026, 11, 22, 12, tzinfo=UTC)))


def test_an_absence_does_not_say_why_where_it_is_printed():
    sick = Absence(UUID(int=9), NURSE, AbsenceKind.SICKNESS, midnight(0), midnight(1))
    assert "sick" not in f"{sick!r} {sick}"


def somebody(role: Role, bydel: BydelNumber | None = OURS, number: int = 2) -> Actor:
    return Actor(UserId(UUID(int=number)), role, bydel)


@pytest.mark.parametrize(
    ("actor", "sees", "writes"),
    [
        (somebody(Role.NURSE, number=1), True, True),
        (somebody(Role.LEAD), True, True),
        (SYSTEM, True, True),
        (somebody(Role.NURSE), True, False),
        (somebody(Role.LEAD, THEIRS), False, False),
        (somebody(Role.NURSE, THEIRS), False, False),
        (somebody(Role.PLANNER, None), False, False),
        (somebody(Role.PRIVACY_OFFICER, None), False, False),
    ],
)
def test_who_sees_when_a_nurse_works_and_who_writes_it(actor, sees, writes):
    assert may_see(actor, NURSE, {OURS}) is sees
    assert may_write(actor, NURSE, OURS) is writes


def test_the_lead_of_a_bydel_that_a_nurse_covers_sees_and_does_not_write():
    lead = somebody(Role.LEAD, THEIRS)
    assert may_see(lead, NURSE, {OURS, THEIRS})
    assert not may_write(lead, NURSE, OURS)
