"""What the jobs do."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from nyefamilier.accounts import sessions
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.tables import AccessToken, PageSession
from nyefamilier.door.mutations import Mutation
from nyefamilier.families.tables import FamilyRow
from nyefamilier.jobs.service import lock_of
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.views import enrolments
from scheduler import jobs
from scheduler.jobs import JOBS, audit_histories, complete_enrolments, forget_sign_ins
from tests.builders import send
from tests.cities import settle


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


def test_a_history_that_was_changed_past_the_programme_rings_an_alarm_with_a_count(city, home):
    with capture_logs() as before:
        assert audit_histories(city.programme) == 1
    with city.programme.work(SYSTEM, "test") as work:
        work.session.get_one(FamilyRow, home.id).checksum ^= 1
    with capture_logs() as after:
        assert audit_histories(city.programme) == 1

    assert before == []
    alarm = {"event": "history-differs", "reason": "checksum", "count": 1, "log_level": "error"}
    assert after == [alarm]


def damage(city, home):
    """Leave nothing of a family's planned visits that opens."""
    planned = text(
        "UPDATE visit SET sealed = sealed || 'x'::bytea WHERE family_id = :it AND state = 'planned'"
    )
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(planned, {"it": home.id})


def test_a_damaged_family_keeps_no_other_from_being_completed(city, home):
    homes = [home, settle(city), settle(city)]
    city.clock.forward(days=60)
    for one in homes:
        send(city.programme, city.ours, one.id, one.gives_birth(city.clock.today))
    damage(city, homes[0])
    damage(city, homes[2])
    city.clock.forward(days=735)
    with capture_logs() as logs:
        assert complete_enrolments(city.programme) == 1

    assert [states(city, one)[0][0] for one in homes] == ["active", "completed", "active"]
    told = [(one["event"], one["reason"]) for one in logs if one["log_level"] == "error"]
    assert told == [("enrolment-not-completed", "record-damaged")] * 2


def test_what_is_away_for_all_families_ends_the_run(city, home, monkeypatch):
    city.clock.forward(days=60)
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today))
    city.clock.forward(days=735)

    def away(_work, _mutation):
        raise Unavailable("key-provider-away", "Nobody answers.")

    monkeypatch.setattr(jobs, "apply", away)
    with pytest.raises(Unavailable):
        complete_enrolments(city.programme)


def signed_in(work):
    return [work.session.scalar(select(func.count(one.id))) for one in (PageSession, AccessToken)]


def sign_in(city):
    with city.programme.work(SYSTEM, "test") as work:
        token = sessions.issue_token(work, city.ours.id, Lifetimes())
        sessions.open_session(work, city.ours.id, Lifetimes())
    return token.secret


def test_sign_ins_are_forgotten_a_month_after_they_ended_and_those_that_live_are_kept(city):
    sign_in(city)
    city.clock.forward(days=29)
    assert forget_sign_ins(city.programme) == 0
    city.clock.forward(days=2)
    living = sign_in(city)

    assert forget_sign_ins(city.programme) == 2
    with city.programme.work(SYSTEM, "test") as work:
        assert signed_in(work) == [1, 1]
    with city.programme.glance(SYSTEM) as glance:
        assert sessions.account_of_token(glance, living).id == city.ours.id


def test_forgetting_sign_ins_is_one_of_the_jobs():
    assert forget_sign_ins in [job.run for job in JOBS]


def test_every_job_has_a_time_to_run(real_city):
    now = real_city.clock.now
    for job in JOBS:
        due = job.trigger.get_next_fire_time(None, now)
        assert due is not None
        assert due - now <= timedelta(days=7)


def test_no_two_jobs_have_one_name_or_one_lock():
    assert len({job.name for job in JOBS}) == len({lock_of(job.name) for job in JOBS}) == len(JOBS)
