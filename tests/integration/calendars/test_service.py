"""Nurses and their leads write down when they work and when they are away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from nyefamilier.accounts.service import NewAccount, accounts, create_account, disable_account
from nyefamilier.calendars.hours import USUAL, HalfDay, Hours, Purpose, at_clock
from nyefamilier.calendars.rules import Absence, AbsenceKind
from nyefamilier.calendars.service import cancel_absence, record_absence, set_hours
from nyefamilier.calendars.views import availability, calendar_of, nurses_serving
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken, Unavailable
from nyefamilier.kernel.ids import BydelNumber
from tests.builders import DAY, lead
from tests.cities import City

LATER = DAY + timedelta(days=14)


def midnight(days: int) -> datetime:
    return at_clock(DAY + timedelta(days=days), time.min)


def away(
    nurse: Actor, first: int = 0, last: int = 1, kind: AbsenceKind = AbsenceKind.LEAVE
) -> Absence:
    return Absence(uuid4(), nurse.id, kind, midnight(first), midnight(last))


def hours(since: date = DAY, percentage: int = 60, covers: tuple[str, ...] = ()) -> Hours:
    week = (
        HalfDay(2, time(9), time(12), Purpose.CLINIC),
        HalfDay(1, time(8), time(12), Purpose.HOME),
    )
    return Hours(since, percentage, 25, tuple(map(BydelNumber, covers)), week)


def record(city: City, absence: Absence, actor: Actor | None = None) -> bool:
    with city.programme.work(actor or city.ours) as work:
        return record_absence(work, absence)


def set_(city: City, told: Hours, actor: Actor | None = None) -> None:
    with city.programme.work(actor or city.ours) as work:
        set_hours(work, city.ours.id, told)


def seen(city: City, actor: Actor | None = None):
    with city.programme.work(actor or city.ours) as work:
        return calendar_of(work, city.ours.id)


def test_a_calendar_that_nobody_has_written_into_shows_the_usual_hours(city):
    view = seen(city)
    assert (view.present, view.coming, view.absences, view.may_write) == (USUAL, (), (), True)


def test_hours_are_read_as_they_were_set_in_the_order_of_the_week(city):
    set_(city, hours())
    assert seen(city).present == replace(hours(), week=tuple(reversed(hours().week)))


def test_hours_that_begin_later_are_shown_as_coming_and_count_from_their_day(city):
    set_(city, hours(LATER))
    view = seen(city)
    assert view.present == USUAL
    assert [one.valid_from for one in view.coming] == [LATER]
    with city.programme.work(city.ours) as work:
        found = availability(work, [city.ours.id], DAY, LATER + timedelta(days=6))[city.ours.id]
    assert len(found.intervals) == 10 + 2


def test_hours_that_begin_on_the_same_day_take_the_place_of_those_before(city):
    set_(city, hours())
    set_(city, hours(percentage=40))
    view = seen(city)
    assert (view.present.percentage, view.coming) == (40, ())


def test_hours_that_nobody_can_work_change_nothing(city):
    with pytest.raises(RuleBroken, match="hours-range"):
        set_(city, hours(percentage=0))
    assert seen(city).present == USUAL


def test_a_bydel_that_is_not_there_is_not_covered(city):
    with pytest.raises(RuleBroken, match="unknown-bydel"):
        set_(city, hours(covers=("77",)))


def test_a_nurse_who_covers_a_bydel_serves_it_from_that_day_on(city):
    set_(city, hours(LATER, covers=("12", "11")))
    alna = BydelNumber("12")
    with city.programme.work(city.theirs) as work:
        before, after = nurses_serving(work, alna, DAY), nurses_serving(work, alna, LATER)
    assert [one.id for one in before] == [city.theirs.id]
    assert [one.id for one in after] == [city.theirs.id, city.ours.id]
    assert seen(city).coming[0].covers == (alna,)


def test_whoever_is_no_nurse_or_works_here_no_more_serves_nobody(city):
    alna = BydelNumber("12")
    set_(city, hours(covers=("12",)))
    with city.programme.work(SYSTEM, "test") as work:
        lead_of_alna = NewAccount("leder12", "Stille Fjell", Role.LEAD, alna, None)
        create_account(work, lead_of_alna)
        left = create_account(work, NewAccount("alna9", "Rask Bjørk", Role.NURSE, alna, None))
        disable_account(work, "alna9")
    with city.programme.work(city.theirs) as work:
        served = [one.id for one in nurses_serving(work, alna, LATER)]
    assert left.id not in served
    assert served == [city.theirs.id, city.ours.id]

    with city.programme.work(SYSTEM, "test") as work:
        disable_account(work, _username(work, city.ours.id))
    with city.programme.work(city.theirs) as work:
        assert [one.id for one in nurses_serving(work, alna, LATER)] == [city.theirs.id]


def _username(work, account_id):
    return next(one.username for one in accounts(work) if one.id == account_id)


def test_a_nurse_who_no_longer_covers_a_bydel_does_not_serve_it(city):
    set_(city, hours(covers=("12",)))
    set_(city, hours(LATER))
    with city.programme.work(city.theirs) as work:
        served = nurses_serving(work, BydelNumber("12"), LATER)
    assert [one.id for one in served] == [city.theirs.id]


def test_an_absence_is_seen_with_its_kind_by_the_nurse_and_her_lead(city):
    sick = away(city.ours, kind=AbsenceKind.SICKNESS)
    assert record(city, sick) is True
    for actor in (city.ours, lead()):
        [found] = seen(city, actor).absences
        assert (found.id, found.begins, found.ends, found.kind) == (
            sick.id, sick.begins, sick.ends, AbsenceKind.SICKNESS,
        )  # fmt: skip


def test_a_colleague_sees_that_she_is_away_and_not_why(city):
    record(city, away(city.ours, kind=AbsenceKind.SICKNESS))
    view = seen(city, city.colleague)
    assert [one.kind for one in view.absences] == [None]
    assert view.may_write is False


def test_the_database_holds_no_kind_that_can_be_read(city):
    record(city, away(city.ours, kind=AbsenceKind.SICKNESS))
    with city.programme.work(city.ours) as work:
        dumped = work.session.execute(text("SELECT absence::text FROM absence")).scalar_one()
    assert AbsenceKind.SICKNESS.value.encode().hex() not in dumped


def test_nobody_from_another_bydel_learns_of_a_nurse(city):
    for actor in (city.theirs, lead("12")):
        with pytest.raises(NotFound):
            seen(city, actor)
        with pytest.raises(NotFound):
            record(city, away(city.ours), actor)


def test_those_of_a_bydel_that_she_covers_see_her_and_write_nothing(city):
    set_(city, hours(covers=("12",)))
    record(city, away(city.ours))
    view = seen(city, city.theirs)
    assert [one.kind for one in view.absences] == [None]
    with pytest.raises(NotAllowed):
        set_(city, hours(), lead("12"))


def test_a_colleague_writes_nothing_into_her_calendar(city):
    absence = away(city.ours)
    record(city, absence)
    with pytest.raises(NotAllowed):
        record(city, away(city.ours, 5, 6), city.colleague)
    with pytest.raises(NotAllowed):
        set_(city, hours(), city.colleague)
    with pytest.raises(NotAllowed), city.programme.work(city.colleague) as work:
        cancel_absence(work, city.ours.id, absence.id)


def test_her_lead_writes_into_it(city):
    absence = away(city.ours)
    set_(city, hours(), lead())
    record(city, absence, lead())
    with city.programme.work(lead()) as work:
        cancel_absence(work, city.ours.id, absence.id)
    assert (seen(city).present.percentage, seen(city).absences) == (60, ())


def test_a_nurse_who_has_left_has_no_calendar(city):
    with city.programme.work(SYSTEM) as work:
        disable_account(work, "stovner1")
    with pytest.raises(NotFound):
        seen(city, lead())


def test_an_absence_over_another_is_refused_with_the_days(city):
    record(city, away(city.ours, 2, 4))
    with pytest.raises(Conflict) as caught:
        record(city, away(city.ours, 0, 3))
    assert caught.value.code == "absence-overlaps"
    assert [one["first_day"] for one in caught.value.members["overlaps"]] == ["2026-03-04"]
    assert [one["last_day"] for one in caught.value.members["free"]] == ["2026-03-03"]
    assert len(seen(city).absences) == 1


def test_an_absence_sent_twice_is_recorded_once(city):
    absence = away(city.ours)
    assert [record(city, absence), record(city, absence)] == [True, False]
    assert len(seen(city).absences) == 1


@pytest.mark.parametrize("other", ["kind", "period", "nurse"])
def test_another_absence_under_the_same_id_is_refused(city, other):
    absence = away(city.ours)
    record(city, absence)
    changed = {
        "kind": replace(absence, kind=AbsenceKind.COURSE),
        "period": replace(absence, ends=midnight(2)),
        "nurse": replace(absence, nurse_id=city.colleague.id),
    }[other]
    with pytest.raises(Conflict, match="id-taken"):
        record(city, changed, lead())


def test_what_was_cancelled_can_be_recorded_anew(city):
    absence = away(city.ours)
    record(city, absence)
    for _ in range(2):
        with city.programme.work(city.ours) as work:
            cancel_absence(work, city.ours.id, absence.id)
    assert record(city, away(city.ours)) is True
    assert len(seen(city).absences) == 1


@pytest.mark.parametrize("whose", ["nobody's", "a colleague's"])
def test_an_absence_that_is_not_hers_is_not_found(city, whose):
    absence_id = uuid4()
    if whose == "a colleague's":
        hers = away(city.colleague)
        record(city, hers, city.colleague)
        absence_id = hers.id
    with pytest.raises(NotFound), city.programme.work(lead()) as work:
        cancel_absence(work, city.ours.id, absence_id)


def test_an_absence_that_ended_long_ago_is_not_shown(city):
    record(city, away(city.ours, -60, -40))
    record(city, away(city.ours, -30, -20))
    assert [one.ends for one in seen(city).absences] == [midnight(-20)]


def test_an_absence_that_was_damaged_is_named_and_not_guessed(city):
    record(city, away(city.ours))
    with city.programme.work(city.ours) as work:
        work.session.execute(text("UPDATE absence SET id = gen_random_uuid()"))
    with pytest.raises(Unavailable, match="record-damaged"):
        seen(city)


def test_of_sixteen_who_record_overlapping_leave_at_once_one_gets_through(real_city):
    def try_one(number: int) -> str:
        try:
            record(real_city, away(real_city.ours, number % 4, 5), lead())
        except Conflict as refusal:
            return refusal.code
        return "recorded"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(try_one, range(16)))
    assert sorted(set(outcomes)) == ["absence-overlaps", "recorded"]
    assert outcomes.count("recorded") == 1


def test_sixteen_copies_of_one_absence_are_one(real_city):
    absence = away(real_city.ours)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: record(real_city, absence), range(16)))
    assert outcomes.count(True) == 1
    assert [one.id for one in seen(real_city).absences] == [UUID(int=absence.id.int)]
