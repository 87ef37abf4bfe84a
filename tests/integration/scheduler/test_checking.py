"""Plans that births and days ask to be otherwise ring an alarm; those that are right do not."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.visits.checking import Checked, check_plans
from scheduler import jobs
from tests.builders import send
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
        assert jobs.check_plans(city.programme) == 4
    assert said == []


@pytest.mark.parametrize("statement", BREAKS.values(), ids=BREAKS)
def test_a_plan_that_is_not_what_the_protocol_gives_rings_an_alarm_with_a_count(city, statement):
    settle(city)
    home = born(city)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text(statement), {"home": home.id})
    with capture_logs() as said:
        assert jobs.check_plans(city.programme) == 2
    assert said == [{"event": "plans-differ", "count": 1, "log_level": "error"}]


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 100])
def test_no_plan_is_left_out_between_two_pages(city, at_a_time):
    for _ in range(3):
        settle(city)
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(text("DELETE FROM visit"))

    assert checked(city, at_a_time=at_a_time) == Checked(plans=3, differing=3)


def test_nobody_but_the_programme_checks_plans(city):
    with pytest.raises(NotAllowed):
        check_plans(lambda: city.programme.snapshot(city.ours))
