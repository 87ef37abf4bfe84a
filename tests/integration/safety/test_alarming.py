"""The job that raises alarms: each once, each told once, whatever is away or killed."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.safety.rules import Told
from nyefamilier.safety.service import tell
from nyefamilier.safety.tables import AlarmRow
from nyefamilier.safety.views import outings
from nyefamilier.texts.gateway import GatewayAway
from scheduler import jobs
from tests.builders import lead

HOUR = timedelta(hours=1)
STOVNER, OTHERS = "+4740000011", "+4740000099"


class Gateway:
    """Sends each key once, as a gateway does; may be away, or be killed after it has sent."""

    def __init__(self):
        self.sent, self.then = {}, None

    def send(self, message):
        if isinstance(self.then, GatewayAway):
            raise self.then
        self.sent.setdefault(message.key, message)
        if self.then is not None:
            raise self.then

    @property
    def numbers(self):
        return [one.number for one in self.sent.values()]


@pytest.fixture
def gateway():
    return Gateway()


@pytest.fixture
def programme(city, gateway):
    settings = city.programme.settings.model_copy(
        update={"on_call": {"11": STOVNER, "*": OTHERS}, "outing_grace_minutes": 20}
    )
    return replace(city.programme, gateway=gateway, settings=settings)


def out(city, nurse=None, ended=None):
    outing_id = uuid4()
    with city.programme.work(nurse or city.ours, "test") as work:
        tell(work, outing_id, Told(1, timedelta(0), HOUR, ended, uuid4()))
    return outing_id


def alarms(city):
    with city.programme.work(SYSTEM, "test") as work:
        return work.session.scalars(select(AlarmRow)).all()


def test_the_deployments_grace_counts_and_each_bydels_contact_is_told_once(
    city, programme, gateway
):
    out(city)
    out(city, city.theirs)
    city.clock.forward(minutes=79)
    assert jobs.raise_alarms(programme) == 0
    city.clock.forward(minutes=1)
    assert [jobs.raise_alarms(programme) for _ in range(3)] == [2, 0, 0]
    assert sorted(gateway.numbers) == [STOVNER, OTHERS]
    assert {one.told_at for one in alarms(city)} == {city.clock.now}


def test_the_text_names_the_bydel_and_the_time_and_nobody(city, programme, gateway):
    out(city)
    city.clock.forward(hours=2)
    jobs.raise_alarms(programme)
    (message,) = gateway.sent.values()
    assert "Stovner" in message.words
    assert "13.00" in message.words
    assert "stovner1" not in message.words
    assert len(message.words) <= 306  # two parts of a text


@pytest.mark.parametrize("then", [KeyboardInterrupt(), SystemExit(1)], ids=["cut", "killed"])
def test_a_run_that_is_killed_between_sending_and_writing_down_tells_nobody_twice(
    city, programme, gateway, then
):
    out(city)
    city.clock.forward(hours=2)
    gateway.then = then
    with pytest.raises(type(then)):
        jobs.raise_alarms(programme)
    gateway.then = None
    jobs.raise_alarms(programme)
    jobs.raise_alarms(programme)
    assert len(gateway.sent) == len(alarms(city)) == 1


def test_a_gateway_that_is_away_is_asked_again_and_the_log_says_so(city, programme, gateway):
    out(city)
    city.clock.forward(hours=2)
    gateway.then = GatewayAway()
    with capture_logs() as logs:
        assert jobs.raise_alarms(programme) == 1
    assert [one["event"] for one in logs] == ["nurses-overdue", "alarms.not-told"]
    gateway.then = None
    jobs.raise_alarms(programme)
    assert len(gateway.sent) == 1


def test_who_came_back_meanwhile_is_told_of_to_nobody(city, programme, gateway):
    outing_id = out(city)
    city.clock.forward(hours=2)
    gateway.then = GatewayAway()
    jobs.raise_alarms(programme)
    gateway.then = None
    with programme.work(city.ours, "test") as work:
        tell(work, outing_id, Told(2, 2 * HOUR, HOUR, timedelta(0)))
    jobs.raise_alarms(programme)
    assert not gateway.sent


def test_without_a_contact_or_a_gateway_the_base_sees_the_alarm_all_the_same(city, programme):
    out(city)
    city.clock.forward(hours=2)
    silent = replace(programme, gateway=None)
    with capture_logs() as logs:
        assert jobs.raise_alarms(silent) == 1
    assert "alarms.no-gateway" in [one["event"] for one in logs]
    with programme.work(lead("11"), "test") as work:
        assert outings(work, HOUR / 4)[0].alarm is not None


def test_both_are_jobs(city):
    assert {jobs.raise_alarms, jobs.forget_outings} <= {job.run for job in jobs.JOBS}
    assert jobs.forget_outings(city.programme) == 0
