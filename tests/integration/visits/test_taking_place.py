"""A visit that is agreed on under an id of its own takes the place of the one that was planned."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from nyefamilier.families.intents import RecordHomecoming
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.texts.states import Kind, TextState
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.newborn import NEWBORN
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.views import plan, visits
from tests.builders import send
from tests.outbox import Pocket, outbox, send_texts

WEEK_28 = "svangerskap_uke_28"
AT = datetime(2026, 3, 12, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=3)


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def all_of(city, home, kind=WEEK_28):
    with city.programme.work(city.ours) as work:
        return {one.id: one for one in visits(work, home.id) if one.kind == kind}


def texts_about(city, home, visit):
    rows = [one for one in outbox(city.programme, home.id) if one.visit_id == visit]
    return {one.kind: (one.state, one.reason) for one in rows}


@pytest.fixture
def planned(city, home):
    (row,) = all_of(city, home).values()
    return row


def test_it_keeps_the_days_that_the_protocol_gives_it(city, home, planned):
    visit = uuid4()
    told(city, home, BookVisit(visit, AT, kind=WEEK_28))
    found = all_of(city, home)
    assert found[planned.id].state == VisitState.SUPERSEDED
    row = found[visit]
    days = (planned.opens, planned.ideal, planned.closes)
    assert (row.opens, row.ideal, row.closes) == days


def test_a_birth_before_its_days_takes_it_off_the_plan_too(city, home):
    visit = uuid4()
    told(city, home, BookVisit(visit, AT, kind=WEEK_28))
    born_on = day_of(city.clock.now)
    told(city, home, home.gives_birth(born_on))
    assert all_of(city, home)[visit].state == VisitState.SUPERSEDED
    city.clock.now = AT - timedelta(days=3)
    gateway = Pocket()
    send_texts(city.programme, gateway)
    assert gateway.got == []


def test_its_days_move_with_the_homecoming(city, home):
    visit = uuid4()
    born_on = day_of(city.clock.now)
    told(city, home, home.gives_birth(born_on))
    told(city, home, BookVisit(visit, AT, kind=NEWBORN))
    city.clock.forward(days=9)
    told(city, home, RecordHomecoming(home.pregnancy, born_on + timedelta(days=9)))
    assert all_of(city, home, NEWBORN)[visit].opens >= born_on + timedelta(days=9)


def test_it_tells_its_new_time_as_the_same_visit_would(city, home, planned):
    visit = uuid4()
    told(city, home, BookVisit(planned.id, AT))
    city.clock.forward(hours=1)
    told(city, home, BookVisit(visit, LATER, kind=WEEK_28))
    city.clock.forward(hours=1)
    gateway = Pocket()
    send_texts(city.programme, gateway)
    assert len(gateway.got) == 1
    assert texts_about(city, home, visit)[Kind.CHANGED] == (TextState.SENT, None)


def test_at_the_same_time_it_is_reminded_of_and_no_new_time_is_told(city, home, planned):
    visit = uuid4()
    told(city, home, BookVisit(planned.id, AT))
    told(city, home, BookVisit(visit, AT, kind=WEEK_28))
    about = texts_about(city, home, visit)
    assert Kind.REMINDER in about
    assert Kind.CHANGED not in about


def test_what_was_agreed_on_for_it_is_kept(city, home, planned):
    visit = uuid4()
    agreed = "Vi snakker om søvn"
    told(city, home, BookVisit(planned.id, AT, agreed=agreed, minutes=90))
    told(city, home, BookVisit(visit, LATER, kind=WEEK_28))
    row = all_of(city, home)[visit]
    assert (row.agreed, row.minutes) == (agreed, 90)


def test_of_three_that_were_agreed_on_only_the_last_stands(city, home, planned):
    made = [uuid4() for _ in range(3)]
    for hours, one in zip((0, 1, 3), made, strict=True):
        told(city, home, BookVisit(one, AT + timedelta(hours=hours), kind=WEEK_28))
    found = all_of(city, home)
    assert [found[one].state for one in made] == ["superseded", "superseded", "booked"]


def test_a_visit_that_was_made_under_an_id_of_its_own_takes_the_booked_ones_place(city, home):
    booked, made = uuid4(), uuid4()
    told(city, home, BookVisit(booked, AT, kind=WEEK_28))
    told(city, home, RecordVisit(made, Outcome.DONE, city.clock.now, 60, kind=WEEK_28))
    found = all_of(city, home)
    assert (found[booked].state, found[made].state) == ("superseded", "done")


def test_the_plan_shows_the_visit_that_stands(city, home, planned):
    visit = uuid4()
    told(city, home, BookVisit(visit, AT, kind=WEEK_28))
    with city.programme.work(city.ours) as work:
        (item,) = [one for one in plan(work, home.id).anchors if one.kind == WEEK_28]
    assert item.visit_id == visit


def test_no_visit_to_a_newborn_is_recorded_of_a_day_before_the_birth(city, home):
    told(city, home, home.gives_birth(day_of(city.clock.now)))
    before = city.clock.now - timedelta(days=1)
    with pytest.raises(RuleBroken) as refused:
        told(city, home, RecordVisit(uuid4(), Outcome.DONE, before, 60, kind=NEWBORN))
    assert (refused.value.code, refused.value.pointer) == ("birth-awaited", "/at")
    told(city, home, RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60, kind=NEWBORN))
