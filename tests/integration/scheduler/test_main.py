"""One scheduler leads, the next takes over, and no time is left out."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from threading import enumerate as enumerate_threads

import pytest
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy import text
from structlog.testing import capture_logs

from nyefamilier.jobs import service
from nyefamilier.jobs.service import Timing
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import system_clock
from nyefamilier.storage.engine import make_engine
from scheduler.jobs import Job
from scheduler.leading import Hung, Leader
from scheduler.main import LEADER, run
from tests.cutting import cut_off, cut_off_all
from tests.integration.storage.servers import wait_until

SOON = 0.05
A_SECOND = timedelta(seconds=1)


class Hourly(BaseTrigger):
    """Is due in an hour from whenever."""

    def get_next_fire_time(self, previous, now):
        return (previous or now) + timedelta(hours=1)


@pytest.fixture
def programme(real_city):
    return replace(real_city.programme, clock=system_clock)


@contextmanager
def scheduling(programme, *jobs) -> Generator[None, None, None]:
    stop = Event()
    running = Thread(target=run, args=[programme, stop], kwargs={"jobs": jobs, "standby": SOON})
    running.start()
    try:
        yield
    finally:
        stop.set()
        running.join(20)
        assert not running.is_alive()


def history(programme):
    with programme.work(SYSTEM, "test") as work:
        return service.history(work)


def left_undone(programme, name):
    """An hour ago it was due, and nobody led."""
    with programme.work(SYSTEM, "test") as work:
        due_at = work.now - timedelta(hours=1)
        service.enter(work, [Timing(name, due_at, timedelta(minutes=30))])


def make_due(programme):
    with programme.engine.begin() as connection:
        connection.execute(text("UPDATE job SET due_at = now() - interval '1 minute'"))


def test_only_one_scheduler_leads_and_the_next_takes_over(programme):
    with programme.leadership(LEADER) as first, programme.leadership(LEADER) as second:
        assert (first(), second()) == (True, False)
    with programme.leadership(LEADER) as second:
        assert second()


def test_a_leader_whose_connection_dies_leads_no_more(programme):
    with programme.leadership(LEADER) as leads:
        assert leads()
        cut_off(programme, LEADER)
        assert not leads()
        with programme.leadership(LEADER) as next_:
            assert next_()


def test_who_cannot_reach_the_database_does_not_lead(programme):
    away = make_engine("postgresql://nobody@127.0.0.1:1/nothing", programme.settings)
    with replace(programme, engine=away).leadership(LEADER) as leads:
        assert not leads()


def test_the_scheduler_stops_when_it_is_told_to(programme):
    with scheduling(programme):
        pass


def test_a_job_whose_time_was_missed_is_done_late_and_once(programme):
    left_undone(programme, "late")
    with scheduling(programme, Job("late", Hourly(), lambda _: 1)):
        assert wait_until(lambda: [one.outcome for one in history(programme)] == [Outcome.DONE])
    assert len(history(programme)) == 1


def test_what_falls_due_is_done_and_its_time_goes_on(programme):
    with scheduling(programme, Job("hourly", Hourly(), lambda _: 1)):
        assert wait_until(lambda: standings(programme))
        [before] = standings(programme)
    make_due(programme)
    with scheduling(programme, Job("hourly", Hourly(), lambda _: 1)):
        assert wait_until(lambda: [one.outcome for one in history(programme)] == [Outcome.DONE])
    [after] = standings(programme)
    assert after.timing.due_at > before.timing.due_at


def standings(programme):
    with programme.work(SYSTEM, "test") as work:
        return service.standings(work)


def test_a_job_that_fails_is_tried_again(programme, monkeypatch):
    monkeypatch.setattr("scheduler.leading.retry_after", lambda _: timedelta())
    tries = iter([ValueError("no"), ValueError("no"), 5])

    def at_last(_):
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    left_undone(programme, "stubborn")
    with scheduling(programme, Job("stubborn", Hourly(), at_last)):
        assert wait_until(lambda: Outcome.DONE in [one.outcome for one in history(programme)])
    assert [one.outcome for one in history(programme)] == [
        Outcome.DONE, Outcome.FAILED, Outcome.FAILED,
    ]  # fmt: skip


def test_a_leader_that_is_cut_off_takes_the_lead_again_and_does_what_was_left(programme):
    began, may_go_on = Event(), Event()

    def slow(programme):
        began.set()
        may_go_on.wait(20)
        with programme.work(SYSTEM, "job") as work:
            work.session.execute(text("SELECT 1"))
        return 1

    left_undone(programme, "slow")
    with scheduling(programme, Job("slow", Hourly(), slow)):
        assert began.wait(20)
        cut_off_all(programme)
        may_go_on.set()
        assert wait_until(lambda: Outcome.DONE in [one.outcome for one in history(programme)])


def test_a_job_that_hangs_outside_the_database_ends_the_lead_and_is_told_as_timed_out(
    programme, monkeypatch
):
    monkeypatch.setattr("scheduler.leading.GRACE", timedelta())
    monkeypatch.setattr("scheduler.leading.ENDING", timedelta())
    began, wakes_up, ended = Event(), Event(), Event()

    def hang(programme):
        began.set()
        wakes_up.wait(60)
        try:
            with programme.work(SYSTEM, "job") as work:
                work.session.execute(text("INSERT INTO demonstration (version) VALUES ('x')"))
        finally:
            ended.set()
        return 1

    left_undone(programme, "hung")
    try:
        with capture_logs() as said, pytest.raises(Hung, match="hung"):
            run(
                programme,
                Event(),
                jobs=(Job("hung", Hourly(), hang, longest=A_SECOND),),
                standby=SOON,
            )
        assert [(one.job, one.outcome) for one in history(programme)] == [
            ("hung", Outcome.TIMED_OUT)
        ]
        assert "job.hangs" in [one["event"] for one in said]
        with programme.leadership(LEADER) as next_:
            assert next_()
    finally:
        wakes_up.set()
    assert ended.wait(20)
    assert wait_until(no_thread_is_left)
    with programme.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM demonstration")) == 0


def test_a_job_that_does_not_end_when_the_scheduler_stops_is_left_behind(programme, monkeypatch):
    monkeypatch.setattr("scheduler.leading.ENDING", timedelta())
    began, wakes_up = Event(), Event()

    def hang(_):
        began.set()
        wakes_up.wait(60)
        return 1

    left_undone(programme, "hung")
    leader = Leader(programme, (Job("hung", Hourly(), hang),))
    with pytest.raises(Hung), leader.at_work():
        assert began.wait(20)
    wakes_up.set()
    assert wait_until(no_thread_is_left)


def no_thread_is_left():
    return not any(one.name.startswith("ThreadPoolExecutor") for one in enumerate_threads())


def test_a_job_that_is_not_done_rings_an_alarm_once_and_says_when_it_is_over(programme):
    leader = Leader(programme, (Job("late", Hourly(), lambda _: 1),))
    with programme.engine.begin() as connection:
        connection.execute(text("UPDATE job SET due_at = now() - interval '1 day'"))
    with capture_logs() as said:
        leader.ring_alarms()
        leader.ring_alarms()
    assert [(one["event"], one["job"]) for one in said] == [("job.overdue", "late")]
    with programme.engine.begin() as connection:
        connection.execute(text("UPDATE job SET due_at = now()"))
    with capture_logs() as said:
        leader.ring_alarms()
    assert [one["event"] for one in said] == ["job.overdue-no-more"]
