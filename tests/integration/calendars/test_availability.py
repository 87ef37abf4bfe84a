"""When nurses work, as the database has it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from nyefamilier.calendars.hours import Interval, Purpose
from nyefamilier.calendars.views import availability
from nyefamilier.demo.understudy import Understudy
from nyefamilier.storage.work import Work
from tests.cities import City
from tests.integration.calendars.calendar_rows import add_absence, add_calendar, add_hours, half

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY + timedelta(days=6)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.fixture
def work(city: City) -> Generator[Work]:
    with city.programme.work(city.ours) as opened:
        yield opened


def test_nurses_of_whom_nothing_is_known_work_the_usual_hours(city, work):
    found = availability(work, [city.ours.id, city.colleague.id], MONDAY, SUNDAY)
    assert list(found) == [city.ours.id, city.colleague.id]
    assert all(len(one.intervals) == 5 and one.percentage == 100 for one in found.values())


def test_each_nurse_has_her_own_hours_and_absences(city, work):
    ours = add_calendar(work.session, city.ours.id)
    add_hours(
        work.session, city.ours.id, date(2026, 1, 1), [half(1, "08:00", "12:00", "clinic")], 60
    )
    add_absence(work.session, ours, at(23, 9), at(23, 10))
    found = availability(work, [city.ours.id, city.colleague.id], MONDAY, SUNDAY)
    mine, hers = found[city.ours.id], found[city.colleague.id]
    assert (mine.percentage, mine.travel_minutes) == (60, 15)
    assert mine.intervals == (
        Interval(at(23, 7), at(23, 9), Purpose.CLINIC),
        Interval(at(23, 10), at(23, 11), Purpose.CLINIC),
    )
    assert len(hers.intervals) == 5


def test_hours_that_begin_later_do_not_count_yet(city, work):
    add_calendar(work.session, city.ours.id)
    add_hours(work.session, city.ours.id, MONDAY + timedelta(days=7))
    found = availability(work, [city.ours.id], MONDAY, MONDAY + timedelta(days=13))
    assert len(found[city.ours.id].intervals) == 5


def test_an_absence_that_was_cancelled_takes_nothing(city, work):
    ours = add_calendar(work.session, city.ours.id)
    add_absence(work.session, ours, at(23, 0), at(28, 0), cancelled=True)
    found = availability(work, [city.ours.id], MONDAY, SUNDAY)
    assert len(found[city.ours.id].intervals) == 5


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(at(22, 0), at(22, 23)), (at(29, 23), at(30, 23))],
    ids=["the day before", "the day after"],
)
def test_an_absence_on_another_day_takes_nothing(city, work, begins, ends):
    add_absence(work.session, add_calendar(work.session, city.ours.id), begins, ends)
    found = availability(work, [city.ours.id], MONDAY, SUNDAY)
    assert len(found[city.ours.id].intervals) == 5


def test_an_absence_that_goes_on_over_the_days_takes_all_of_them(city, work):
    add_absence(work.session, add_calendar(work.session, city.ours.id), at(1, 0), at(30, 0))
    assert availability(work, [city.ours.id], MONDAY, SUNDAY)[city.ours.id].intervals == ()


def test_no_nurse_is_away_twice_at_once_whoever_writes(city, work):
    ours = add_calendar(work.session, city.ours.id)
    add_absence(work.session, ours, at(23, 9), at(24, 9))
    with pytest.raises(IntegrityError, match="ex_absence_one_at_a_time"):
        add_absence(work.session, ours, at(24, 8), at(25, 8))


def test_one_absence_may_begin_when_another_ends_or_lie_where_one_was_cancelled(city, work):
    ours = add_calendar(work.session, city.ours.id)
    hers = add_calendar(work.session, city.colleague.id)
    add_absence(work.session, ours, at(23, 9), at(24, 9), cancelled=True)
    add_absence(work.session, ours, at(23, 9), at(24, 9))
    add_absence(work.session, ours, at(24, 9), at(25, 9))
    add_absence(work.session, hers, at(23, 9), at(25, 9))


def test_however_many_nurses_are_asked_about_it_takes_two_queries(city, work):
    asked: list[str] = []
    nurses = [city.ours.id, city.colleague.id, city.theirs.id]
    connection = work.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    availability(work, nurses, MONDAY, SUNDAY)
    assert len(asked) == 2


def test_nobody_is_asked_about_and_nothing_is_answered(work):
    assert availability(work, [], MONDAY, SUNDAY) == {}


def test_the_stand_in_of_the_demonstration_can_answer(city, work):
    stand_in = Work(Understudy({}, {}), work.actor, work.now, work.vault, work.occasion)  # type: ignore[arg-type]
    found = availability(stand_in, [city.ours.id], MONDAY, SUNDAY)
    assert len(found[city.ours.id].intervals) == 5
