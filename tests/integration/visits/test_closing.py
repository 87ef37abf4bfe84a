"""A visit of the protocol has a last day, and a nurse makes it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.calendars.hours import at_clock
from nyefamilier.families.intents import RecordHomecoming
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.placing import Wanted, slots
from nyefamilier.visits.views import visits
from tests.builders import DAY, NOON, send

NEWBORN, IN_PREGNANCY = "nyfodt", "svangerskap_uke_28"
LAST = DAY + timedelta(days=10 + 3 + 21)
"""Born on `DAY`: the window's last day, the holidays' three, and what is offered beyond."""


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def noon(day):
    return at_clock(day, NOON.time()) + timedelta(hours=1)


@pytest.fixture
def born(city, home):
    told(city, home, home.gives_birth(DAY))
    return home


def planned(city, home):
    with city.programme.work(city.ours) as work:
        return next(one.id for one in visits(work, home.id) if one.kind == NEWBORN)


@pytest.mark.parametrize("in_plan", [True, False])
def test_a_visit_whose_window_has_closed_for_good_is_refused_by_name(city, born, in_plan):
    visit = planned(city, born) if in_plan else uuid4()
    with pytest.raises(RuleBroken, match="window-closed") as refused:
        told(city, born, BookVisit(visit, noon(LAST + timedelta(days=3)), kind=NEWBORN))

    assert refused.value.pointer == "/at"
    told_so = {"last_day": LAST.isoformat(), "instead": "avtalt", "homecoming": "not-recorded"}
    assert refused.value.members == told_so
    assert "homecoming" in refused.value.detail
    told(city, born, BookVisit(uuid4(), noon(LAST + timedelta(days=3))))


def test_a_child_that_was_long_in_hospital_is_visited_when_its_homecoming_is_recorded(city, born):
    home_on = LAST + timedelta(days=3)
    city.clock.forward(days=(home_on - DAY).days)
    told(city, born, RecordHomecoming(born.pregnancy, home_on))
    last = home_on + timedelta(days=14 + 3 + 21)
    visit, why = planned(city, born), "Familien ønsket det."
    told(city, born, BookVisit(visit, noon(home_on + timedelta(days=4)), outside_hours=why))

    with pytest.raises(RuleBroken, match="window-closed") as refused:
        told(city, born, BookVisit(visit, noon(last + timedelta(days=3)), outside_hours=why))
    assert refused.value.members == {"last_day": last.isoformat(), "instead": "avtalt"}


def test_until_then_a_late_visit_is_agreed_on(city, born):
    late = LAST - timedelta(days=LAST.weekday())
    told(city, born, BookVisit(planned(city, born), noon(late), kind=NEWBORN))


def test_whatever_is_offered_can_be_agreed_on(city, born):
    city.clock.forward(days=20)
    visit = planned(city, born)
    with city.programme.work(city.ours) as work:
        offered = slots(work, born.id, Wanted(visit)).answer
    assert offered.nearest
    told(city, born, BookVisit(visit, offered.nearest[-1].begins))


def test_the_visit_in_pregnancy_ends_with_the_birth(city, born):
    with pytest.raises(RuleBroken, match="window-closed"):
        told(city, born, BookVisit(uuid4(), noon(DAY + timedelta(days=1)), kind=IN_PREGNANCY))


@pytest.mark.parametrize("field", ["nurse_id", "second_nurse_id"])
def test_who_is_no_nurse_makes_no_visit_and_the_familys_own_are_named(city, home, field):
    leader = NewAccount("stovner.leder", "Leder", Role.LEAD, BydelNumber("11"), None)
    with city.programme.work(SYSTEM, "test") as work:
        lead = create_account(work, leader)
    with pytest.raises(RuleBroken, match="nurse-not-qualified") as refused:
        told(city, home, BookVisit(uuid4(), NOON + timedelta(days=3), **{field: lead.id}))

    assert refused.value.pointer == f"/{field}"
    assert refused.value.members == {"nurses": [str(city.ours.id)]}
