"""What lies in the inbox is decided by the family's nurse; both contents stay for ever."""

from datetime import timedelta
from uuid import uuid4

import pytest

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.changes.events import ReviewDecided
from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.door.judging import hold
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.reviews import counts, reviews
from nyefamilier.door.service import apply
from nyefamilier.families.intents import (
    AssignNurse,
    CoverNurse,
    MoveFamily,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.views import family
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.errors import NotAllowed, NotFound, RuleBroken
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.views import needs
from nyefamilier.offers.intents import AnswerOffer
from nyefamilier.offers.states import Answer
from nyefamilier.uptake.service import drift
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.states import Place, VisitState
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import SKOYEN, TEISEN, address, lead, send
from tests.pockets import Phone, inbox_of, log_of, seen


def number(home, told):
    return UpdateMember(home.mother, 0, "", phone=told, only=("phone",))


@pytest.fixture
def conflict(home, phone, other):
    """Two telephone numbers of the mother; the first stands."""
    phone.sends(home.id, number(home, "41111111"))
    return other.sends(home.id, number(home, "42222222")).review


def decides(city, home, review, choose, reason=None, *, actor=None):
    decision = DecideReview(review, choose, reason)
    return send(city.programme, actor or city.ours, home.id, decision)


def mothers_number(city, home):
    members = seen(city, family, home).members
    return next(one.phone for one in members if one.id == home.mother)


@pytest.mark.parametrize(
    ("choose", "stands"), [(Choice.CURRENT, "41111111"), (Choice.PROPOSED, "42222222")]
)
def test_one_value_is_chosen_and_both_are_kept(city, home, conflict, choose, stands):
    decides(city, home, conflict, choose)

    assert mothers_number(city, home) == stands
    ((row, body),) = inbox_of(city, home.id)
    assert (row.decision, row.decided_by, row.decided_at) == (choose, city.ours.id, city.clock.now)
    assert (body.current, body.proposed) == ({"phone": "41111111"}, {"phone": "42222222"})


def test_it_can_be_decided_from_a_phone_and_twice_the_same_is_once(home, conflict, phone, other):
    decision = DecideReview(conflict, Choice.PROPOSED)
    assert phone.sends(home.id, decision, base_rev=3).status is Verdict.APPLIED
    assert other.sends(home.id, decision, base_rev=3).status is Verdict.NOOP
    another = other.sends(home.id, DecideReview(conflict, Choice.CURRENT), base_rev=3)
    assert (another.status, another.reason) == (Verdict.HELD, "review-decided")


def test_what_was_decided_counts_as_a_change_for_a_third_device(city, home, conflict):
    decides(city, home, conflict, Choice.PROPOSED)
    third = Phone(city, city.ours)

    assert third.sends(home.id, number(home, "43333333"), base_rev=3).status is Verdict.CONFLICT
    assert f"member:{home.mother}:phone" in log_of(city, home.id)[-2].touched


def test_a_decision_is_made_once(city, home, conflict):
    decides(city, home, conflict, Choice.CURRENT)
    with pytest.raises(RuleBroken, match="review-decided"):
        decides(city, home, conflict, Choice.PROPOSED)


def test_what_is_dismissed_says_why(city, home, conflict):
    with pytest.raises(RuleBroken, match="reason-missing"):
        decides(city, home, conflict, Choice.DISMISS)
    decides(city, home, conflict, Choice.DISMISS, "Moren sier at ingen av dem er i bruk")

    ((row, body),) = inbox_of(city, home.id)
    assert body.why == "Moren sier at ingen av dem er i bruk"
    assert b"moren" not in row.sealed.lower()


def test_a_conflict_is_not_filed_and_what_is_held_has_no_second_value(city, home, conflict, phone):
    with pytest.raises(RuleBroken, match="review-choice"):
        decides(city, home, conflict, Choice.FILE_HELD)
    held = phone.sends(home.id, AssignNurse(uuid4(), city.colleague.id)).review
    with pytest.raises(RuleBroken, match="review-choice"):
        decides(city, home, held, Choice.PROPOSED)


def test_what_was_carried_out_already_is_not_carried_out_again(city, home, phone, other):
    note = WriteNote(uuid4(), home.mother, "3480")
    phone.sends(home.id, note)
    phone.sends(home.id, CorrectNote(uuid4(), note.note_id, "3840"), base_rev=2)
    both_stand = other.sends(home.id, CorrectNote(uuid4(), note.note_id, "3850"), base_rev=2)

    with pytest.raises(RuleBroken, match="review-choice"):
        decides(city, home, both_stand.review, Choice.PROPOSED)
    decides(city, home, both_stand.review, Choice.CURRENT)
    assert len(seen(city, notes, home)) == 3


def test_a_no_that_was_recorded_already_is_not_recorded_again(city, home, phone, other):
    city.clock.forward(days=5)
    no = AnswerOffer(uuid4(), home.offer, Answer.NO, city.clock.today)
    flagged = other.sends(home.id, no)

    assert flagged.reason == "offer-accepted"
    with pytest.raises(RuleBroken, match="review-choice"):
        decides(city, home, flagged.review, Choice.PROPOSED)


def test_only_the_familys_nurse_decides(city, home, conflict):
    with pytest.raises(NotFound):
        decides(city, home, conflict, Choice.CURRENT, actor=city.theirs)
    with pytest.raises(NotAllowed):
        decides(city, home, conflict, Choice.CURRENT, actor=lead())


def test_a_covering_nurse_decides_too_but_not_who_follows_the_family(city, home, conflict, phone):
    held = phone.sends(home.id, AssignNurse(uuid4(), city.theirs.id)).review
    cover = CoverNurse(uuid4(), city.colleague.id, city.clock.today + timedelta(days=9))
    send(city.programme, city.ours, home.id, cover)
    decides(city, home, conflict, Choice.PROPOSED, actor=city.colleague)

    with pytest.raises(NotAllowed):
        decides(city, home, held, Choice.FILE_HELD, actor=city.colleague)
    decides(city, home, held, Choice.FILE_HELD)
    assert [one.text for one in seen(city, notes, home, city.theirs)] == []


def test_what_was_held_is_filed_in_the_name_of_who_sent_it(city, home, phone):
    then = city.clock.now - timedelta(days=1)
    note = WriteNote(uuid4(), home.mother, "Skrevet på låst telefon")
    sent = phone.sent(home.id, note, at=then)
    with city.programme.work(city.ours, "sync") as work:
        review = hold(work, sent, "device-locked").review
    send(
        city.programme,
        city.ours,
        home.id,
        MoveFamily(uuid4(), address(TEISEN), to_nurse=city.theirs.id),
    )
    decides(city, home, review, Choice.FILE_HELD, actor=city.theirs)

    (found,) = seen(city, notes, home, city.theirs)
    assert (found.signed_by, found.occurred_at) == (city.ours.id, then)
    assert found.signed_at == city.clock.now


def test_what_a_rule_refuses_is_refused_and_the_item_stays_open(city, home, phone):
    tomorrow = city.clock.now + timedelta(days=1)
    held = phone.sends(home.id, RecordVisit(uuid4(), Outcome.DONE, tomorrow, 60)).review
    with pytest.raises(RuleBroken, match="visit-in-future"):
        decides(city, home, held, Choice.FILE_HELD)
    assert inbox_of(city, home.id)[0][0].decided_at is None

    city.clock.forward(days=2)
    decides(city, home, held, Choice.FILE_HELD)
    assert VisitState.DONE in {one.state for one in seen(city, visits, home)}


def test_a_proposed_plan_takes_the_place_of_the_one_that_stands(city, home, phone, other):
    visit, at = uuid4(), city.clock.now + timedelta(days=3)
    send(city.programme, city.ours, home.id, BookVisit(visit, at))
    phone.sends(home.id, BookVisit(visit, at + timedelta(days=1)), base_rev=2)
    booking = BookVisit(visit, at + timedelta(days=4), Place.CLINIC)
    review = other.sends(home.id, booking, base_rev=2).review
    decides(city, home, review, Choice.PROPOSED)

    found = next(one for one in seen(city, visits, home) if one.id == visit)
    assert (found.at, found.place) == (booking.at, Place.CLINIC)


def test_a_visit_that_was_taken_for_missed_can_be_decided_to_have_been_made(
    city, home, phone, other
):
    visit, at = uuid4(), city.clock.now - timedelta(hours=1)
    phone.sends(home.id, RecordVisit(visit, Outcome.NOT_HOME, at, 0))
    review = other.sends(home.id, RecordVisit(visit, Outcome.DONE, at, 60)).review
    decides(city, home, review, Choice.PROPOSED)

    found = next(one for one in seen(city, visits, home) if one.id == visit)
    assert (found.state, found.minutes) == (VisitState.DONE, 60)
    with city.programme.work(city.ours) as work:
        assert drift(work) == 0


def test_what_was_planned_again_for_it_is_then_taken_off_the_plan(city, home, phone, other):
    (visit,) = [one.id for one in seen(city, visits, home) if one.kind == "svangerskap_uke_28"]
    at = city.clock.now - timedelta(hours=1)
    phone.sends(home.id, RecordVisit(visit, Outcome.NOT_HOME, at, 0))
    review = other.sends(home.id, RecordVisit(visit, Outcome.DONE, at, 60)).review
    decides(city, home, review, Choice.PROPOSED)

    states = {one.id: one.state for one in seen(city, visits, home) if one.kind.startswith("svang")}
    assert states.pop(visit) is VisitState.DONE
    assert list(states.values()) == [VisitState.SUPERSEDED]


def test_a_proposed_address_is_valid_from_the_present_ones_day_at_the_earliest(
    city, home, phone, other
):
    city.clock.forward(days=9)
    phone.sends(home.id, SetAddress(address(SKOYEN, city.clock.today)))
    told = SetAddress(address(TEISEN, city.clock.today - timedelta(days=3)))
    review = other.sends(home.id, told).review
    decides(city, home, review, Choice.PROPOSED)

    assert seen(city, family, home).addresses[-1].delbydel == TEISEN


def test_what_the_parents_closed_is_not_opened_by_a_decision_either(city, home, phone, other):
    need = uuid4()
    send(city.programme, city.ours, home.id, StateNeed(need, home.mother, "Ro"))
    closing = CloseNeed(uuid4(), need, home.mother, NeedState.MET)
    phone.sends(home.id, closing, base_rev=2)
    review = other.sends(home.id, ReviewNeed(uuid4(), need, NeedState.OPEN), base_rev=2).review
    with pytest.raises(RuleBroken, match="need-closed"):
        decides(city, home, review, Choice.PROPOSED)
    decides(city, home, review, Choice.CURRENT)

    assert seen(city, needs, home)[0].state is NeedState.MET


def test_it_is_told_to_whoever_keeps_the_phones_queue(city, home, conflict):
    heard = []
    with city.programme.work(city.ours, "test") as work:
        work.subscribers = {**SUBSCRIBERS, ReviewDecided: (lambda _, event: heard.append(event),)}
        mutation = Mutation(uuid4(), home.id, (DecideReview(conflict, Choice.CURRENT),))
        apply(work, mutation)

    (event,) = heard
    assert (event.review_id, event.mutation_id) == (conflict, log_of(city, home.id)[2].id)


def test_a_nurse_sees_what_waits_in_her_families_and_nothing_else(city, home, conflict):
    with city.programme.work(city.ours) as work:
        (found,) = reviews(work)
    assert (found.id, found.family_id, found.kind) == (conflict, home.id, "conflict")
    assert (found.current, found.proposed) == ({"phone": "41111111"}, {"phone": "42222222"})
    with city.programme.work(city.theirs) as work:
        assert reviews(work) == []
    decides(city, home, conflict, Choice.CURRENT)
    with city.programme.work(city.ours) as work:
        assert reviews(work) == []


def test_what_came_at_one_instant_is_listed_in_the_order_in_which_it_was_sent(city, home, phone):
    sent = [phone.sends(home.id, AssignNurse(uuid4(), uuid4())).review for _ in range(12)]

    found, after = [], None
    while page := _page(city, after):
        found += [one.id for one in page]
        after = page[-1].place
    assert found == sent


def _page(city, after):
    with city.programme.work(city.ours) as work:
        return reviews(work, after=after, limit=5)


def test_a_lead_sees_how_much_waits_and_since_when_and_no_family(city, home, conflict, phone):
    opened = city.clock.now
    city.clock.forward(days=4)
    phone.sends(home.id, AssignNurse(uuid4(), city.colleague.id))
    with city.programme.work(lead()) as work:
        found = counts(work)
    assert [(one.kind, one.items) for one in found] == [("conflict", 1), ("held", 1)]
    assert found[0].oldest == opened
    with city.programme.work(lead("12")) as work:
        assert counts(work) == []
    with pytest.raises(NotAllowed), city.programme.work(lead()) as work:
        reviews(work)
    with pytest.raises(NotAllowed), city.programme.work(city.ours) as work:
        counts(work)
