"""Plans that births and days ask to be otherwise ring an alarm; those that are right do not."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from nyefamilier.changes.tables import MutationRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.visits.checking import check_plans
from nyefamilier.visits.states import OPEN_STATES
from nyefamilier.visits.views import visits
from scheduler import jobs
from tests.builders import DAY, Household, send
from tests.cities import settle

BREAKS = {
    "a window that was moved": "UPDATE visit SET closes = closes + 1 WHERE family_id = :home",
    "an item that is gone": "DELETE FROM visit WHERE family_id = :home",
    "a visit of the pregnancy left open": "UPDATE visit SET state = 'planned' "
    "WHERE family_id = :home",
    "another day of birth": "UPDATE pregnancy SET ended_on = ended_on + 1 WHERE family_id = :home",
    "an item of no protocol": "UPDATE visit SET kind = 'x' || kind WHERE family_id = :home",
}


def checked(city, **more):
    return check_plans(lambda: city.programme.snapshot(SYSTEM, "test"), **more)


def plan_of(city, home):
    """The visits of a family that are to come."""
    with city.programme.work(city.ours) as work:
        found = [one for one in visits(work, home.id) if one.state in OPEN_STATES]
    return {(one.kind, one.opens, one.ideal, one.closes) for one in found}


def born(city, days=60, home=None):
    home = home or settle(city)
    on = city.clock.today + timedelta(days=days)
    city.clock.forward(days=days)
    send(city.programme, city.ours, home.id, home.gives_birth(on, homecoming=on))
    city.clock.forward(days=-days)
    return home


def test_plans_are_right_before_birth_after_an_early_one_and_after_a_late_one(city):
    settle(city)
    for days in (20, 60, 85):
        born(city, days)
    with capture_logs() as said:
        assert jobs.roll_plans(city.programme) == 4
    assert said == []


def test_a_birth_before_the_first_visits_window_opens_takes_that_visit_off_the_plan(city):
    home = Household()
    send(
        city.programme, city.ours, home.id,
        home.registration(), home.expects(DAY + timedelta(days=120)), home.is_offered(),
        home.says(),
    )  # fmt: skip
    send(city.programme, city.ours, home.id, home.gives_birth(DAY))

    assert checked(city).differing == ()
    assert {kind for kind, *_ in plan_of(city, home)} == {"nyfodt"}


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS)
def test_a_plan_that_is_not_what_the_protocol_gives_is_worked_anew_and_counted(city, statement):
    settle(city)
    home = born(city)
    before = plan_of(city, home)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text(statement), {"home": home.id})
    with capture_logs() as said:
        assert jobs.roll_plans(city.programme) == 2
    assert said == [{"event": "plans-differ", "count": 1, "log_level": "error"}]

    assert checked(city).differing == ()
    assert statement.startswith("UPDATE pregnancy") or plan_of(city, home) == before


def test_what_a_night_works_anew_is_in_the_log_once_and_is_the_programmes(city):
    home = born(city)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text(BREAKS["a window that was moved"]), {"home": home.id})
        found = check_plans(lambda: city.programme.snapshot(SYSTEM, "test"))
    assert [one.family_id for one in found.differing] == [home.id]
    for _ in range(2):
        jobs.roll_plans(city.programme)
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.scalars(
            select(MutationRow).where(MutationRow.operations == "ReworkPlan")
        ).all()
        assert [(one.family_id, one.actor_id) for one in rows] == [(home.id, SYSTEM.id)]


def test_a_night_works_no_more_plans_anew_than_it_may_and_the_next_goes_on(city, monkeypatch):
    for _ in range(3):
        settle(city)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text("UPDATE visit SET closes = closes + 1"))
    monkeypatch.setattr(jobs, "REWORKED_AT_MOST", 2)

    for left in (1, 0):
        jobs.roll_plans(city.programme)
        assert len(checked(city).differing) == left


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 100])
def test_no_plan_is_left_out_between_two_pages(city, at_a_time):
    for _ in range(3):
        settle(city)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text("DELETE FROM visit"))

    found = checked(city, at_a_time=at_a_time)
    assert (found.plans, len(set(found.differing))) == (3, 3)


def test_nobody_but_the_programme_checks_plans(city):
    with pytest.raises(NotAllowed):
        check_plans(lambda: city.programme.snapshot(city.ours))


def test_figures_are_added_up_anew_where_they_are_not_what_the_facts_come_to(city):
    settle(city)
    with capture_logs() as said:
        assert jobs.refresh_figures(city.programme) == 0
    assert said == []
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text("DELETE FROM participation"))
    with capture_logs() as said:
        assert jobs.refresh_figures(city.programme) == 1
    assert said == [{"event": "figures-differ", "count": 1, "log_level": "error"}]
    assert jobs.refresh_figures(city.programme) == 0
