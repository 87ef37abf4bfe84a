"""A term that was moved, and a birth that was dated wrongly, are mended; the plan follows."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from nyefamilier.families.intents import (
    CorrectBirth,
    CorrectTerm,
    NewChild,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
)
from nyefamilier.families.states import Outcome as Ended
from nyefamilier.families.views import family
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.displaced import Reason
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.rearranging import moved, replan
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.views import visits
from tests.builders import DAY, send
from tests.outbox import outbox

DAYS = timedelta(days=1)
FIRST, NEWBORN = "svangerskap_uke_28", "nyfodt"


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), OSLO)


def visit_of(city, home, kind):
    with city.programme.work(city.ours) as work:
        return next(one for one in visits(work, home.id) if one.kind == kind)


def records(city, home):
    with city.programme.work(city.ours) as work:
        return family(work, home.id)


def pregnancy_of(city, home):
    return next(one for one in records(city, home).pregnancies if one.id == home.pregnancy)


def seen(city, home):
    with city.programme.work(city.ours) as work:
        return moved(work, home.id)


def refused(city, home, operation):
    with pytest.raises(RuleBroken) as refusal:
        told(city, home, operation)
    return refusal.value.code, refusal.value.members


class TestTerm:
    def test_a_term_that_is_moved_moves_the_days_in_pregnancy(self, city, home):
        before, term = visit_of(city, home, FIRST), pregnancy_of(city, home).term
        told(city, home, CorrectTerm(home.pregnancy, term + 9 * DAYS))
        after = visit_of(city, home, FIRST)

        assert pregnancy_of(city, home).term == term + 9 * DAYS
        assert (after.id, after.opens, after.closes) == (
            before.id,
            before.opens + 9 * DAYS,
            before.closes + 9 * DAYS,
        )

    def test_a_time_that_was_agreed_on_stays_and_is_shown_until_somebody_has_looked(
        self, city, home
    ):
        first = visit_of(city, home, FIRST)
        inside = max(first.opens, DAY + DAYS)
        told(city, home, BookVisit(first.id, at(inside), outside_hours="Familien ønsket det."))
        assert not seen(city, home)
        term = pregnancy_of(city, home).term
        told(city, home, CorrectTerm(home.pregnancy, term + 60 * DAYS))
        (one,) = seen(city, home).agreements

        assert (one.visit_id, one.begins) == (first.id, at(inside))
        assert one.reasons == (Reason.BEFORE_WINDOW,)
        with city.programme.work(city.ours) as work:
            (offered,) = replan(work, home.id).times.values()
        assert offered.window.opens == first.opens + 60 * DAYS
        told(city, home, BookVisit(first.id, at(inside), outside_hours="Det står ved lag."))
        assert not seen(city, home)

    def test_no_text_tells_of_it(self, city, home):
        first = visit_of(city, home, FIRST)
        told(city, home, BookVisit(first.id, at(DAY + 8 * DAYS)))
        before = [(one.kind, one.due, one.state) for one in outbox(city.programme, home.id)]
        term = pregnancy_of(city, home).term
        told(city, home, CorrectTerm(home.pregnancy, term + 5 * DAYS))

        assert [(one.kind, one.due, one.state) for one in outbox(city.programme, home.id)] == before

    def test_one_that_cannot_be_is_refused_with_the_nearest_that_can(self, city, home):
        last = DAY + timedelta(weeks=42)
        assert refused(city, home, CorrectTerm(home.pregnancy, last + DAYS)) == (
            "term-too-far",
            {"last_day": last.isoformat()},
        )
        told(city, home, CorrectTerm(home.pregnancy, last))
        code, members = refused(city, home, CorrectTerm(home.pregnancy, date(2020, 3, 2)))
        assert code == "term-too-old"
        told(city, home, CorrectTerm(home.pregnancy, date.fromisoformat(members["first_day"])))

    def test_of_a_loss_nothing_is_corrected(self, city, home):
        told(city, home, RecordLoss(home.pregnancy, Ended.LOST, DAY))
        before = pregnancy_of(city, home)
        for one in (
            CorrectTerm(home.pregnancy, before.term + DAYS),
            CorrectBirth(home.pregnancy, DAY),
        ):
            assert refused(city, home, one)[0] == "pregnancy-ended"
        assert pregnancy_of(city, home) == before

    def test_once_the_child_is_born_the_birth_must_fit_the_term(self, city, home):
        told(city, home, home.gives_birth(DAY))
        code, members = refused(city, home, CorrectTerm(home.pregnancy, DAY - 35 * DAYS))
        assert (code, members) == (
            "birth-after-44-weeks",
            {"first_day": (DAY - 34 * DAYS).isoformat()},
        )
        code, members = refused(city, home, CorrectTerm(home.pregnancy, DAY + 141 * DAYS))
        assert (code, members) == (
            "birth-before-20-weeks",
            {"last_day": (DAY + 140 * DAYS).isoformat()},
        )
        window = visit_of(city, home, NEWBORN)
        for worked in (DAY - 34 * DAYS, DAY + 140 * DAYS):
            told(city, home, CorrectTerm(home.pregnancy, worked))
        assert visit_of(city, home, NEWBORN).opens == window.opens


class TestBirth:
    @pytest.fixture
    def born(self, city, home):
        told(city, home, home.gives_birth(DAY - 4 * DAYS, NewChild(uuid4(), "Liten Fjær")))
        return home

    def test_the_newborn_visit_and_the_children_follow(self, city, born):
        told(city, born, CorrectBirth(born.pregnancy, DAY - 2 * DAYS))
        newborn = visit_of(city, born, NEWBORN)

        assert (newborn.opens, newborn.closes) == (DAY + 5 * DAYS, DAY + 8 * DAYS)
        children = [one.born_on for one in records(city, born).members if one.born_on]
        assert children == [DAY - 2 * DAYS] * 2
        assert pregnancy_of(city, born).ended_on == DAY - 2 * DAYS

    def test_a_newborn_visit_that_is_agreed_on_is_shown_where_the_days_left_it(self, city, born):
        newborn = visit_of(city, born, NEWBORN)
        told(city, born, BookVisit(newborn.id, at(DAY + 3 * DAYS)))
        assert not seen(city, born)
        told(city, born, CorrectBirth(born.pregnancy, DAY))
        (one,) = seen(city, born).agreements

        assert (one.begins, one.reasons) == (at(DAY + 3 * DAYS), (Reason.BEFORE_WINDOW,))
        assert visit_of(city, born, NEWBORN).state == VisitState.BOOKED

    def test_one_in_the_future_is_refused_with_today(self, city, born):
        assert refused(city, born, CorrectBirth(born.pregnancy, DAY + DAYS)) == (
            "date-in-future",
            {"last_day": DAY.isoformat()},
        )

    def test_one_after_the_visit_to_the_newborn_is_refused_with_that_day(self, city, born):
        made = at(DAY - DAYS)
        told(city, born, RecordVisit(uuid4(), Outcome.DONE, made, 60, kind=NEWBORN))
        told(city, born, RecordVisit(uuid4(), Outcome.DONE, at(DAY - 3 * DAYS), 60))
        assert refused(city, born, CorrectBirth(born.pregnancy, DAY)) == (
            "birth-after-visit",
            {"last_day": (DAY - DAYS).isoformat()},
        )
        assert pregnancy_of(city, born).ended_on == DAY - 4 * DAYS
        told(city, born, CorrectBirth(born.pregnancy, DAY - DAYS))

    def test_one_after_the_homecoming_is_refused_with_the_homecoming(self, city, born):
        told(city, born, RecordHomecoming(born.pregnancy, DAY - 2 * DAYS))
        assert refused(city, born, CorrectBirth(born.pregnancy, DAY)) == (
            "homecoming-before-birth",
            {"last_day": (DAY - 2 * DAYS).isoformat()},
        )
        told(
            city,
            born,
            RecordHomecoming(born.pregnancy, DAY),
            CorrectBirth(born.pregnancy, DAY),
        )

    def test_one_after_a_childs_death_is_refused_with_that_day(self, city, born):
        told(city, born, RecordDeath(born.child, DAY - 3 * DAYS))
        assert refused(city, born, CorrectBirth(born.pregnancy, DAY)) == (
            "death-before-birth",
            {"last_day": (DAY - 3 * DAYS).isoformat()},
        )

    def test_one_outside_its_weeks_is_refused_with_the_nearest(self, city, born):
        term = pregnancy_of(city, born).term
        code, members = refused(city, born, CorrectBirth(born.pregnancy, term - 300 * DAYS))
        assert (code, members) == (
            "date-too-old",
            {"first_day": (term - 140 * DAYS).isoformat()},
        )
        code, same = refused(city, born, CorrectBirth(born.pregnancy, term - 141 * DAYS))
        assert (code, same) == ("birth-before-20-weeks", members)
        told(city, born, CorrectBirth(born.pregnancy, term - 140 * DAYS))

    def test_before_a_birth_there_is_none_to_correct(self, city, home):
        assert refused(city, home, CorrectBirth(home.pregnancy, DAY))[0] == "not-born-yet"

    def test_where_no_child_lives_the_programme_stays_ended(self, city, home):
        told(city, home, home.gives_birth(DAY - 4 * DAYS))
        told(city, home, RecordDeath(home.child, DAY - DAYS))
        told(city, home, CorrectBirth(home.pregnancy, DAY - 2 * DAYS))

        assert pregnancy_of(city, home).ended_on == DAY - 2 * DAYS
        assert visit_of(city, home, NEWBORN).state == VisitState.SUPERSEDED
