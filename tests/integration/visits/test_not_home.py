"""Nobody was at home: the visit that the protocol promises is still to be made, and bookable."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from nyefamilier.families.intents import RecordLoss
from nyefamilier.families.states import Outcome as Ended
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.texts.states import Kind
from nyefamilier.visits.intents import (
    AGREED,
    BookVisit,
    InterpreterBooking,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.rearranging import moved
from nyefamilier.visits.states import Place, VisitState
from nyefamilier.visits.views import plan, visits
from nyefamilier.visits.worklists import bydel_today
from tests.builders import DAY, lead, send
from tests.outbox import outbox

DAYS = timedelta(days=1)
FIRST, NEWBORN = "svangerskap_uke_28", "nyfodt"


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), OSLO)


def all_of(city, home, kind=NEWBORN):
    with city.programme.work(city.ours) as work:
        return [one for one in visits(work, home.id) if one.kind == kind]


def open_of(city, home, kind=NEWBORN):
    return [one for one in all_of(city, home, kind) if one.state in {"planned", "booked"}]


def knocked(city, visit, **more):
    return RecordVisit(visit, Outcome.NOT_HOME, city.clock.now, 0, **more)


@pytest.fixture
def missed(city, home):
    """The newborn visit was agreed on, and nobody opened. Its id."""
    told(city, home, home.gives_birth(DAY))
    (newborn,) = all_of(city, home)
    told(city, home, BookVisit(newborn.id, at(DAY + 8 * DAYS), not_alone=False, agreed="Ring på"))
    city.clock.forward(days=8)
    told(city, home, knocked(city, newborn.id))
    return newborn


def test_the_protocols_visit_stays_open_with_its_days_and_the_attempt_is_kept(city, home, missed):
    attempt = next(one for one in all_of(city, home) if one.id == missed.id)
    (still,) = open_of(city, home)

    assert attempt.state == VisitState.NOT_HOME
    assert (still.state, still.at, still.nurse_id) == (VisitState.PLANNED, None, None)
    assert (still.opens, still.ideal, still.closes) == (missed.opens, missed.ideal, missed.closes)
    assert still.agreed == "Ring på"


def test_it_is_what_the_plan_shows_and_what_is_due(city, home, missed):
    (still,) = open_of(city, home)
    with city.programme.work(city.ours) as work:
        (item,) = [one for one in plan(work, home.id).anchors if one.kind == NEWBORN]
        due = moved(work, home.id).due
    assert (item.visit_id, item.state) == (still.id, VisitState.PLANNED)
    assert [one.visit_id for one in due] == [still.id]


def test_it_is_booked_again_and_made_once(city, home, missed):
    (still,) = open_of(city, home)
    told(city, home, BookVisit(still.id, at(DAY + 9 * DAYS)))
    city.clock.forward(days=1)
    told(city, home, RecordVisit(still.id, Outcome.DONE, city.clock.now, 60))

    assert open_of(city, home) == []
    states = sorted(one.state for one in all_of(city, home))
    assert states == ["done", "not_home"]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_however_often_nobody_opens_one_visit_stays_open(city, home, missed, times):
    for _ in range(times):
        (still,) = open_of(city, home)
        told(city, home, knocked(city, still.id))
    assert len(open_of(city, home)) == 1
    assert sum(one.state == "not_home" for one in all_of(city, home)) == times + 1


def test_with_a_next_time_the_next_one_is_the_only_one(city, home):
    told(city, home, home.gives_birth(DAY))
    (newborn,) = all_of(city, home)
    city.clock.forward(days=8)
    again = NextVisit(uuid4(), DAY + 9 * DAYS)
    told(city, home, knocked(city, newborn.id, next_visit=again))
    assert [one.id for one in open_of(city, home)] == [again.id]


def test_a_visit_outside_the_plan_is_not_planned_again(city, home):
    told(city, home, knocked(city, uuid4()))
    assert open_of(city, home, AGREED) == []


def test_one_that_was_not_in_the_plan_under_its_own_id_leaves_the_promise_open(city, home):
    told(city, home, home.gives_birth(DAY))
    city.clock.forward(days=8)
    told(city, home, knocked(city, uuid4(), kind=NEWBORN))
    assert len(open_of(city, home)) == 1


def test_of_the_pregnancy_nothing_is_planned_again_once_the_child_is_born(city, home):
    (first,) = all_of(city, home, FIRST)
    told(city, home, BookVisit(first.id, at(DAY)))
    attempt = city.clock.now
    told(city, home, home.gives_birth(DAY))
    city.clock.forward(days=1)
    told(city, home, RecordVisit(uuid4(), Outcome.NOT_HOME, attempt, 0, kind=FIRST))
    assert open_of(city, home, FIRST) == []


@pytest.mark.parametrize("why", ["loss", "withdrawn"])
def test_where_the_family_takes_part_no_more_nothing_is_planned_again(city, home, why):
    (first,) = all_of(city, home, FIRST)
    if why == "loss":
        told(city, home, RecordLoss(home.pregnancy, Ended.LOST, DAY))
    else:
        with city.programme.work(city.ours) as work:
            (enrolment,) = enrolments(work, home.id)
        told(city, home, ChangeEnrolment(enrolment.id, EnrolmentState.WITHDRAWN, DAY))
    told(city, home, knocked(city, uuid4()))
    assert open_of(city, home, FIRST) == []
    assert first.id


def test_long_after_its_window_nothing_is_planned_again(city, home):
    told(city, home, home.gives_birth(DAY))
    (newborn,) = all_of(city, home)
    city.clock.forward(days=60)
    told(city, home, knocked(city, newborn.id))
    assert open_of(city, home) == []


def test_its_days_follow_the_family_like_any_planned_visits(city, home):
    (first,) = all_of(city, home, FIRST)
    told(city, home, knocked(city, first.id))
    (still,) = open_of(city, home, FIRST)
    assert (still.opens, still.closes) == (first.opens, first.closes)
    told(city, home, home.gives_birth(DAY))
    assert open_of(city, home, FIRST) == []


def test_it_counts_in_no_figure_and_thanks_nobody(city, home, missed):
    attempt = next(one for one in all_of(city, home) if one.id == missed.id)
    assert attempt.counts_as == ()
    kinds = {one.kind for one in outbox(city.programme, home.id) if one.visit_id == missed.id}
    assert Kind.THANKS not in kinds
    with city.programme.work(city.ours) as work:
        assert work.session.scalar(text("SELECT count(*) FROM visit_count")) == 0
    with city.programme.work(lead()) as work:
        assert [one.family_id for one in bydel_today(work).newborns] == [home.id]


@pytest.mark.parametrize("with_time", [False, True])
def test_that_nobody_is_to_be_there_alone_holds_the_next_time_too(city, home, with_time):
    told(city, home, home.gives_birth(DAY))
    (newborn,) = all_of(city, home)
    careful = BookVisit(
        newborn.id,
        at(DAY + 8 * DAYS),
        Place.CLINIC,
        not_alone=True,
        safety_note="Hund",
        interpreter=InterpreterBooking("so", confirmed=True),
    )
    told(city, home, careful)
    city.clock.forward(days=8)
    again = NextVisit(uuid4(), DAY + 9 * DAYS, place=Place.CLINIC) if with_time else None
    told(city, home, knocked(city, newborn.id, next_visit=again))
    (still,) = open_of(city, home)
    assert (still.not_alone, still.safety_note) == (True, "Hund")
    assert (still.interpreter.confirmed, still.interpreter.ask_again) == (False, True)
    with pytest.raises(RuleBroken, match="not-alone"):
        told(city, home, BookVisit(still.id, at(DAY + 9 * DAYS)))
