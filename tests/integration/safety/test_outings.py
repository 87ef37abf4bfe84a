"""A nurse is out alone: what her phone tells, in whatever order, and what her base learns of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import SetAddress
from nyefamilier.families.states import Protection
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound
from nyefamilier.safety import alarming
from nyefamilier.safety.rules import GRACE, Told
from nyefamilier.safety.service import settle, tell
from nyefamilier.safety.states import ClosedHow, OutingState
from nyefamilier.safety.tables import AlarmRow, OutingRow
from nyefamilier.safety.views import count_overdue, outings, whereabouts
from tests.builders import address, lead, send
from tests.cities import settle as settle_family

HOUR = timedelta(hours=1)
NOW = timedelta(0)


def told(step=1, *, ago=NOW, lasts=HOUR, ended=None, family=None):
    return Told(step, ago, lasts, ended, family)


class Base:
    """A phone of a nurse's, and her bydel's lead, on one city's clock."""

    def __init__(self, city, nurse=None):
        self.city, self.nurse, self.id = city, nurse or city.ours, uuid4()
        self.lead = lead("11")

    def tells(self, word, nurse=None):
        with self.city.programme.work(nurse or self.nurse, "test") as work:
            tell(work, self.id, word)

    def raises(self):
        with self.city.programme.work(SYSTEM, "test") as work:
            return alarming.raise_due(work, GRACE)

    def sees(self, who=None):
        with self.city.programme.work(who or self.lead, "test") as work:
            return next((one for one in outings(work, GRACE) if one.id == self.id), None)

    def counts(self):
        with self.city.programme.work(self.lead, "test") as work:
            return count_overdue(work, GRACE)

    def settles(self, who=None):
        with self.city.programme.work(who or self.lead, "test") as work:
            settle(work, self.id, GRACE)

    def asks_where(self, who=None):
        with self.city.programme.work(who or self.lead, "test") as work:
            return whereabouts(work, self.id, GRACE)

    @property
    def alarms(self):
        with self.city.programme.work(SYSTEM, "test") as work:
            query = select(AlarmRow).where(AlarmRow.outing_id == self.id)
            return work.session.scalars(query.order_by(AlarmRow.raised_at)).all()


@pytest.fixture
def out(city):
    return Base(city)


def test_the_base_sees_who_is_out_since_when_and_until_when(city, out):
    out.tells(told())
    seen = out.sees()
    assert (seen.state, seen.nurse, seen.nurse_id) == (OutingState.OUT, "stovner1", city.ours.id)
    assert (seen.began_at, seen.expected_at) == (city.clock.now, city.clock.now + HOUR)


def test_she_is_overdue_when_the_grace_is_over_and_not_before(city, out):
    out.tells(told())
    city.clock.forward(minutes=74, seconds=59)
    assert (out.raises(), out.sees().state) == (0, OutingState.OUT)
    city.clock.forward(seconds=1)
    assert (out.sees().state, out.counts()) == (OutingState.OVERDUE, 1)
    assert out.raises() == 1


def test_an_alarm_is_raised_once(city, out):
    out.tells(told())
    city.clock.forward(hours=2)
    assert [out.raises() for _ in range(3)] == [1, 0, 0]
    assert len(out.alarms) == 1


def test_a_check_out_that_comes_late_closes_the_alarm_and_both_times_are_kept(city, out):
    out.tells(told())
    city.clock.forward(hours=2)
    out.raises()
    heard_before = out.sees().heard_at
    city.clock.forward(hours=1)
    out.tells(told(2, ago=3 * HOUR, ended=2 * HOUR))
    seen = out.sees()
    assert seen.state is OutingState.BACK
    assert heard_before == city.clock.now - 3 * HOUR
    assert (seen.ended_at, seen.ended_heard_at) == (city.clock.now - 2 * HOUR, city.clock.now)
    assert (seen.alarm.closed_at, seen.alarm.closed_how) == (city.clock.now, ClosedHow.BACK)
    assert out.raises() == out.counts() == 0


def test_whoever_stays_longer_closes_the_alarm_and_may_be_late_again(city, out):
    out.tells(told())
    city.clock.forward(minutes=80)
    out.raises()
    out.tells(told(2, ago=timedelta(minutes=80), lasts=2 * HOUR))
    assert out.sees().state is OutingState.OUT
    assert out.alarms[0].closed_how == ClosedHow.EXTENDED
    city.clock.forward(minutes=60)
    assert out.raises() == 1
    assert [one.closed_how for one in out.alarms] == [ClosedHow.EXTENDED, None]


ORDERS = list(permutations(range(3)))


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_whatever_comes_in_whatever_order_and_twice_comes_to_the_same(city, order):
    """Checked in, stayed longer, checked out: all told when there was a network again."""
    out = Base(city)
    words = [
        told(1, ago=3 * HOUR),
        told(2, ago=3 * HOUR, lasts=2 * HOUR),
        told(3, ago=3 * HOUR, lasts=2 * HOUR, ended=HOUR),
    ]
    for number in order:
        out.tells(words[number])
        out.tells(words[number])
    seen, now = out.sees(), city.clock.now
    assert (seen.state, seen.step) == (OutingState.BACK, 3)
    assert (seen.began_at, seen.expected_at, seen.ended_at) == (
        now - 3 * HOUR,
        now - HOUR,
        now - HOUR,
    )
    assert out.raises() == 0


def test_what_is_older_does_not_shorten_what_is_newer(city, out):
    out.tells(told(2, lasts=3 * HOUR))
    out.tells(told(1))
    assert out.sees().expected_at == city.clock.now + 3 * HOUR


def test_a_check_in_that_comes_when_she_is_late_already_is_an_alarm_at_once(city, out):
    out.tells(told(ago=3 * HOUR))
    assert out.sees().state is OutingState.OVERDUE
    assert out.raises() == 1
    assert out.sees().heard_at == city.clock.now


def test_that_her_phone_is_heard_of_moves_no_time(city, out):
    out.tells(told())
    city.clock.forward(minutes=30)
    out.tells(told(ago=timedelta(minutes=29)))
    seen = out.sees()
    assert (seen.heard_at, seen.began_at) == (city.clock.now, city.clock.now - HOUR / 2)


def test_a_second_phone_of_hers_checks_her_out(city, out):
    out.tells(told())
    seen = out.sees(city.ours)
    city.clock.forward(minutes=40)
    ago = city.clock.now - seen.began_at
    out.tells(told(seen.step + 1, ago=ago, ended=NOW))
    out.tells(told(1, ago=ago))
    assert out.sees().state is OutingState.BACK


def test_nobody_elses_outing_is_hers_to_tell_of(city, out):
    out.tells(told())
    with pytest.raises(NotFound):
        out.tells(told(2, ended=NOW), city.colleague)
    assert out.sees().state is OutingState.OUT
    assert out.sees(city.colleague) is None


def test_another_bydels_lead_learns_nothing(city, out):
    out.tells(told())
    city.clock.forward(hours=2)
    elsewhere = lead("12")
    assert out.sees(elsewhere) is None
    for asks in (out.settles, out.asks_where):
        with pytest.raises(NotFound):
            asks(elsewhere)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PRIVACY_OFFICER])
def test_nobody_else_sees_who_is_out(out, role):
    somebody = replace(lead(), role=role, bydel=None)
    for asks in (out.sees, out.settles, out.asks_where):
        with pytest.raises(NotAllowed):
            asks(somebody)


def test_only_a_nurse_checks_in_and_only_a_lead_looks_after_it(city, out):
    with pytest.raises(NotAllowed):
        out.tells(told(), lead("11"))
    out.tells(told())
    city.clock.forward(hours=2)
    for asks in (out.settles, out.asks_where):
        with pytest.raises(NotAllowed):
            asks(city.ours)


def test_a_lead_who_has_reached_her_closes_the_alarm_whether_or_not_the_job_has_run(city, out):
    out.tells(told())
    with pytest.raises(Conflict) as refused:
        out.settles()
    assert refused.value.code == "no-alarm"
    city.clock.forward(hours=2)
    out.settles()
    out.settles()
    assert (out.sees().state, out.counts(), out.raises()) == (OutingState.SETTLED, 0, 0)
    (alarm,) = out.alarms
    assert (alarm.closed_how, alarm.closed_by) == (ClosedHow.SETTLED, out.lead.id)
    out.tells(told(2, ago=2 * HOUR, ended=NOW))
    assert out.sees().state is OutingState.BACK
    assert out.alarms[0].closed_how == ClosedHow.SETTLED


def test_who_came_back_is_shown_for_a_day(city, out):
    out.tells(told(ended=NOW))
    city.clock.forward(hours=23)
    assert out.sees() is not None
    city.clock.forward(hours=1)
    assert out.sees() is None


def accesses(city, family):
    with city.programme.work(SYSTEM, "test") as work:
        query = select(AccessRow.actor_id, AccessRow.object, AccessRow.ground)
        return work.session.execute(query.where(AccessRow.family_id == family)).all()


def test_where_she_is_is_told_while_she_is_late_and_each_time_it_is_logged(city, out, home):
    out.tells(told(family=home.id))
    before = len(accesses(city, home.id))
    out.sees()
    with pytest.raises(Conflict):
        out.asks_where()
    city.clock.forward(hours=2)
    out.raises()
    out.sees()
    assert len(accesses(city, home.id)) == before
    for times in (1, 2):
        assert out.asks_where().lines == "Prøveveien 1"
        found = accesses(city, home.id)
        assert found[before:] == [(out.lead.id, "address", "lead_of_bydel")] * times


def test_a_family_that_is_not_the_leads_to_know_is_not_told(city, out):
    protected = settle_family(city)
    hidden = address(None, protection=Protection.CONFIDENTIAL)
    send(city.programme, city.ours, protected.id, SetAddress(hidden))
    before = len(accesses(city, protected.id))
    out.tells(told(family=protected.id))
    city.clock.forward(hours=2)
    untold = Base(city)
    untold.tells(told(ago=2 * HOUR))
    assert out.asks_where() is untold.asks_where() is None
    assert len(accesses(city, protected.id)) == before


def test_a_family_that_her_phone_has_not_sent_yet_stops_no_check_in(city, out):
    out.tells(told(family=uuid4(), ago=2 * HOUR))
    assert out.asks_where() is None


def test_after_thirty_days_it_is_forgotten(city, out):
    out.tells(told())
    city.clock.forward(hours=2)
    out.raises()
    city.clock.forward(days=29, hours=22)
    with city.programme.work(SYSTEM, "test") as work:
        assert alarming.forget_old(work) == 0
    city.clock.forward(hours=2)
    with city.programme.work(SYSTEM, "test") as work:
        assert alarming.forget_old(work) == 1
        for table in (OutingRow, AlarmRow):
            assert work.session.scalar(select(func.count()).select_from(table)) == 0


def test_two_words_at_once_of_a_new_outing_are_one_outing(real_city):
    out = Base(real_city)
    words = [told(1), told(2, lasts=2 * HOUR), told(3, lasts=2 * HOUR, ended=NOW)] * 2
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(out.tells, words))
    seen = out.sees()
    assert (seen.state, seen.step) == (OutingState.BACK, 3)


def test_an_alarm_and_a_check_out_at_once_leave_no_alarm_open(real_city):
    out = Base(real_city)
    out.tells(told())
    real_city.clock.forward(hours=2)
    with ThreadPoolExecutor(4) as pool:
        raising = [pool.submit(out.raises) for _ in range(3)]
        pool.submit(out.tells, told(2, ago=2 * HOUR, ended=NOW)).result()
        assert sum(one.result() for one in raising) <= 1
    assert out.raises() == 0
    assert all(one.closed_how == ClosedHow.BACK for one in out.alarms)


def test_a_phone_that_does_not_know_with_whom_she_is_takes_that_from_nobody(city, out):
    """She stays longer by another phone: it read the outing here, where no family is told."""
    family = settle_family(city).id
    out.tells(told(family=family))
    out.tells(told(2, lasts=HOUR / 2))
    city.clock.forward(hours=2)
    assert out.asks_where().family_id == family
