"""What two devices say of one family, without having seen each other, is brought together."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.families.intents import (
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.states import Outcome, Protection
from nyefamilier.families.views import family
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.clock import day_of
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.views import needs
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.offers.views import enrolments, offers
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit, NextVisit, RecordVisit
from nyefamilier.visits.intents import Outcome as Became
from nyefamilier.visits.states import Place, VisitState
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import DAY, SKOYEN, Household, address, protected, send
from tests.cities import settle
from tests.pockets import inbox_of, log_of, seen


def told(city, home, *operations):
    """From a page, as anybody who is online."""
    return send(city.programme, city.ours, home.id, *operations)


def mother_of(city, home):
    members = seen(city, family, home).members
    return next(one for one in members if one.id == home.mother)


def contested(city, home):
    """What lies in the family's inbox: the value, why, what stands and what was sent."""
    return [
        (row.value_group, row.reason, body.current, body.proposed)
        for row, body in inbox_of(city, home.id)
    ]


def changes(home, **fields):
    known = {"name": "", **fields}
    return UpdateMember(home.mother, 0, **known, only=tuple(sorted(fields)))


class TestContact:
    def test_two_devices_that_change_two_groups_both_have_their_way(self, city, home, phone, other):
        assert phone.sends(home.id, changes(home, phone="41111111")).status is Verdict.APPLIED
        assert other.sends(home.id, changes(home, language="urdu")).status is Verdict.APPLIED

        mother = mother_of(city, home)
        assert (mother.phone, mother.language) == ("41111111", "urdu")

    def test_of_two_values_the_first_stands_and_the_other_is_kept(self, city, home, phone, other):
        phone.sends(home.id, changes(home, phone="41111111"))
        verdict = other.sends(home.id, changes(home, phone="42222222", language="urdu"))

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "changed-since")
        mother = mother_of(city, home)
        assert (mother.phone, mother.language) == ("41111111", "urdu")
        assert contested(city, home) == [
            ("phone", "changed-since", {"phone": "41111111"}, {"phone": "42222222"})
        ]

    def test_a_page_counts_as_another_device(self, city, home, phone):
        rev = mother_of(city, home).rev
        told(city, home, UpdateMember(home.mother, rev, "", phone="41111111", only=("phone",)))

        assert phone.sends(home.id, changes(home, phone="42222222")).status is Verdict.CONFLICT

    def test_the_same_value_twice_is_no_conflict(self, home, phone, other):
        phone.sends(home.id, changes(home, phone="41111111"))
        verdict = other.sends(home.id, changes(home, phone="41111111"))

        assert (verdict.status, verdict.reason) == (Verdict.NOOP, "already-so")

    def test_a_chain_of_own_edits_with_one_stale_base_never_fights_itself(
        self, city, home, phone, other
    ):
        other.sends(home.id, changes(home, language="urdu"))
        verdicts = [
            phone.sends(home.id, changes(home, phone=number))
            for number in ("41111111", "42222222", "43333333")
        ]

        assert {one.status for one in verdicts} == {Verdict.APPLIED}
        assert mother_of(city, home).phone == "43333333"

    def test_a_value_that_was_seen_before_it_was_changed_again_is_changed(self, home, phone, other):
        rev = other.sends(home.id, changes(home, phone="41111111")).rev
        verdict = phone.sends(home.id, changes(home, phone="42222222"), base_rev=rev)

        assert verdict.status is Verdict.APPLIED

    def test_a_field_can_be_emptied_and_that_is_a_value_too(self, city, home, phone, other):
        phone.sends(home.id, changes(home, phone=None))
        verdict = other.sends(home.id, changes(home, phone="42222222"))

        assert verdict.status is Verdict.CONFLICT
        assert mother_of(city, home).phone is None


class TestAddress:
    def test_two_moves_are_one_value_and_contested(self, city, home, phone, other):
        phone.sends(home.id, SetAddress(address(SKOYEN)))
        verdict = other.sends(home.id, SetAddress(address(lines="Annen vei 2")))

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "changed-since")
        present = seen(city, family, home).addresses[-1]
        assert (present.delbydel, present.lines) == (SKOYEN, "Prøveveien 1")

    def test_protection_wins_over_an_address_that_was_set_since(self, city, home, phone, other):
        phone.sends(home.id, SetAddress(address(SKOYEN)))
        verdict = other.sends(home.id, SetAddress(protected()))

        assert verdict.status is Verdict.APPLIED
        assert seen(city, family, home).protection is Protection.STRICTLY_CONFIDENTIAL

    def test_protection_is_never_lifted_by_accident(self, city, home, phone, other):
        phone.sends(home.id, SetAddress(protected()))
        verdict = other.sends(home.id, SetAddress(address(SKOYEN)))

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "address-protected")
        assert seen(city, family, home).protection is Protection.STRICTLY_CONFIDENTIAL

    def test_the_same_address_twice_is_one(self, city, home, phone, other):
        phone.sends(home.id, SetAddress(address(SKOYEN)))
        assert other.sends(home.id, SetAddress(address(SKOYEN))).status is Verdict.NOOP
        assert len(seen(city, family, home).addresses) == 2


class TestNotes:
    def test_notes_of_two_devices_all_stand(self, city, home, phone, other):
        for one, text in ((phone, "A"), (other, "B")):
            assert one.sends(home.id, WriteNote(uuid4(), home.mother, text)).status == "applied"
        assert sorted(one.text for one in seen(city, notes, home)) == ["A", "B"]

    def test_the_same_note_under_another_mutation_is_one(self, city, home, phone):
        note = WriteNote(uuid4(), home.mother, "A")
        phone.sends(home.id, note)

        assert phone.sends(home.id, note).status is Verdict.NOOP
        assert len(seen(city, notes, home)) == 1

    def test_another_text_under_the_same_id_is_held_and_changes_nothing(self, city, home, phone):
        note = uuid4()
        phone.sends(home.id, WriteNote(note, home.mother, "A"))
        verdict = phone.sends(home.id, WriteNote(note, home.mother, "B"))

        assert (verdict.status, verdict.reason) == (Verdict.HELD, "id-taken")
        assert [one.text for one in seen(city, notes, home)] == ["A"]

    def test_two_corrections_of_one_note_both_stand_and_are_flagged(self, city, home, phone, other):
        first = uuid4()
        told(city, home, WriteNote(first, home.mother, "3480"))
        phone.sends(home.id, CorrectNote(uuid4(), first, "3840"), base_rev=2)
        verdict = other.sends(home.id, CorrectNote(uuid4(), first, "3850"), base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "parallel-corrections")
        assert sorted(one.text for one in seen(city, notes, home)) == ["3480", "3840", "3850"]
        ((group, _, current, proposed),) = contested(city, home)
        assert (group, current, proposed["text"]) == ("correction", {"text": "3840"}, "3850")


class TestNeeds:
    @pytest.fixture
    def need(self, city, home):
        made = uuid4()
        told(city, home, StateNeed(made, home.mother, "Ro"))
        return made

    def stands(self, city, home):
        (found,) = seen(city, needs, home)
        return found.state, [(one.state, one.words) for one in found.reviews]

    def test_the_same_step_twice_is_one(self, city, home, need, phone, other):
        for one, status in ((phone, Verdict.APPLIED), (other, Verdict.NOOP)):
            review = ReviewNeed(uuid4(), need, NeedState.BEING_MET)
            assert one.sends(home.id, review, base_rev=2).status is status
        assert self.stands(city, home) == (NeedState.BEING_MET, [(NeedState.BEING_MET, None)])

    def test_words_are_never_dropped_with_a_step_that_is_done(self, city, home, need, phone, other):
        phone.sends(home.id, ReviewNeed(uuid4(), need, NeedState.BEING_MET, "Bedre"), base_rev=2)
        other.sends(home.id, ReviewNeed(uuid4(), need, NeedState.BEING_MET, "Litt"), base_rev=2)

        _, reviews = self.stands(city, home)
        assert sorted(words for _, words in reviews) == ["Bedre", "Litt"]

    def test_what_the_parents_closed_stays_closed(self, city, home, need, phone, other):
        closing = CloseNeed(uuid4(), need, home.mother, NeedState.MET, "Nå sover vi")
        phone.sends(home.id, closing, base_rev=2)
        review = ReviewNeed(uuid4(), need, NeedState.OPEN, "Uro igjen")
        verdict = other.sends(home.id, review, base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "need-closed")
        assert self.stands(city, home)[0] is NeedState.MET
        ((_, _, current, proposed),) = contested(city, home)
        assert (current["state"], proposed["words"]) == ("met", "Uro igjen")

    def test_the_parents_closing_goes_before_a_nurses_review(self, city, home, need, phone, other):
        phone.sends(home.id, ReviewNeed(uuid4(), need, NeedState.BEING_MET), base_rev=2)
        closing = CloseNeed(uuid4(), need, home.mother, NeedState.NO_LONGER_WISHED)
        verdict = other.sends(home.id, closing, base_rev=2)

        assert verdict.status is Verdict.APPLIED
        assert self.stands(city, home)[0] is NeedState.NO_LONGER_WISHED

    def test_two_different_closings_are_contested(self, city, home, need, phone, other):
        phone.sends(home.id, CloseNeed(uuid4(), need, home.mother, NeedState.MET), base_rev=2)
        closing = CloseNeed(uuid4(), need, home.father, NeedState.NO_LONGER_WISHED)
        verdict = other.sends(home.id, closing, base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "need-closed")
        assert self.stands(city, home)[0] is NeedState.MET

    def test_an_own_chain_of_steps_is_followed(self, home, need, phone):
        for state in (NeedState.BEING_MET, NeedState.OPEN, NeedState.BEING_MET):
            verdict = phone.sends(home.id, ReviewNeed(uuid4(), need, state), base_rev=2)
            assert verdict.status is Verdict.APPLIED


class TestPlans:
    @pytest.fixture
    def visit(self, city, home):
        made = uuid4()
        told(city, home, BookVisit(made, city.clock.now + timedelta(days=3)))
        return made

    def stands(self, city, home, visit):
        return next(one for one in seen(city, visits, home) if one.id == visit)

    def test_a_plan_is_one_value_never_ones_time_with_anothers_place(
        self, city, home, visit, phone, other
    ):
        at = city.clock.now + timedelta(days=4)
        phone.sends(home.id, BookVisit(visit, at, Place.CLINIC), base_rev=2)
        late = city.clock.now + timedelta(days=5)
        verdict = other.sends(home.id, BookVisit(visit, late, Place.HOME), base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "changed-since")
        found = self.stands(city, home, visit)
        assert (found.at, found.place) == (at, Place.CLINIC)

    def test_the_same_plan_twice_is_one(self, city, home, visit, phone, other):
        at = city.clock.now + timedelta(days=4)
        for one, status in ((phone, Verdict.APPLIED), (other, Verdict.NOOP)):
            assert one.sends(home.id, BookVisit(visit, at), base_rev=2).status is status

    def test_a_time_that_was_given_to_another_family_meanwhile_is_held_with_free_ones(
        self, city, home, phone, other
    ):
        neighbours, at = settle(city), city.clock.now + timedelta(days=3)
        phone.sends(neighbours.id, BookVisit(uuid4(), at))
        booking = BookVisit(uuid4(), at + timedelta(minutes=30))
        note = WriteNote(uuid4(), home.mother, "Avtalte nytt besøk")
        verdict = other.sends(home.id, booking, note)

        assert (verdict.status, verdict.reason) == (Verdict.HELD, "time-taken")
        assert verdict.pointer == "/ops/0/at"
        assert booking.visit_id not in {one.id for one in seen(city, visits, home)}
        ((_, body),) = inbox_of(city, home.id)
        assert [datetime.fromisoformat(one) for one in body.current["taken"]] == [at]
        free = [datetime.fromisoformat(one) for one in body.current["free"]]
        assert free == sorted(free)
        assert all(abs(one - at) >= timedelta(hours=1) for one in free)
        assert len(body.operations) == 2

    def test_her_own_phone_gives_her_no_second_appointment_either(self, city, home, phone):
        neighbours, at = settle(city), city.clock.now + timedelta(days=3)
        phone.sends(neighbours.id, BookVisit(uuid4(), at))
        verdict = phone.sends(home.id, BookVisit(uuid4(), at))

        assert (verdict.status, verdict.reason) == (Verdict.HELD, "time-taken")

    def test_an_hour_later_or_another_nurse_collides_with_nothing(self, city, home, phone, other):
        neighbours, at = settle(city), city.clock.now + timedelta(days=3)
        phone.sends(neighbours.id, BookVisit(uuid4(), at))
        later = BookVisit(uuid4(), at + timedelta(hours=1))
        colleagues = BookVisit(uuid4(), at, nurse_id=city.colleague.id)

        for one in (later, colleagues):
            assert other.sends(home.id, one).status is Verdict.APPLIED

    def test_what_was_called_off_or_moved_takes_no_time(self, city, home, visit, phone, other):
        at = city.clock.now + timedelta(days=3)
        moved = BookVisit(visit, at + timedelta(minutes=20))
        assert other.sends(home.id, moved, base_rev=2).status is Verdict.APPLIED
        phone.sends(home.id, CancelVisit(visit, CancelledBy.FAMILY), base_rev=3)

        assert other.sends(home.id, BookVisit(uuid4(), at), base_rev=4).status is Verdict.APPLIED

    def test_two_bookings_of_one_mutation_are_held_when_nobody_can_keep_both(
        self, city, home, phone
    ):
        at = city.clock.now + timedelta(days=3)
        verdict = phone.sends(home.id, BookVisit(uuid4(), at), BookVisit(uuid4(), at))

        assert (verdict.status, verdict.pointer) == (Verdict.HELD, "/ops/1/at")
        assert [one for one in seen(city, visits, home) if one.at is not None] == []

    def test_what_is_held_for_a_taken_time_is_filed_when_the_time_is_free(
        self, city, home, visit, other
    ):
        at = city.clock.now + timedelta(days=3)
        double = BookVisit(uuid4(), at)
        held = other.sends(home.id, double, base_rev=2)
        with pytest.raises(TimeTaken):
            told(city, home, DecideReview(held.review, Choice.FILE_HELD))
        told(city, home, CancelVisit(visit, CancelledBy.FAMILY))
        told(city, home, DecideReview(held.review, Choice.FILE_HELD))

        assert self.stands(city, home, double.visit_id).at == at

    @pytest.mark.usefixtures("visit")
    def test_a_next_visit_that_collides_is_contested_and_the_visit_is_recorded(
        self, city, home, other
    ):
        at = city.clock.now + timedelta(days=3)
        following = NextVisit(uuid4(), day_of(at), at)
        then = city.clock.now - timedelta(hours=2)
        made = RecordVisit(uuid4(), Became.DONE, then, 60, next_visit=following)
        verdict = other.sends(home.id, made, base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "time-taken")
        assert self.stands(city, home, made.visit_id).state is VisitState.DONE
        assert following.id not in {one.id for one in seen(city, visits, home)}

    def test_a_visit_that_happened_is_never_dropped_because_it_was_cancelled(
        self, city, home, visit, phone, other
    ):
        phone.sends(home.id, CancelVisit(visit, CancelledBy.FAMILY, "Syke"), base_rev=2)
        city.clock.forward(days=3, hours=2)
        record = RecordVisit(visit, Became.DONE, city.clock.now - timedelta(hours=1), 60)
        verdict = other.sends(home.id, record, base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.APPLIED, "was-cancelled")
        assert self.stands(city, home, visit).state is VisitState.DONE

    def test_a_fact_beats_a_plan_that_was_moved(self, city, home, visit, phone, other):
        phone.sends(home.id, BookVisit(visit, city.clock.now + timedelta(days=9)), base_rev=2)
        record = RecordVisit(visit, Became.DONE, city.clock.now - timedelta(hours=1), 60)

        assert other.sends(home.id, record, base_rev=2).status is Verdict.APPLIED

    def test_two_different_outcomes_are_contested_and_both_kept(
        self, city, home, visit, phone, other
    ):
        at = city.clock.now - timedelta(hours=1)
        phone.sends(home.id, RecordVisit(visit, Became.DONE, at, 60), base_rev=2)
        verdict = other.sends(home.id, RecordVisit(visit, Became.NOT_HOME, at, 0), base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "another-outcome")
        ((_, _, current, proposed),) = contested(city, home)
        assert (current["state"], proposed["state"]) == ("done", "not_home")

    def test_the_same_outcome_twice_is_one(self, city, home, visit, phone, other):
        at = city.clock.now - timedelta(hours=1)
        for one, status in ((phone, Verdict.APPLIED), (other, Verdict.NOOP)):
            record = RecordVisit(visit, Became.DONE, at, 60)
            assert one.sends(home.id, record, base_rev=2).status is status

    def test_a_contested_outcome_takes_its_note_through(self, city, home, visit, phone, other):
        at = city.clock.now - timedelta(hours=1)
        phone.sends(home.id, RecordVisit(visit, Became.DONE, at, 60), base_rev=2)
        note = WriteNote(uuid4(), home.mother, "Ingen åpnet", visit_id=visit)
        record = RecordVisit(visit, Became.NOT_HOME, at, 0)

        assert other.sends(home.id, record, note, base_rev=2).status is Verdict.CONFLICT
        assert [one.text for one in seen(city, notes, home)] == ["Ingen åpnet"]

    def test_a_visit_that_was_moved_is_not_called_off_by_who_knew_the_old_time(
        self, city, home, visit, phone, other
    ):
        phone.sends(home.id, BookVisit(visit, city.clock.now + timedelta(days=9)), base_rev=2)
        verdict = other.sends(home.id, CancelVisit(visit, CancelledBy.FAMILY), base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "changed-since")
        assert self.stands(city, home, visit).state is VisitState.BOOKED

    def test_a_visit_that_took_place_is_not_called_off(self, city, home, visit, phone, other):
        at = city.clock.now - timedelta(hours=1)
        phone.sends(home.id, RecordVisit(visit, Became.DONE, at, 60), base_rev=2)
        verdict = other.sends(home.id, CancelVisit(visit, CancelledBy.US), base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "visit-closed")

    def test_called_off_twice_is_called_off_once(self, home, visit, phone, other):
        for one, status in ((phone, Verdict.APPLIED), (other, Verdict.NOOP)):
            cancellation = CancelVisit(visit, CancelledBy.FAMILY)
            assert one.sends(home.id, cancellation, base_rev=2).status is status


class TestLossAndDeath:
    def test_after_a_loss_nothing_is_booked_by_who_did_not_know(self, city, home, phone, other):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.LOST, DAY))
        booking = BookVisit(uuid4(), city.clock.now + timedelta(days=3))
        verdict = other.sends(home.id, booking)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "programme-ended")
        assert {one.state for one in seen(city, visits, home)} == {VisitState.SUPERSEDED}

    def test_who_knows_of_the_loss_may_book_what_the_parents_want(self, city, home, phone, other):
        rev = phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.LOST, DAY)).rev
        booking = BookVisit(uuid4(), city.clock.now + timedelta(days=3))

        assert other.sends(home.id, booking, base_rev=rev).status is Verdict.APPLIED

    def test_a_visit_before_the_loss_was_known_is_taken_in_without_its_next_one(
        self, city, home, phone, other
    ):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.STILLBORN, DAY))
        following = NextVisit(uuid4(), city.clock.today + timedelta(days=9))
        at = city.clock.now - timedelta(hours=1)
        record = RecordVisit(uuid4(), Became.DONE, at, 60, next_visit=following)
        verdict = other.sends(home.id, record)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "programme-ended")
        states = {one.id: one.state for one in seen(city, visits, home)}
        assert states[record.visit_id] is VisitState.DONE
        assert following.id not in states

    def test_a_loss_goes_through_whatever_others_planned(self, city, home, phone, other):
        phone.sends(home.id, BookVisit(uuid4(), city.clock.now + timedelta(days=3)))
        verdict = other.sends(home.id, RecordLoss(home.pregnancy, Outcome.LOST, DAY))

        assert verdict.status is Verdict.APPLIED
        assert {one.state for one in seen(city, visits, home)} == {VisitState.SUPERSEDED}

    def test_the_same_loss_twice_is_one_and_another_day_is_contested(self, home, phone, other):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.LOST, DAY))
        same = RecordLoss(home.pregnancy, Outcome.LOST, DAY)
        another = RecordLoss(home.pregnancy, Outcome.LOST, DAY - timedelta(days=1))

        assert other.sends(home.id, same).status is Verdict.NOOP
        assert other.sends(home.id, another).status is Verdict.CONFLICT

    def test_after_a_death_nothing_is_booked_by_who_did_not_know(self, city, home, phone, other):
        phone.sends(home.id, RecordDeath(home.father, DAY))
        verdict = other.sends(home.id, BookVisit(uuid4(), city.clock.now + timedelta(days=3)))

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "member-died")

    def test_two_days_of_one_death_are_contested(self, home, phone, other):
        phone.sends(home.id, RecordDeath(home.father, DAY))
        assert other.sends(home.id, RecordDeath(home.father, DAY)).status is Verdict.NOOP
        verdict = other.sends(home.id, RecordDeath(home.father, DAY - timedelta(days=1)))

        assert verdict.status is Verdict.CONFLICT

    def test_no_home_visit_is_booked_by_who_did_not_know_of_the_protection(
        self, city, home, phone, other
    ):
        phone.sends(home.id, SetAddress(protected()))
        at = city.clock.now + timedelta(days=3)

        assert other.sends(home.id, BookVisit(uuid4(), at)).reason == "address-protected"
        clinic = BookVisit(uuid4(), at, Place.CLINIC)
        assert other.sends(home.id, clinic).status is Verdict.APPLIED


class TestBirths:
    @pytest.fixture
    def born(self, city):
        city.clock.forward(days=60)
        return city.clock.today

    def children(self, city, home):
        members = seen(city, family, home).members
        return [one.name for one in members if one.born_on is not None]

    def tell(self, home, born, *names, homecoming=None):
        children = tuple(NewChild(uuid4(), name) for name in names)
        return RecordBirth(home.pregnancy, born, children, homecoming)

    def test_the_same_birth_told_twice_is_one(self, city, home, born, phone, other):
        phone.sends(home.id, self.tell(home, born, "Liten Sten"))
        verdict = other.sends(home.id, self.tell(home, born, "liten  sten"))

        assert (verdict.status, verdict.reason) == (Verdict.NOOP, "birth-known")
        assert self.children(city, home) == ["Liten Sten"]

    def test_a_note_about_the_child_that_was_told_again_is_about_the_one_that_is_here(
        self, city, home, born, phone, other
    ):
        phone.sends(home.id, self.tell(home, born, "Liten Sten"))
        again = self.tell(home, born, "Liten Sten")
        child = again.children[0].member_id
        same = other.sends(home.id, again, WriteNote(uuid4(), child, "I samme"))
        later = other.sends(home.id, WriteNote(uuid4(), child, "Siden"))

        assert (same.status, later.status) == (Verdict.APPLIED, Verdict.APPLIED)
        assert len({one.member_id for one in seen(city, notes, home)}) == 1
        assert child not in {one.member_id for one in seen(city, notes, home)}

    def test_what_the_second_telling_adds_is_taken_in(self, city, home, born, phone, other):
        phone.sends(home.id, RecordBirth(home.pregnancy, born, (NewChild(uuid4()),)))
        verdict = other.sends(home.id, self.tell(home, born, "Liten Sten", homecoming=born))

        assert verdict.status is Verdict.APPLIED
        assert self.children(city, home) == ["Liten Sten"]
        assert seen(city, family, home).pregnancies[0].homecoming_on == born

    def test_twins_are_not_merged(self, city, home, born, phone, other):
        phone.sends(home.id, self.tell(home, born, "Liten Sten"))
        verdict = other.sends(home.id, self.tell(home, born, "Annen Sten"))

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "pregnancy-ended")
        assert self.children(city, home) == ["Liten Sten"]
        ((_, _, current, proposed),) = contested(city, home)
        assert current["children"][0]["name"] == "Liten Sten"
        assert proposed["children"][0]["name"] == "Annen Sten"

    def test_twins_told_twice_are_two(self, city, home, born, phone, other):
        phone.sends(home.id, self.tell(home, born, "Liten Sten", "Annen Sten"))
        verdict = other.sends(home.id, self.tell(home, born, "Annen Sten", "Liten Sten"))

        assert verdict.status is Verdict.NOOP
        assert sorted(self.children(city, home)) == ["Annen Sten", "Liten Sten"]

    def test_another_day_of_birth_is_contested(self, home, born, phone, other):
        phone.sends(home.id, self.tell(home, born, "Liten Sten"))
        earlier = self.tell(home, born - timedelta(days=1), "Liten Sten")

        assert other.sends(home.id, earlier).status is Verdict.CONFLICT

    def test_a_birth_against_a_loss_is_contested(self, city, home, born, phone, other):
        phone.sends(home.id, RecordLoss(home.pregnancy, Outcome.STILLBORN, born))
        verdict = other.sends(home.id, self.tell(home, born, "Liten Sten"))

        assert verdict.status is Verdict.CONFLICT
        assert self.children(city, home) == []

    def test_a_homecoming_waits_for_its_birth(self, home, born, phone, other):
        homecoming = other.sent(home.id, RecordHomecoming(home.pregnancy, born))
        assert other.hands_in(homecoming).reason == "waits-for-birth"
        phone.sends(home.id, self.tell(home, born, "Liten Sten"))

        assert other.hands_in(homecoming).status is Verdict.APPLIED


class TestOffers:
    @pytest.fixture
    def asked(self, city):
        home = Household()
        told(city, home, home.registration(), home.expects(DAY + timedelta(days=70)))
        return home

    def offer(self, home, on=DAY, channel=Channel.MIDWIFE):
        return MakeOffer(uuid4(), home.pregnancy, "nye_familier", Basis.FIRST_CHILD, channel, on)

    def test_the_same_offer_told_twice_is_one_and_its_answer_finds_it(
        self, city, asked, phone, other
    ):
        phone.sends(asked.id, self.offer(asked))
        again = self.offer(asked)
        answer = AnswerOffer(uuid4(), again.offer_id, Answer.LATER, DAY)

        assert other.sends(asked.id, again).reason == "offer-known"
        assert other.sends(asked.id, answer).status is Verdict.APPLIED
        (found,) = seen(city, offers, asked)
        assert found.answer is Answer.LATER

    def test_two_offers_that_differ_both_stand(self, city, asked, phone, other):
        phone.sends(asked.id, self.offer(asked))
        verdict = other.sends(asked.id, self.offer(asked, DAY - timedelta(days=1)))

        assert verdict.status is Verdict.APPLIED
        assert len(seen(city, offers, asked)) == 2

    @pytest.mark.parametrize("first", [0, 1])
    def test_answers_all_stand_and_the_latest_dated_is_current(
        self, city, asked, phone, other, first
    ):
        told(city, asked, asked.is_offered())
        city.clock.forward(days=5)
        dated = [(Answer.LATER, DAY), (Answer.NO, DAY + timedelta(days=2))]
        for one, number in ((phone, first), (other, 1 - first)):
            said, on = dated[number]
            answer = AnswerOffer(uuid4(), asked.offer, said, on)
            assert one.sends(asked.id, answer, base_rev=2).status is Verdict.APPLIED

        (found,) = seen(city, offers, asked)
        assert found.answer is Answer.NO
        assert {one.answer for one in found.answers} == {Answer.LATER, Answer.NO}

    def test_a_yes_and_an_older_no_both_stand_and_the_family_is_enrolled(
        self, city, asked, phone, other
    ):
        told(city, asked, asked.is_offered())
        city.clock.forward(days=5)
        yes = AnswerOffer(uuid4(), asked.offer, Answer.YES, DAY + timedelta(days=2))
        phone.sends(asked.id, yes, base_rev=2)
        no = AnswerOffer(uuid4(), asked.offer, Answer.NO, DAY)

        assert other.sends(asked.id, no, base_rev=2).status is Verdict.APPLIED
        (found,) = seen(city, offers, asked)
        assert (found.answer, len(found.answers)) == (Answer.YES, 2)

    def test_a_no_after_a_yes_stands_and_is_for_a_person(self, city, asked, phone, other):
        told(city, asked, asked.is_offered())
        city.clock.forward(days=5)
        phone.sends(asked.id, AnswerOffer(uuid4(), asked.offer, Answer.YES, DAY), base_rev=2)
        no = AnswerOffer(uuid4(), asked.offer, Answer.NO, DAY + timedelta(days=2))
        verdict = other.sends(asked.id, no, base_rev=2)

        assert (verdict.status, verdict.reason) == (Verdict.CONFLICT, "offer-accepted")
        (found,) = seen(city, offers, asked)
        assert len(found.answers) == 2
        assert [one.state for one in seen(city, enrolments, asked)] == [EnrolmentState.ACTIVE]

    def test_nothing_is_offered_for_a_pregnancy_that_was_lost(self, city, asked, phone, other):
        phone.sends(asked.id, RecordLoss(asked.pregnancy, Outcome.LOST, DAY))
        assert other.sends(asked.id, self.offer(asked)).reason == "programme-ended"
        assert seen(city, offers, asked) == []

    def test_a_pause_twice_is_one_and_against_an_end_it_is_contested(
        self, city, home, phone, other
    ):
        (enrolment,) = seen(city, enrolments, home)
        pause = ChangeEnrolment(enrolment.id, EnrolmentState.PAUSED, DAY)
        assert phone.sends(home.id, pause).status is Verdict.APPLIED
        assert other.sends(home.id, pause).status is Verdict.NOOP
        end = ChangeEnrolment(enrolment.id, EnrolmentState.WITHDRAWN, DAY)
        assert other.sends(home.id, end).reason == "changed-since"


def test_a_conflict_that_was_sent_is_in_the_log_with_only_what_was_done(city, home, phone, other):
    phone.sends(home.id, changes(home, phone="41111111"))
    other.sends(home.id, changes(home, phone="42222222", language="urdu"))

    last = log_of(city, home.id)[-1]
    assert last.status == "conflict"
    assert f"member:{home.mother}:language" in last.touched
    assert f"member:{home.mother}:phone" not in last.touched
