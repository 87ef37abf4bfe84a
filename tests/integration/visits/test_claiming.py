"""A nurse has one appointment at a time, whoever writes and however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from psycopg.errors import DeadlockDetected, ExclusionViolation
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import open_dossier
from nyefamilier.families.intents import RecordLoss
from nyefamilier.families.states import Outcome as Ended
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.store import open_enrolment
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.visits.appointments import lasting
from nyefamilier.visits.claiming import TimeTaken, claim_what_is_booked
from nyefamilier.visits.intents import (
    BookVisit,
    CancelledBy,
    CancelVisit,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import AppointmentRow, VisitRow
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from scheduler import jobs
from tests.builders import DAY, NOON, send
from tests.cities import settle
from tests.pockets import Phone
from tests.pushes import Outbox

AT = NOON + timedelta(days=3)


def told(city, home, *operations, by=None):
    return send(city.programme, by or city.ours, home.id, *operations)


def claims(city):
    with city.programme.work(city.ours) as work:
        rows = work.session.scalars(select(AppointmentRow)).all()
    return {(one.visit_id, one.nurse_id, one.begins, one.ends) for one in rows}


def booked(city):
    """What the claims must be: the visits that are booked."""
    with city.programme.work(city.ours) as work:
        rows = work.session.scalars(select(VisitRow).where(VisitRow.state == VisitState.BOOKED))
        return {(one.id, one.nurse_id, one.at, one.at + timedelta(hours=1)) for one in rows}


@pytest.fixture
def visit(city, home):
    made = uuid4()
    told(city, home, BookVisit(made, AT))
    return made


@pytest.mark.parametrize("minutes", [-59, 0, 59])
@pytest.mark.usefixtures("visit")
def test_a_time_that_is_taken_is_refused_with_the_nearest_free_ones(city, minutes):
    with pytest.raises(TimeTaken) as refused:
        told(city, settle(city), BookVisit(uuid4(), AT + timedelta(minutes=minutes)))

    assert (refused.value.code, refused.value.pointer) == ("time-taken", "/at")
    assert refused.value.members["taken"] == [AT.isoformat()]
    assert refused.value.free
    assert all(abs(one - AT) >= timedelta(hours=1) for one in refused.value.free)
    told(city, settle(city), BookVisit(uuid4(), refused.value.free[0]))


@pytest.mark.usefixtures("visit")
def test_the_hour_before_the_hour_after_and_another_nurse_are_free(city, home):
    for hours in (-1, 1):
        told(city, home, BookVisit(uuid4(), AT + timedelta(hours=hours)))
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))

    assert claims(city) == booked(city)
    assert len(claims(city)) == 4


def test_a_visit_that_is_moved_takes_its_new_time_and_gives_back_the_old_one(city, home, visit):
    told(city, home, BookVisit(visit, AT + timedelta(minutes=30)))
    told(city, home, BookVisit(visit, AT + timedelta(days=1), nurse_id=city.colleague.id))

    assert claims(city) == booked(city)
    told(city, home, BookVisit(uuid4(), AT))


def test_a_visit_that_cannot_be_moved_keeps_its_time(city, home, visit):
    told(city, home, BookVisit(uuid4(), AT + timedelta(hours=2)))
    with pytest.raises(TimeTaken):
        told(city, home, BookVisit(visit, AT + timedelta(hours=2)))

    assert claims(city) == booked(city)


def cancelled(_city, _home, visit):
    return CancelVisit(visit, CancelledBy.FAMILY)


def missed(city, _home, visit):
    return RecordVisit(visit, Outcome.NOT_HOME, city.clock.now, 0)


def made(city, _home, visit):
    return RecordVisit(visit, Outcome.DONE, city.clock.now, 60)


def lost(_city, home, _visit):
    return RecordLoss(home.pregnancy, Ended.LOST, DAY)


def withdrawn(city, home, _visit):
    with city.programme.work(city.ours) as work:
        enrolment = open_enrolment(work.session, home.id)
    return ChangeEnrolment(enrolment.id, EnrolmentState.WITHDRAWN, DAY)


@pytest.mark.parametrize("end", [cancelled, missed, made, lost, withdrawn])
def test_what_is_booked_no_more_gives_its_time_back(city, home, visit, end):
    told(city, home, end(city, home, visit))

    assert claims(city) == booked(city) == set()


def test_a_visit_that_the_birth_overtakes_gives_its_time_back(city, home):
    with city.programme.work(city.ours) as work:
        (planned,) = [one for one in visits(work, home.id) if one.kind == "svangerskap_uke_28"]
    told(city, home, BookVisit(planned.id, AT))
    told(city, home, home.gives_birth(DAY))

    assert claims(city) == booked(city) == set()


def test_another_visit_of_the_same_item_takes_its_place_and_its_time(city, home):
    with city.programme.work(city.ours) as work:
        (planned,) = [one for one in visits(work, home.id) if one.kind == "svangerskap_uke_28"]
    told(city, home, BookVisit(planned.id, AT))
    told(city, home, BookVisit(uuid4(), AT, kind="svangerskap_uke_28"))

    assert claims(city) == booked(city)


def test_a_visit_takes_as_long_as_was_agreed(city, home):
    long, short = uuid4(), uuid4()
    told(city, home, BookVisit(long, AT, minutes=90))
    with pytest.raises(TimeTaken):
        told(city, home, BookVisit(short, AT + timedelta(minutes=75), minutes=15))
    told(city, home, BookVisit(short, AT + timedelta(minutes=90), minutes=15))
    told(city, home, BookVisit(uuid4(), AT + timedelta(minutes=105)))

    assert {ends - begins for _, _, begins, ends in claims(city)} == {
        timedelta(minutes=minutes) for minutes in (90, 15, 60)
    }


def test_a_visit_that_is_moved_lasts_as_long_as_before(city, home, visit):
    told(city, home, BookVisit(visit, AT, minutes=90))
    told(city, home, BookVisit(visit, AT + timedelta(days=1)))

    ((_, _, begins, ends),) = claims(city)
    assert ends - begins == timedelta(minutes=90)


@pytest.mark.parametrize("minutes", [0, 14, 241])
def test_nobody_agrees_on_a_visit_of_no_time_or_of_half_a_day(city, home, minutes):
    with pytest.raises(RuleBroken) as refused:
        told(city, home, BookVisit(uuid4(), AT, minutes=minutes))

    assert (refused.value.code, refused.value.pointer) == ("visit-minutes", "/minutes")


def test_the_second_nurses_time_is_taken_too_and_moves_with_the_visit(city, home, visit):
    told(city, home, BookVisit(visit, AT, second_nurse_id=city.colleague.id))
    with pytest.raises(TimeTaken):
        told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))
    later = AT + timedelta(days=1)
    told(city, home, BookVisit(visit, later))

    assert {(nurse, begins) for _, nurse, begins, _ in claims(city)} == {
        (city.ours.id, later),
        (city.colleague.id, later),
    }


def test_when_the_second_nurse_cannot_come_neither_is_taken(city, home):
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))
    with pytest.raises(TimeTaken):
        told(city, home, BookVisit(uuid4(), AT, second_nurse_id=city.colleague.id))

    assert len(claims(city)) == 1


def test_who_is_named_as_her_own_second_goes_alone(city, home, visit):
    told(city, home, BookVisit(visit, AT, second_nurse_id=city.colleague.id))
    told(city, home, BookVisit(visit, AT, second_nurse_id=city.ours.id))

    assert claims(city) == booked(city)


def test_a_second_nurse_is_a_nurse(city, home):
    with pytest.raises(RuleBroken) as refused:
        told(city, home, BookVisit(uuid4(), AT, second_nurse_id=uuid4()))

    assert (refused.value.code, refused.value.pointer) == ("unknown-nurse", "/second_nurse_id")


@pytest.mark.usefixtures("visit")
def test_a_next_visit_at_a_taken_time_is_refused_where_it_stands(city, home):
    following = NextVisit(uuid4(), day_of(AT), AT)
    record = RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60, next_visit=following)
    with pytest.raises(TimeTaken) as refused:
        told(city, home, record)

    assert refused.value.pointer == "/next_visit/at"


def test_who_has_no_account_has_no_time(city, home):
    with pytest.raises(RuleBroken) as refused:
        told(city, home, BookVisit(uuid4(), AT, nurse_id=uuid4()))

    assert refused.value.code == "unknown-nurse"


def test_of_many_who_want_one_hour_at_once_one_gets_it(real_city):
    homes = [settle(real_city) for _ in range(6)]
    barrier = Barrier(len(homes))

    def book(home):
        barrier.wait()
        try:
            told(real_city, home, BookVisit(uuid4(), AT))
        except TimeTaken as taken:
            return taken.taken == (AT,) and bool(taken.free)
        return None

    with ThreadPoolExecutor(len(homes)) as pool:
        answers = list(pool.map(book, homes))

    assert sorted(answers, key=str) == [None] + [True] * 5
    assert claims(real_city) == booked(real_city)
    assert len(claims(real_city)) == 1


@contextmanager
def meeting(engine, beginning, patience=0.5):
    """Two let each other come as far as a statement that begins so, or wait a while for it."""
    barrier = Barrier(2)

    def wait(_connection, _cursor, statement, *_rest):
        if statement.startswith(beginning):
            with suppress(BrokenBarrierError):
                barrier.wait(patience)

    event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", wait)


@contextmanager
def circles(engine):
    """The errors that say that two waited for each other in a circle."""
    found = []

    def hear(context):
        if isinstance(context.original_exception, DeadlockDetected):
            found.append(context.original_exception)

    event.listen(engine, "handle_error", hear)
    try:
        yield found
    finally:
        event.remove(engine, "handle_error", hear)


def patiently(box, *mutations):
    """Pushed until the database is not too busy, as a phone does."""
    body = box.body(*mutations)
    while True:
        try:
            return box.send(body)
        except Exception as error:
            away = unavailable_from(error)
            if away is None or away.code != "database-busy":
                raise


def test_two_visits_that_change_places_at_once_wait_for_each_other_in_no_circle(real_city):
    city, homes, moved = real_city, [settle(real_city) for _ in range(2)], [uuid4(), uuid4()]
    nurses = [city.ours.id, city.colleague.id]
    for home, visit, nurse in zip(homes, moved, nurses, strict=True):
        told(city, home, BookVisit(visit, AT, nurse_id=nurse))

    def change(number):
        with pytest.raises(TimeTaken):
            told(city, homes[number], BookVisit(moved[number], AT, nurse_id=nurses[1 - number]))

    with meeting(city.programme.engine, "INSERT INTO appointment"), ThreadPoolExecutor(2) as pool:
        list(pool.map(change, range(2)))

    assert claims(city) == booked(city)


def test_two_phones_with_the_same_families_the_other_way_round_wait_in_no_circle(real_city):
    """The first of each is refused, so that what follows is judged in parts."""
    city, homes = real_city, [settle(real_city) for _ in range(2)]
    boxes = [Outbox(city.programme, one).enrol() for one in (city.ours, city.ours)]
    told(city, settle(city), BookVisit(uuid4(), AT))

    def bring(number):
        box, (first, second) = boxes[number], homes[:: 1 - 2 * number]
        at = AT - timedelta(days=1 + number)
        return patiently(
            box,
            box.mutation(first.id, BookVisit(uuid4(), AT)),
            box.mutation(first.id, BookVisit(uuid4(), at)),
            box.mutation(second.id, BookVisit(uuid4(), AT)),
            box.mutation(second.id, BookVisit(uuid4(), at + timedelta(hours=2))),
        )

    with (
        meeting(city.programme.engine, "INSERT INTO inbox"),
        circles(city.programme.engine) as found,
        ThreadPoolExecutor(2) as pool,
    ):
        answers = list(pool.map(bring, range(2)))

    assert found == []
    held, applied = Verdict.HELD, Verdict.APPLIED
    for answer in answers:
        assert [one.status for one in answer.results] == [held, applied, held, applied]
    assert claims(city) == booked(city)


def test_a_next_visit_whose_time_is_taken_a_moment_later_leaves_the_visit_recorded(real_city):
    """Between the look and the claim another nurse's booking of the same hour is committed."""
    home, neighbours = settle(real_city), settle(real_city)
    following = NextVisit(uuid4(), day_of(AT), AT)
    record = RecordVisit(uuid4(), Outcome.DONE, NOON, 60, next_visit=following)
    begun = []

    def in_between(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO appointment") and not begun:
            begun.append(statement)
            told(real_city, neighbours, BookVisit(uuid4(), AT))

    event.listen(real_city.programme.engine, "before_cursor_execute", in_between)
    verdict = Phone(real_city, real_city.ours).sends(home.id, record)
    event.remove(real_city.programme.engine, "before_cursor_execute", in_between)

    assert begun
    assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "time-taken")
    with real_city.programme.work(real_city.ours) as work:
        found = {one.id: one.state for one in visits(work, home.id)}
    assert found[record.visit_id] is VisitState.DONE
    assert following.id not in found


def test_the_database_takes_no_second_appointment_from_whoever_writes(city, home, visit):
    told(city, home, BookVisit(uuid4(), AT + timedelta(hours=1)))
    with city.programme.work(city.ours) as work:
        later = text(
            "UPDATE appointment SET ends = ends + interval '1 second' WHERE visit_id = :id"
        )
        with pytest.raises(IntegrityError) as refused:
            work.session.execute(later, {"id": visit})
        work.session.rollback()

    assert isinstance(refused.value.orig, ExclusionViolation)


def test_without_the_constraint_two_get_the_same_hour(city, home):
    with city.programme.work(city.ours) as work:
        gone = "ALTER TABLE appointment DROP CONSTRAINT ex_appointment_one_at_a_time"
        work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        work.session.execute(text(gone))
        work.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    for _ in range(2):
        told(city, home, BookVisit(uuid4(), AT))

    assert len({(nurse, begins) for _, nurse, begins, _ in claims(city)}) < len(claims(city))


def test_what_was_booked_before_there_were_claims_takes_its_time_where_that_is_free(
    city, home, visit
):
    other, double = uuid4(), uuid4()
    told(city, home, BookVisit(other, AT + timedelta(days=1)))
    unclaim(city)
    told(city, home, BookVisit(double, AT))
    with capture_logs() as said:
        assert jobs.claim_appointments(city.programme) == 1

    assert {one for one, *_ in claims(city)} == {other, double}
    assert said == [{"event": "appointments-collide", "count": 1, "log_level": "warning"}]


def test_taking_the_time_of_what_is_booked_changes_nothing_the_second_time(city, home, visit):
    unclaim(city)
    assert jobs.claim_appointments(city.programme) == 1
    found = claims(city)
    assert jobs.claim_appointments(city.programme) == 0

    assert claims(city) == found == booked(city)


def test_a_visit_for_two_that_has_the_time_of_one_of_them_collides(city, home):
    both, double = uuid4(), uuid4()
    told(city, home, BookVisit(both, AT, second_nurse_id=city.colleague.id))
    unclaim(city)
    told(city, home, BookVisit(double, AT, nurse_id=city.colleague.id))
    with city.programme.work(SYSTEM, "test") as work:
        found = claim_what_is_booked(work, lasting(NOON, timedelta(days=30)))

    assert (found.taken, [one.id for one in found.colliding]) == (1, [both])


def test_the_time_of_a_family_that_somebody_is_writing_is_left_for_the_next_night(real_city):
    real_home = settle(real_city)
    told(real_city, real_home, BookVisit(uuid4(), AT))
    unclaim(real_city)
    with real_city.programme.work(real_city.ours) as writing:
        open_dossier(writing, real_home.id, Action.WRITE)
        assert jobs.claim_appointments(real_city.programme) == 0
    assert jobs.claim_appointments(real_city.programme) == 1


def test_nobody_but_the_programme_looks_through_all_appointments(city):
    with city.programme.work(city.ours) as work, pytest.raises(NotAllowed):
        claim_what_is_booked(work, lasting(NOON))


def unclaim(city):
    """As it was before a visit that is booked took its nurse's time."""
    with city.programme.work(city.ours) as work:
        work.session.execute(text("DELETE FROM appointment"))
