"""What several devices say of a term, or of the day of a birth, is brought together."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.families.intents import (
    CorrectBirth,
    CorrectTerm,
    NewChild,
    RecordBirth,
    RecordLoss,
)
from nyefamilier.families.states import Outcome
from nyefamilier.families.views import family
from nyefamilier.kernel.clock import day_of
from nyefamilier.visits.intents import BookVisit, NextVisit, RecordVisit
from nyefamilier.visits.intents import Outcome as Became
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import DAY, send
from tests.cities import settle
from tests.pockets import inbox_of, seen

DAYS = timedelta(days=1)


def pregnancy_of(city, home):
    return seen(city, family, home).pregnancies[0]


def told_verdict(verdict):
    return verdict.status, verdict.reason


class TestTerm:
    @pytest.fixture
    def term(self, city, home):
        return pregnancy_of(city, home).term

    def test_the_same_term_told_twice_is_one(self, home, term, phone, other):
        moved = CorrectTerm(home.pregnancy, term + DAYS)
        assert phone.sends(home.id, moved).status is Verdict.APPLIED
        assert other.sends(home.id, moved).status is Verdict.NOOP

    def test_two_terms_are_contested_and_a_person_decides(self, city, home, term, phone, other):
        phone.sends(home.id, CorrectTerm(home.pregnancy, term + DAYS))
        verdict = other.sends(home.id, CorrectTerm(home.pregnancy, term + 3 * DAYS))
        assert told_verdict(verdict) == (Verdict.CONFLICT, "changed-since")
        assert pregnancy_of(city, home).term == term + DAYS
        ((row, body),) = inbox_of(city, home.id)
        assert (body.current, body.proposed) == (
            {"term": str(term + DAYS)},
            {"term": str(term + 3 * DAYS)},
        )
        send(city.programme, city.ours, home.id, DecideReview(row.id, Choice.PROPOSED))
        assert pregnancy_of(city, home).term == term + 3 * DAYS

    def test_who_has_seen_the_other_term_corrects_it(self, city, home, term, phone, other):
        rev = phone.sends(home.id, CorrectTerm(home.pregnancy, term + DAYS)).rev
        again = other.sends(home.id, CorrectTerm(home.pregnancy, term + 3 * DAYS), base_rev=rev)
        assert again.status is Verdict.APPLIED
        assert pregnancy_of(city, home).term == term + 3 * DAYS

    def test_a_loss_is_not_overwritten_by_who_did_not_know(self, city, home, term, phone, other):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.LOST, DAY))
        lost = pregnancy_of(city, home)
        verdict = other.sends(home.id, CorrectTerm(home.pregnancy, term + DAYS))
        assert told_verdict(verdict) == (Verdict.HELD, "pregnancy-ended")
        assert pregnancy_of(city, home) == lost

    def test_an_impossible_term_is_held(self, city, home, term, phone):
        verdict = phone.sends(home.id, CorrectTerm(home.pregnancy, term + 400 * DAYS))
        assert told_verdict(verdict) == (Verdict.HELD, "term-too-far")
        assert pregnancy_of(city, home).term == term


class TestBirth:
    def birth(self, home, on):
        return RecordBirth(home.pregnancy, on, (NewChild(uuid4(), "Liten Sten"),))

    def test_a_correction_waits_for_its_birth(self, home, phone, other):
        correction = other.sent(home.id, CorrectBirth(home.pregnancy, DAY - DAYS))
        assert other.hands_in(correction).reason == "waits-for-birth"
        rev = phone.sends(home.id, self.birth(home, DAY)).rev
        again = other.sends(home.id, CorrectBirth(home.pregnancy, DAY - DAYS), base_rev=rev)
        assert again.status is Verdict.APPLIED

    def test_one_phones_own_birth_and_its_correction_never_fight(self, city, home, phone):
        for one in (self.birth(home, DAY), CorrectBirth(home.pregnancy, DAY - DAYS)):
            assert phone.sends(home.id, one).status is Verdict.APPLIED
        assert pregnancy_of(city, home).ended_on == DAY - DAYS

    def test_a_birth_that_another_told_since_is_not_redated_unseen(self, city, home, phone, other):
        phone.sends(home.id, self.birth(home, DAY))
        other.sends(home.id, self.birth(home, DAY - 2 * DAYS))
        verdict = other.sends(home.id, CorrectBirth(home.pregnancy, DAY - DAYS))
        assert told_verdict(verdict) == (Verdict.CONFLICT, "changed-since")
        assert pregnancy_of(city, home).ended_on == DAY

    def test_two_corrections_are_contested_and_the_same_one_is_one(self, city, home, phone, other):
        rev = phone.sends(home.id, self.birth(home, DAY)).rev
        phone.sends(home.id, CorrectBirth(home.pregnancy, DAY - DAYS), base_rev=rev)
        same = other.sends(home.id, CorrectBirth(home.pregnancy, DAY - DAYS), base_rev=rev)
        assert same.status is Verdict.NOOP
        differs = other.sends(home.id, CorrectBirth(home.pregnancy, DAY - 2 * DAYS), base_rev=rev)
        assert told_verdict(differs) == (Verdict.CONFLICT, "changed-since")
        assert pregnancy_of(city, home).ended_on == DAY - DAYS

    def test_a_loss_is_not_overwritten(self, city, home, phone, other):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.STILLBORN, DAY))
        verdict = other.sends(home.id, CorrectBirth(home.pregnancy, DAY - DAYS))
        assert told_verdict(verdict) == (Verdict.HELD, "pregnancy-ended")
        assert pregnancy_of(city, home).ended_on == DAY


class TestNobodyAtHome:
    """The next visit is the same one again, for both nurses who were to come."""

    @pytest.fixture
    def visit(self, city, home):
        made = uuid4()
        at = city.clock.now + timedelta(hours=1)
        both = BookVisit(made, at, second_nurse_id=city.colleague.id, not_alone=True)
        send(city.programme, city.ours, home.id, both)
        city.clock.forward(days=1)
        return made

    def knocked(self, city, visit, at):
        following = NextVisit(uuid4(), day_of(at), at)
        return RecordVisit(visit, Became.NOT_HOME, city.clock.now, 0, next_visit=following)

    def test_it_is_agreed_on_with_both(self, city, home, visit, phone):
        record = self.knocked(city, visit, city.clock.now + 2 * DAYS)
        assert phone.sends(home.id, record).status is Verdict.APPLIED
        found = {one.id: one for one in seen(city, visits, home)}[record.next_visit.id]
        assert (found.second_nurse_id, found.not_alone) == (city.colleague.id, True)

    def test_the_attempt_is_recorded_although_the_second_has_no_time(
        self, city, home, visit, phone
    ):
        at = city.clock.now + 2 * DAYS
        hers = BookVisit(uuid4(), at, nurse_id=city.colleague.id)
        send(city.programme, city.ours, settle(city).id, hers)
        record = self.knocked(city, visit, at)
        verdict = phone.sends(home.id, record)
        assert told_verdict(verdict) == (Verdict.CONFLICT, "time-taken")
        states = {one.id: one.state for one in seen(city, visits, home)}
        assert states[visit] is VisitState.NOT_HOME
        assert record.next_visit.id not in states

    def test_whoever_was_there_is_not_asked_twice(self, city, home, visit, phone):
        record = self.knocked(city, visit, city.clock.now + 2 * DAYS)
        hers = replace(record, nurse_id=city.colleague.id)
        assert phone.sends(home.id, hers).status is Verdict.APPLIED
        found = {one.id: one for one in seen(city, visits, home)}[record.next_visit.id]
        assert (found.nurse_id, found.second_nurse_id) == (city.colleague.id, None)
