"""The nightly jobs, and that only one scheduler works."""

from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import text

from nyefamilier.door.mutations import Mutation
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.views import enrolments
from scheduler import jobs
from scheduler.jobs import JOBS, complete_enrolments
from scheduler.main import LEADER, run
from tests.builders import send


def states(city, home):
    with city.programme.work(city.ours) as work:
        return [(one.state, one.ended_on) for one in enrolments(work, home.id)]


def test_an_enrolment_is_completed_when_the_child_is_two_and_not_a_day_before(city, home):
    city.clock.forward(days=60)
    born = city.clock.today
    send(city.programme, city.ours, home.id, home.gives_birth(born))
    two = born.replace(year=born.year + 2)

    city.clock.forward(days=(two - born).days - 1)
    assert complete_enrolments(city.programme) == 0
    city.clock.forward(days=1)
    assert complete_enrolments(city.programme) == 1
    assert complete_enrolments(city.programme) == 0
    assert states(city, home) == [(EnrolmentState.COMPLETED, two)]


def test_a_job_that_met_its_own_earlier_run_does_nothing_twice(city, home, monkeypatch):
    city.clock.forward(days=60)
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today))
    city.clock.forward(days=800)
    with city.programme.work(city.ours) as work:
        before = enrolments(work, home.id)
    sent: list[Mutation] = []
    real = jobs.apply
    monkeypatch.setattr(jobs, "apply", lambda work, one: sent.append(one) or real(work, one))
    complete_enrolments(city.programme)
    (mutation,) = sent
    with city.programme.work(jobs.SYSTEM, "job") as work:
        assert real(work, mutation).replayed
    assert len(before) == len(states(city, home)) == 1


def test_only_one_scheduler_leads_and_the_next_takes_over(real_city):
    programme = real_city.programme
    with programme.leadership(LEADER) as first, programme.leadership(LEADER) as second:
        assert (first(), second()) == (True, False)
    with programme.leadership(LEADER) as second:
        assert second()


def test_a_leader_whose_connection_dies_leads_no_more(real_city):
    programme = real_city.programme
    with programme.leadership(LEADER) as leads:
        assert leads()
        with programme.engine.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE locktype = 'advisory' AND objid = :leader"
                ),
                {"leader": LEADER},
            )
        assert not leads()


def test_the_scheduler_stops_when_it_is_told_to(real_city):
    stop = Event()
    running = Thread(target=run, args=[real_city.programme, stop], kwargs={"standby": 0.05})
    running.start()
    stop.set()
    running.join(20)

    assert not running.is_alive()


def test_every_job_has_a_time_to_run(real_city):
    now = real_city.clock.now
    for job in JOBS:
        due = job.trigger.get_next_fire_time(None, now)
        assert due is not None
        assert due - now <= timedelta(days=1)
