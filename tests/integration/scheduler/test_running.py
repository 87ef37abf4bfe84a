"""Each run of a job is recorded, at most one is open, and a dead one's successor is alone."""

from contextlib import suppress
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text

from nyefamilier.jobs import service
from nyefamilier.jobs.service import RunOver, Timing, lock_of
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from scheduler.jobs import Job
from scheduler.running import carry_out, lose_dead_runs
from scheduler.triggers import Nightly
from tests.cutting import cut_off
from tests.explaining import explaining

HALF_AN_HOUR = timedelta(minutes=30)
NAME = "Kari Nordmann"


@pytest.fixture
def programme(real_city):
    return real_city.programme


def job(run, **more):
    return Job("a-job", Nightly(3, 10), run, **more)


def enter(programme, due_at):
    with programme.work(SYSTEM, "test") as work:
        return service.enter(work, [Timing("a-job", due_at, HALF_AN_HOUR)])["a-job"]


def due(programme):
    with programme.work(SYSTEM, "test") as work:
        return service.due_at(work, "a-job")


def history(programme):
    with programme.work(SYSTEM, "test") as work:
        return [(one.outcome, one.count, one.error) for one in service.history(work)]


def writes(programme):
    with programme.work(SYSTEM, "job") as work:
        work.session.execute(text("INSERT INTO demonstration (version) VALUES ('x')"))
    return 1


def touch(programme):
    """What a job does at least: open a transaction and ask."""
    with programme.work(SYSTEM, "job") as work:
        work.session.execute(text("SELECT 1"))
    return 1


def test_a_run_that_is_done_is_recorded_and_settles_its_time(programme, real_city):
    due_at = enter(programme, real_city.clock.now)
    real_city.clock.forward(minutes=1)
    outcome = carry_out(programme, job(lambda _: 7), Event(), due_at=due_at)

    assert outcome is Outcome.DONE
    assert history(programme) == [(Outcome.DONE, 7, None)]
    assert due(programme) == Nightly(3, 10).get_next_fire_time(None, real_city.clock.now)


def test_a_time_that_is_settled_is_not_run_for_again(programme, real_city):
    due_at = enter(programme, real_city.clock.now)
    done = [carry_out(programme, job(touch), Event(), due_at=due_at) for _ in range(2)]

    assert done == [Outcome.DONE, None]
    assert len(history(programme)) == 1


def test_what_is_run_by_hand_settles_what_was_due(programme, real_city):
    enter(programme, real_city.clock.now)
    carry_out(programme, job(touch), Event())

    assert due(programme) > real_city.clock.now


def test_what_is_run_by_hand_before_its_time_leaves_the_time_as_it_is(programme, real_city):
    due_at = enter(programme, real_city.clock.now + HALF_AN_HOUR)
    carry_out(programme, job(touch), Event())

    assert due(programme) == due_at


def refuse(_):
    raise RuleBroken("a-code", f"something about {NAME}")


def break_down(_):
    raise ValueError(NAME)


@pytest.mark.parametrize(("run", "code"), [(refuse, "a-code"), (break_down, "ValueError")])
def test_a_run_that_fails_says_so_by_a_code_and_its_time_stays_unsettled(
    programme, real_city, run, code
):
    due_at = enter(programme, real_city.clock.now)
    outcome = carry_out(programme, job(run), Event(), due_at=due_at)

    assert outcome is Outcome.FAILED
    assert history(programme) == [(Outcome.FAILED, None, code)]
    assert due(programme) == due_at


def test_a_run_that_waits_for_a_lock_too_long_fails_and_says_that_the_database_was_busy(programme):
    with programme.engine.begin() as other:
        other.execute(text("LOCK TABLE demonstration"))
        carry_out(programme, job(writes), Event())

    assert history(programme) == [(Outcome.FAILED, None, "database-busy")]


def goes_on_after_everything(programme):
    for _ in range(3):
        # As a job that lets no family stop the others.
        with suppress(Exception):
            touch(programme)
    return 3


def test_a_run_that_takes_too_long_is_stopped_at_its_next_transaction(programme):
    late = job(goes_on_after_everything, longest=timedelta())

    assert carry_out(programme, late, Event()) is Outcome.TIMED_OUT
    assert history(programme) == [(Outcome.TIMED_OUT, None, None)]


def test_a_run_is_stopped_when_its_process_is_told_to_end(programme, real_city):
    due_at = enter(programme, real_city.clock.now)
    stop = Event()

    def told_to_stop(programme):
        stop.set()
        return goes_on_after_everything(programme)

    assert carry_out(programme, job(told_to_stop), stop, due_at=due_at) is Outcome.STOPPED
    assert due(programme) == due_at


def test_while_a_job_runs_nobody_else_runs_it(programme):
    second = []

    def meets_another(programme):
        second.append(carry_out(programme, job(touch), Event()))
        return 1

    carry_out(programme, job(meets_another), Event())
    assert second == [None]
    assert len(history(programme)) == 1


def test_a_run_that_was_cut_off_changes_nothing_after_another_has_begun(programme):
    went_on = []

    def loses_its_lock(fenced):
        touch(fenced)
        cut_off(programme, lock_of("a-job"))
        assert carry_out(programme, job(touch), Event()) is Outcome.DONE
        touch(fenced)
        went_on.append(True)
        return 1

    assert carry_out(programme, job(loses_its_lock), Event()) is Outcome.LOST
    assert went_on == []
    assert sorted(history(programme), key=str) == [
        (Outcome.DONE, 1, None),
        (Outcome.LOST, None, None),
    ]


def test_whoever_takes_a_run_for_lost_waits_for_what_it_has_under_way(programme):
    busy = []

    def is_at_it(fenced):
        with fenced.work(SYSTEM, "job") as work:
            work.session.execute(text("SELECT 1"))
            cut_off(programme, lock_of("a-job"))
            with pytest.raises(Exception, match="lock timeout"):
                carry_out(programme, job(touch), Event())
            busy.append(True)
        return 1

    assert carry_out(programme, job(is_at_it), Event()) is Outcome.DONE
    assert busy == [True]


def left_open(programme):
    with programme.work(SYSTEM, "job") as work:
        return service.begin(work, "a-job", None)


def test_a_run_that_a_dead_process_left_open_is_told_as_lost(programme):
    left_open(programme)

    assert lose_dead_runs(programme, (job(touch),)) == 1
    assert lose_dead_runs(programme, (job(touch),)) == 0
    assert history(programme) == [(Outcome.LOST, None, None)]


def test_a_run_that_is_at_work_is_not_told_as_lost(programme):
    lost = []

    def looked_at(_):
        lost.append(lose_dead_runs(programme, (job(touch),)))
        return 1

    assert carry_out(programme, job(looked_at), Event()) is Outcome.DONE
    assert lost == [0]


def test_a_run_that_was_told_as_lost_cannot_end_as_done(programme):
    run = left_open(programme)
    lose_dead_runs(programme, (job(touch),))
    with pytest.raises(RunOver), programme.work(SYSTEM, "job") as work:
        service.end(work, run, service.Ending(Outcome.DONE), work.now)

    assert history(programme) == [(Outcome.LOST, None, None)]


def test_a_job_that_is_no_more_is_struck_off_and_one_that_stays_keeps_its_time(
    programme, real_city
):
    due_at = enter(programme, real_city.clock.now)
    again = Timing("a-job", due_at + HALF_AN_HOUR, HALF_AN_HOUR)
    new = Timing("another", due_at, HALF_AN_HOUR)
    with programme.work(SYSTEM, "test") as work:
        assert service.enter(work, [again, new]) == {"a-job": due_at, "another": due_at}
        assert service.enter(work, [again]) == {"a-job": due_at}


def test_a_clock_that_was_set_back_in_between_leaves_no_time_that_is_never_settled(
    programme, real_city
):
    due_at = enter(programme, real_city.clock.now)
    real_city.clock.forward(seconds=-1)
    done = [carry_out(programme, job(touch), Event(), due_at=due_at)]
    real_city.clock.forward(seconds=5)
    done.append(carry_out(programme, job(touch), Event(), due_at=due_at))

    assert done == [Outcome.DONE, None]
    assert due(programme) > due_at


MANY = """
INSERT INTO job_run (id, job, began_at, ended_at, outcome)
SELECT gen_random_uuid(), 'a-job', now() - n * interval '1 minute', now(), 'done'
FROM generate_series(1, 3000) AS n
"""


def test_how_the_jobs_stand_is_told_without_reading_through_their_runs(programme, real_city):
    enter(programme, real_city.clock.now)
    with programme.work(SYSTEM, "test") as work:
        work.session.execute(text(MANY))
    with explaining(programme.engine) as found, programme.work(SYSTEM, "test") as work:
        [one] = service.standings(work)
        service.tally(work)

    assert {table for _, table, _ in found} <= {"job", "pk_job"}  # the timetable is short
    assert one.last is not None
    assert one.last.outcome is Outcome.DONE


def test_only_the_programme_itself_sees_the_timetable(programme, real_city):
    with programme.work(real_city.ours) as work:
        for ask in (service.standings, service.history, service.tally, service.forget_old):
            with pytest.raises(NotAllowed):
                ask(work)
        for ask in (
            lambda: service.enter(work, []),
            lambda: service.begin(work, "a-job", None),
            lambda: service.lose(work, ["a-job"]),
        ):
            with pytest.raises(NotAllowed):
                ask()
