"""A visit is agreed on in working time; outside it for a reason that is told, or not at all."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from nyefamilier.calendars.hours import HalfDay, Hours, Purpose, at_clock
from nyefamilier.calendars.rules import Absence, AbsenceKind
from nyefamilier.calendars.service import record_absence, set_hours
from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.intents import BookVisit, NextVisit, Outcome, RecordVisit
from nyefamilier.visits.outside import OutsideHours
from nyefamilier.visits.states import Place
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import NOON, send
from tests.cities import settle
from tests.pockets import Phone

AT = NOON + timedelta(days=3)
"""A Thursday, at twelve."""
EVENING, SATURDAY = AT + timedelta(hours=6), AT + timedelta(days=2)
MAUNDY_THURSDAY = date(2026, 4, 2)
WISH = "Far er hjemme da."


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def seen(city, home, visit):
    with city.programme.work(city.ours) as work:
        return next((one for one in visits(work, home.id) if one.id == visit), None)


def away(city, begins, ends):
    absence = Absence(uuid4(), city.ours.id, AbsenceKind.LEAVE, begins, ends)
    with city.programme.work(city.ours) as work:
        record_absence(work, absence)


@pytest.mark.parametrize("at", [EVENING, SATURDAY, at_clock(MAUNDY_THURSDAY, time(10))])
def test_outside_working_time_is_refused_with_times_within_it(city, home, at):
    with pytest.raises(OutsideHours) as refused:
        told(city, home, BookVisit(uuid4(), at))

    assert (refused.value.code, refused.value.pointer) == ("outside-hours", "/at")
    assert refused.value.members["free"] == [one.isoformat() for one in refused.value.free]
    assert refused.value.free
    told(city, home, BookVisit(uuid4(), refused.value.free[0]))


def test_a_reason_is_kept_where_the_time_needs_one_and_nowhere_else(city, home):
    visit = uuid4()
    told(city, home, BookVisit(visit, EVENING, outside_hours=WISH))
    assert seen(city, home, visit).outside_hours == WISH

    told(city, home, BookVisit(visit, EVENING, agreed="Ta med helsekortet."))
    assert seen(city, home, visit).outside_hours == WISH

    told(city, home, BookVisit(visit, AT, outside_hours=WISH))
    assert seen(city, home, visit).outside_hours is None


def test_a_reason_for_one_evening_is_none_for_another(city, home):
    visit = uuid4()
    told(city, home, BookVisit(visit, EVENING, outside_hours=WISH))
    with pytest.raises(OutsideHours):
        told(city, home, BookVisit(visit, EVENING + timedelta(days=1)))

    assert seen(city, home, visit).at == EVENING


def test_who_is_away_is_not_at_work_and_free_times_lie_after_it(city, home):
    away(city, AT - timedelta(days=1), AT + timedelta(days=20))
    with pytest.raises(OutsideHours) as refused:
        told(city, home, BookVisit(uuid4(), AT))

    assert refused.value.free
    assert all(
        one < AT - timedelta(days=1) or one > AT + timedelta(days=20) for one in refused.value.free
    )


def test_the_second_nurse_must_be_at_work_too(city, home):
    away(city, AT - timedelta(hours=1), AT + timedelta(hours=2))
    booking = BookVisit(uuid4(), AT, nurse_id=city.colleague.id, second_nurse_id=city.ours.id)
    with pytest.raises(OutsideHours):
        told(city, home, booking)


def test_clinic_hours_are_working_time_and_hold_no_way_between_homes(city, home):
    week = tuple(HalfDay(weekday, time(12), time(20), Purpose.CLINIC) for weekday in range(1, 6))
    with city.programme.work(city.ours) as work:
        set_hours(work, city.ours.id, Hours(NOON.date(), 100, 20, (), week))
    told(city, home, BookVisit(uuid4(), EVENING, Place.CLINIC))
    with pytest.raises(TimeTaken) as refused:
        told(city, settle(city), BookVisit(uuid4(), EVENING, Place.CLINIC))

    assert refused.value.free
    assert all(time(12) <= one.astimezone(OSLO).time() for one in refused.value.free)


def test_free_times_near_a_time_that_is_taken_respect_holidays_and_the_way(city, home):
    wednesday = at_clock(MAUNDY_THURSDAY - timedelta(days=1), time(14))
    told(city, home, BookVisit(uuid4(), wednesday))
    with pytest.raises(TimeTaken) as refused:
        told(city, settle(city), BookVisit(uuid4(), wednesday))

    assert {one.date() for one in refused.value.free} == {wednesday.date()}
    assert all(abs(one - wednesday) >= timedelta(minutes=80) for one in refused.value.free)


def test_the_next_visit_is_in_working_time_or_for_a_reason(city, home):
    def following(**more):
        return NextVisit(uuid4(), EVENING.date(), EVENING, **more)

    def made(then):
        return RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60, next_visit=then)

    with pytest.raises(OutsideHours) as refused:
        told(city, home, made(following()))
    assert refused.value.pointer == "/next_visit/at"

    then = following(outside_hours=WISH)
    told(city, home, made(then))
    assert seen(city, home, then.id).outside_hours == WISH


class TestPhones:
    """What a nurse agreed on in a stairwell, without network, waits for her reason."""

    @pytest.fixture
    def phone(self, city):
        return Phone(city, city.ours)

    def test_a_booking_is_held_and_carried_out_for_the_reason_that_is_given(
        self, city, home, phone
    ):
        visit = uuid4()
        verdict = phone.sends(home.id, BookVisit(visit, EVENING))
        assert (verdict.status, verdict.reason) == (Verdict.HELD, "outside-hours")
        assert seen(city, home, visit) is None

        with pytest.raises(OutsideHours):
            told(city, home, DecideReview(verdict.review, Choice.FILE_HELD))
        told(city, home, DecideReview(verdict.review, Choice.FILE_HELD, WISH))
        assert seen(city, home, visit).outside_hours == WISH

    def test_a_booking_with_its_reason_goes_through(self, home, phone):
        booking = BookVisit(uuid4(), EVENING, outside_hours=WISH)

        assert phone.sends(home.id, booking).status is Verdict.APPLIED

    def test_a_visit_that_took_place_is_recorded_and_its_next_one_waits(self, city, home, phone):
        following = NextVisit(uuid4(), EVENING.date(), EVENING)
        then = city.clock.now - timedelta(hours=2)
        made = RecordVisit(uuid4(), Outcome.DONE, then, 60, next_visit=following)
        verdict = phone.sends(home.id, made)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "outside-hours")
        assert seen(city, home, made.visit_id).state == "done"
        assert seen(city, home, following.id) is None
        told(city, home, DecideReview(verdict.review, Choice.PROPOSED, WISH))
        assert seen(city, home, following.id).outside_hours == WISH
