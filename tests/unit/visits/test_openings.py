"""When one nurse could come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.openings import (
    Half,
    Journeys,
    Nurse,
    Part,
    Span,
    Taken,
    first_openings,
    openings,
)

HOUR = timedelta(hours=1)
TRAVEL = timedelta(minutes=20)
NURSE = UserId(UUID(int=1))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = clock.split(".")
    local = datetime(2026, month, day, int(hour), int(minute), tzinfo=OSLO)
    return local.astimezone(UTC)


def nurse(*taken: Taken, days: tuple[int, ...] = (23,), travel: timedelta = TRAVEL) -> Nurse:
    free = [Span(at(day, "08.00"), at(day, "15.30")) for day in days]
    return Nurse(NURSE, Part.OWN, free, taken, travel)


def begins(one: Nurse, lasts: timedelta = HOUR, soonest: datetime = LONG_AGO) -> list[str]:
    return [
        opening.begins.astimezone(OSLO).strftime("%H.%M")
        for opening in openings(one, lasts, soonest)
    ]


def test_a_nurse_travels_out_after_her_day_begins_and_is_back_before_it_ends():
    found = begins(nurse())

    assert (found[0], found[-1]) == ("08.30", "14.00")


def test_where_nobody_travels_the_whole_day_can_be_used():
    found = begins(nurse(travel=timedelta(0)))

    assert (found[0], found[-1]) == ("08.00", "14.30")


def test_between_two_visits_there_is_time_to_travel():
    found = begins(nurse(Taken(at(23, "10.00"), at(23, "11.00"))))

    assert found == ["08.30", "11.30", "12.00", "12.30", "13.00", "13.30", "14.00"]


def test_nothing_sooner_than_was_asked_for_is_told():
    assert begins(nurse(), soonest=at(23, "13.10")) == ["13.30", "14.00"]


def test_a_visit_longer_than_any_half_day_fits_nowhere():
    assert begins(nurse(), lasts=8 * HOUR) == []


def test_a_visit_beside_another_in_the_same_delbydel_adds_no_journey():
    far, near = at(23, "09.00"), at(24, "09.00")
    one = nurse(Taken(far, far + HOUR), Taken(near, near + HOUR, near=True), days=(23, 24, 25))

    found = {(o.day.weekday(), o.half): o.journeys for o in openings(one, HOUR, LONG_AGO)}
    assert found == {
        (0, Half.MORNING): Journeys.ONE,
        (0, Half.AFTERNOON): Journeys.OUT_AND_BACK,
        (1, Half.MORNING): Journeys.NONE,
        (1, Half.AFTERNOON): Journeys.OUT_AND_BACK,
        (2, Half.MORNING): Journeys.OUT_AND_BACK,
        (2, Half.AFTERNOON): Journeys.OUT_AND_BACK,
    }


def test_how_much_of_a_week_is_taken_is_told_in_tenths():
    three_hours = Taken(at(23, "09.00"), at(23, "12.00"))
    found = {o.load for o in openings(nurse(three_hours), HOUR, LONG_AGO)}

    assert found == {4}


def test_summer_time_moves_the_instant_and_not_the_hour_of_the_day():
    free = [Span(at(day, "08.00", 10), at(day, "15.30", 10)) for day in (23, 26)]
    found = list(openings(Nurse(NURSE, Part.OWN, free, (), TRAVEL), HOUR, LONG_AGO))

    assert {o.begins.astimezone(OSLO).strftime("%H.%M") for o in found if o.begins.day == 23} == {
        o.begins.astimezone(OSLO).strftime("%H.%M") for o in found if o.begins.day == 26
    }
    assert {o.begins.hour for o in found if o.begins.day == 23} == set(range(6, 13))
    assert {o.begins.hour for o in found if o.begins.day == 26} == set(range(7, 14))


def test_a_visit_past_midnight_takes_the_last_hour_of_the_day():
    evening = Span(at(23, "22.00"), at(24, "02.00"))
    taken = Taken(at(24, "00.00"), at(24, "01.00"))
    late = Nurse(NURSE, Part.OWN, [evening], [taken])

    assert begins(late) == ["22.00", "22.30", "23.00", "01.00"]


MINUTES = st.integers(0, 4 * 24 * 60)
SPANS = st.builds(
    lambda start, lasts: (
        at(23, "00.00") + timedelta(minutes=start),
        at(23, "00.00") + timedelta(minutes=start + lasts),
    ),
    MINUTES,
    st.integers(5, 400),
)


@given(st.lists(SPANS, max_size=4), st.lists(SPANS, max_size=8), st.sampled_from([0, 20]))
def test_the_first_opening_of_each_half_of_a_time_at_work_is_one_of_all_and_the_earliest(
    free, taken, travel
):
    for span in free:
        way = timedelta(minutes=travel)
        one = Nurse(NURSE, Part.OWN, [Span(*span)], [Taken(*t) for t in taken], way)
        earliest = {}
        for opening in openings(one, HOUR, LONG_AGO):
            earliest.setdefault((opening.day, opening.half), opening)

        assert list(first_openings(one, HOUR, LONG_AGO)) == list(earliest.values())


@given(
    st.lists(SPANS, max_size=4),
    st.lists(SPANS, max_size=8),
    st.sampled_from([0, 15, 20, 45]),
    st.sampled_from([30, 60, 90]),
)
def test_exactly_the_half_hours_are_told_that_hurt_no_other_appointment(free, taken, travel, lasts):
    way, length = timedelta(minutes=travel), timedelta(minutes=lasts)
    one = Nurse(NURSE, Part.OWN, [Span(*span) for span in free], [Taken(*t) for t in taken], way)

    told = {opening.begins for opening in openings(one, length, LONG_AGO)}

    assert told == {
        begins
        for half_hours in range(5 * 48)
        for begins in [at(23, "00.00") + timedelta(minutes=30 * half_hours)]
        if any(start + way <= begins and begins + length + way <= end for start, end in free)
        if all(end + way <= begins or begins + length + way <= start for start, end in taken)
    }
