"""A text is written with what it tells of, and looked at again when it goes out."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import (
    MoveFamily,
    NewChild,
    RecordDeath,
    RecordLoss,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.states import Outcome as PregnancyOutcome
from nyefamilier.families.tables import MemberRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.texts.service import look_at_next
from nyefamilier.texts.states import Kind, Reason, TextState
from nyefamilier.texts.views import texts
from nyefamilier.visits.intents import (
    BookVisit,
    CancelledBy,
    CancelVisit,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.views import visits
from tests.builders import Household, address, lead, protected, send
from tests.cities import settle
from tests.outbox import AWAY, REFUSES, Pocket, outbox, send_texts, told

AT = datetime(2026, 3, 12, 9, tzinfo=UTC)
NOON_BEFORE = datetime(2026, 3, 11, 11, tzinfo=UTC)
W, H, S = TextState.WAITING, TextState.HANDED, TextState.SENT
SUPPRESSED, FAILED = TextState.SUPPRESSED, TextState.FAILED
REMINDER, CHANGED, THANKS = Kind.REMINDER, Kind.CHANGED, Kind.THANKS


@pytest.fixture
def booked(city, home):
    """A visit on a Thursday at ten, agreed on ten days before."""
    visit = uuid4()
    book(city, home, visit)
    return visit


def book(city, home, visit, at=AT):
    send(city.programme, city.ours, home.id, BookVisit(visit, at, outside_hours="Etter ønske."))


def do(city, home, *operations):
    send(city.programme, city.ours, home.id, *operations)


def change(city, member, **told):
    """A change of what is known of a person, by whoever has just looked."""
    with city.programme.work(SYSTEM, "test") as work:
        rev = work.session.get_one(MemberRow, member).rev
    return UpdateMember(member, rev, "", only=tuple(told), **told)


def at_noon(city, gateway=None, **more):
    """What one run at the moment when the reminder is due sends."""
    city.clock.now = max(city.clock.now, NOON_BEFORE)
    gateway = gateway or Pocket()
    send_texts(city.programme, gateway, **more)
    return [one.words for one in gateway.got]


def test_a_booking_writes_its_reminder_and_one_that_is_refused_writes_none(city, home, booked):
    with pytest.raises(RuleBroken, match="visit-in-past"):
        book(city, home, uuid4(), AT - timedelta(days=30))
    (row,) = outbox(city.programme)
    assert (row.kind, row.state, row.due, row.visit_id) == (REMINDER, W, NOON_BEFORE, booked)


def test_the_outbox_holds_no_words_and_no_number(city, home, booked):
    at_noon(city)
    (row,) = outbox(city.programme)
    assert {one.key for one in row.__table__.columns} == {
        "id", "family_id", "visit_id", "rev", "kind", "visit_at", "written_at", "due", "state",
        "reason", "attempts", "handed_at", "number_index", "settled_at",
    }  # fmt: skip
    assert len(row.number_index) == 16
    assert b"40000001" not in row.number_index


def test_a_reminder_goes_out_when_it_is_due_once_and_not_before(city, home, booked):
    gateway = Pocket()
    city.clock.now = NOON_BEFORE - timedelta(minutes=1)
    assert send_texts(city.programme, gateway) == 0
    city.clock.now = NOON_BEFORE
    assert send_texts(city.programme, gateway) == 1
    assert send_texts(city.programme, gateway) == 0
    (message,) = gateway.got
    assert message.number == "+4740000001"
    assert "torsdag 12. mars kl. 10:00" in message.words
    assert told(city.programme) == [(REMINDER, S, None)]


def test_the_next_visit_that_is_agreed_on_at_a_visit_is_reminded_of_too(city, home):
    made = RecordVisit(
        uuid4(), Outcome.DONE, city.clock.now, 60, next_visit=NextVisit(uuid4(), AT.date(), AT)
    )
    do(city, home, made)
    assert told(city.programme) == [(THANKS, W, None), (REMINDER, W, None)]


def test_a_visit_without_a_time_is_not_written_of(city, home):
    made = RecordVisit(
        uuid4(), Outcome.NOT_HOME, city.clock.now, 0, next_visit=NextVisit(uuid4(), AT.date())
    )
    do(city, home, made)
    assert told(city.programme) == []


def test_the_visit_from_week_28_is_prepared(city, home):
    with city.programme.work(city.ours) as work:
        (anchor, *_) = [one for one in visits(work, home.id) if one.kind == "svangerskap_uke_28"]
    book(city, home, anchor.id)
    city.clock.now = datetime(2026, 3, 7, 9, tzinfo=UTC)
    gateway = Pocket()
    send_texts(city.programme, gateway, contact="21 80 21 80")
    (message,) = gateway.got
    assert "Dere bestemmer hva vi snakker om" in message.words
    assert "Ring 21 80 21 80." in message.words


def test_a_new_time_is_told_and_the_old_reminder_is_not(city, home, booked):
    later = AT + timedelta(days=1)
    book(city, home, booked, later)
    gateway = Pocket()
    city.clock.forward(minutes=10)
    assert send_texts(city.programme, gateway) == 1
    assert "fredag 13. mars kl. 10:00" in gateway.got[0].words
    assert at_noon(city) == []
    city.clock.forward(days=1)
    assert "fredag 13. mars" in at_noon(city)[0]
    assert set(told(city.programme)) == {
        (REMINDER, SUPPRESSED, Reason.VISIT_CHANGED),
        (CHANGED, S, None),
        (REMINDER, S, None),
    }


def test_a_slip_that_is_mended_at_once_is_told_to_nobody(city, home, booked):
    gateway = Pocket()
    for at in (AT + timedelta(days=1), AT):
        city.clock.forward(minutes=1)
        book(city, home, booked, at)
    city.clock.forward(minutes=10)
    send_texts(city.programme, gateway)
    assert gateway.got == []
    at_noon(city, gateway)
    city.clock.forward(days=1)
    send_texts(city.programme, gateway)
    sent = [row.kind for row in outbox(city.programme) if row.state == S]
    assert sent == [REMINDER]
    assert len(gateway.got) == 1


def test_a_slip_after_the_reminder_that_is_mended_at_once_is_told_to_nobody(city, home, booked):
    at_noon(city, gateway := Pocket())
    for at in (AT + timedelta(hours=1), AT):
        book(city, home, booked, at)
    city.clock.forward(minutes=10)
    send_texts(city.programme, gateway)
    assert [one.words.count("ny tid") for one in gateway.got] == [0]


def test_a_time_that_was_agreed_on_too_late_for_a_reminder_is_told_when_it_changes(city, home):
    visit = uuid4()
    book(city, home, visit, city.clock.now + timedelta(hours=3))
    city.clock.forward(minutes=30)
    book(city, home, visit, city.clock.now + timedelta(days=3))
    city.clock.forward(minutes=10)
    send_texts(city.programme, gateway := Pocket())
    assert [one.words.count("ny tid") for one in gateway.got] == [1]


def test_a_time_that_comes_back_after_another_may_have_been_told_is_told(city, home, booked):
    gateway = Pocket(says=AWAY)
    book(city, home, booked, AT + timedelta(days=1))
    city.clock.forward(minutes=10)
    send_texts(city.programme, gateway)  # nobody knows whether it went out
    gateway.says = None
    book(city, home, booked, AT)
    city.clock.forward(minutes=10)
    send_texts(city.programme, gateway)
    days = [message.words.split("ny tid: ")[1][:7] for message in gateway.got]
    assert days == ["fredag ", "torsdag"]


def test_a_time_that_comes_back_after_another_was_told_is_told_again(city, home, booked):
    gateway = Pocket()
    for at in (AT + timedelta(days=1), AT + timedelta(days=2), AT + timedelta(days=1)):
        book(city, home, booked, at)
        city.clock.forward(minutes=10)
        send_texts(city.programme, gateway)
    days = [message.words.split("ny tid: ")[1][:6] for message in gateway.got]
    assert days == ["fredag", "lørdag", "fredag"]


def loss(home):
    return RecordLoss(home.pregnancy, PregnancyOutcome.LOST, date(2026, 3, 5))


def end(city, home, to):
    with city.programme.work(city.ours) as work:
        (enrolment,) = enrolments(work, home.id)
    do(city, home, ChangeEnrolment(enrolment.id, to, city.clock.today))


FORBIDDING = {
    Reason.LOSS: lambda c, h, _: do(c, h, loss(h)),
    Reason.DEATH: lambda c, h, _: do(c, h, RecordDeath(h.father, date(2026, 3, 5))),
    Reason.PROTECTED: lambda c, h, _: do(c, h, SetAddress(protected(date(2026, 3, 5)))),
    Reason.MOVED: lambda c, h, _: do(
        c, h, MoveFamily(uuid4(), address(on=date(2026, 3, 5)), to_nurse=c.ours.id)
    ),
    Reason.PAUSED: lambda c, h, _: end(c, h, EnrolmentState.PAUSED),
    Reason.VISIT_CANCELLED: lambda c, h, v: do(c, h, CancelVisit(v, CancelledBy.FAMILY)),
}


@pytest.mark.parametrize("reason", FORBIDDING)
def test_what_happened_since_the_booking_suppresses_the_reminder(city, home, booked, reason):
    city.clock.now = datetime(2026, 3, 5, 11, tzinfo=UTC)
    FORBIDDING[reason](city, home, booked)
    assert at_noon(city) == []
    assert (REMINDER, SUPPRESSED, reason) in told(city.programme)


def test_a_family_that_withdrew_gets_nothing(city, home, booked):
    end(city, home, EnrolmentState.WITHDRAWN)
    assert at_noon(city) == []
    assert {state for _, state, _ in told(city.programme)} == {SUPPRESSED}


def test_nothing_goes_out_after_one_of_two_twins_was_stillborn(city, home):
    city.clock.forward(days=60)
    born = city.clock.today
    do(city, home, home.gives_birth(born, NewChild(uuid4(), stillborn=True)))
    at = city.clock.now + timedelta(days=8)
    book(city, home, uuid4(), at)
    city.clock.forward(days=7, hours=1)
    gateway = Pocket()
    send_texts(city.programme, gateway)
    assert gateway.got == []
    assert told(city.programme) == [(REMINDER, SUPPRESSED, Reason.LOSS)]


def test_a_text_to_a_parent_who_speaks_another_language_is_in_that_language(city, home, booked):
    do(city, home, change(city, home.mother, language="pl"))
    assert "gmina Oslo" in at_noon(city)[0]


def test_the_other_parent_gets_no_text_in_the_mothers_place(city, home, booked):
    do(
        city,
        home,
        change(city, home.mother, phone=None),
        change(city, home.father, phone="40000002"),
    )
    assert at_noon(city) == []
    assert told(city.programme) == [(REMINDER, SUPPRESSED, Reason.NUMBER_MISSING)]


def test_nothing_goes_to_the_number_of_a_parent_who_died_before_the_family_joined(city):
    late = Household()
    do(city, late, late.registration(), late.expects(city.clock.today + timedelta(days=90)))
    do(city, late, late.is_offered(), RecordDeath(late.mother, city.clock.today))
    city.clock.forward(days=1)
    do(city, late, late.says(on=city.clock.today), BookVisit(uuid4(), AT))
    assert at_noon(city) == []
    assert told(city.programme, late.id) == [(REMINDER, SUPPRESSED, Reason.DEATH)]


def test_a_new_number_is_the_one_that_is_texted(city, home, booked):
    do(city, home, change(city, home.mother, phone="40000003"))
    gateway = Pocket()
    at_noon(city, gateway)
    assert [one.number for one in gateway.got] == ["+4740000003"]


def test_thanks_are_sent_the_morning_after(city, home):
    do(city, home, RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60))
    city.clock.forward(days=1)
    gateway = Pocket()
    send_texts(city.programme, gateway)
    assert "Takk for samtalen mandag 2. mars" in gateway.got[0].words


def test_of_a_text_that_waits_is_told_what_would_keep_it_back_as_things_are(city, home, booked):
    def against():
        with city.programme.work(city.ours, "test") as work:
            return [one.against for one in texts(work, home.id)]

    assert against() == [None]
    do(city, home, CancelVisit(booked, CancelledBy.US))
    assert against() == [Reason.VISIT_CANCELLED]
    at_noon(city, Pocket())
    assert against() == [None]
    assert told(city.programme) == [(REMINDER, SUPPRESSED, Reason.VISIT_CANCELLED)]


def test_what_is_due_at_night_waits_for_the_morning(city, home, booked):
    city.clock.now = datetime(2026, 3, 11, 20, tzinfo=UTC)
    gateway = Pocket()
    assert send_texts(city.programme, gateway) == 0
    assert told(city.programme) == [(REMINDER, W, Reason.NIGHT)]
    city.clock.now = datetime(2026, 3, 12, 7, tzinfo=UTC)
    assert send_texts(city.programme, gateway) == 1


def test_a_gateway_that_is_away_is_tried_again_under_the_same_key(city, home, booked):
    gateway = Pocket(says=AWAY)
    at_noon(city, gateway)
    assert told(city.programme) == [(REMINDER, H, Reason.GATEWAY_AWAY)]
    gateway.says = None
    city.clock.forward(minutes=4)
    assert send_texts(city.programme, gateway) == 1
    assert len(gateway.got) == 2
    assert len({one.key for one in gateway.got}) == 1


def test_a_text_whose_state_changed_between_two_tries_is_suppressed(city, home, booked):
    gateway = Pocket(says=AWAY)
    at_noon(city, gateway)
    do(city, home, CancelVisit(booked, CancelledBy.US))
    city.clock.forward(minutes=4)
    send_texts(city.programme, Pocket())
    (row,) = outbox(city.programme)
    assert (row.state, row.reason, row.attempts) == (SUPPRESSED, Reason.VISIT_CANCELLED, 1)
    assert row.handed_at is not None


def test_a_text_that_may_have_gone_out_never_goes_to_another_number(city, home, booked):
    at_noon(city, Pocket(says=AWAY))
    do(city, home, change(city, home.mother, phone="40000003"))
    city.clock.forward(minutes=4)
    gateway = Pocket()
    send_texts(city.programme, gateway)
    assert gateway.got == []
    assert told(city.programme) == [(REMINDER, SUPPRESSED, Reason.NUMBER_CHANGED)]


def test_a_gateway_that_never_answers_is_given_up(city, home):
    at = city.clock.now + timedelta(days=30)
    book(city, home, uuid4(), at)
    (row,) = outbox(city.programme)
    gateway = Pocket(says=AWAY)
    for _ in range(12):
        city.clock.now = max(row.due, city.clock.now)
        send_texts(city.programme, gateway)
        (row,) = outbox(city.programme)
        if row.state == FAILED:
            break
    assert told(city.programme) == [(REMINDER, FAILED, Reason.GAVE_UP)]
    assert len(gateway.got) == 8


def test_a_text_that_the_gateway_refuses_is_not_tried_again(city, home, booked):
    gateway = Pocket(says=REFUSES)
    at_noon(city, gateway)
    city.clock.forward(minutes=30)
    send_texts(city.programme, gateway)
    assert len(gateway.got) == 1
    assert told(city.programme) == [(REMINDER, FAILED, Reason.GATEWAY_REFUSED)]


def test_a_run_ends_when_the_gateway_is_away_and_the_rest_is_not_touched(city, home):
    for hour in range(5):
        book(city, home, uuid4(), AT + timedelta(hours=hour))
    at_noon(city, gateway := Pocket(says=AWAY))
    assert len(gateway.got) == 3
    assert [row.attempts for row in outbox(city.programme)].count(0) == 2


def test_a_run_looks_at_no_more_than_it_may(city, home):
    for hour in range(4):
        book(city, home, uuid4(), AT + timedelta(hours=hour))
    assert len(at_noon(city, at_most=3)) == 3


def test_without_a_gateway_texts_wait(city, home, booked):
    city.clock.now = NOON_BEFORE
    assert send_texts(city.programme, None) == 0
    assert told(city.programme) == [(REMINDER, W, None)]


def test_a_damaged_record_fails_its_own_text_and_no_other(city, home, booked):
    other = settle(city)
    book(city, other, uuid4(), AT + timedelta(hours=1))
    with city.programme.work(SYSTEM, "test") as work:
        row = work.session.get_one(MemberRow, home.mother)
        row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    assert len(at_noon(city)) == 1
    assert told(city.programme, home.id) == [(REMINDER, FAILED, Reason.NOT_READABLE)]


def test_a_family_whose_key_opens_no_more_keeps_no_others_texts_back(city, home, booked):
    other = settle(city)
    book(city, other, uuid4(), AT + timedelta(hours=1))
    with city.programme.work(SYSTEM, "test") as work:
        work.session.execute(
            text("UPDATE family_key SET wrapped = wrapped || 'x'::bytea WHERE family_id = :it"),
            {"it": home.id},
        )
        work.session.execute(
            text("UPDATE parent_text SET due = due - interval '1 day' WHERE family_id = :it"),
            {"it": home.id},
        )
    city.programme.vault.forget()
    assert len(at_noon(city)) == 1
    assert told(city.programme, home.id) == [(REMINDER, FAILED, Reason.NOT_READABLE)]


def test_a_run_that_has_gone_on_for_long_leaves_the_rest_to_the_next_one(city, home):
    for hour in range(3):
        book(city, home, uuid4(), AT + timedelta(hours=hour))
    assert len(at_noon(city, lasts=timedelta(0))) == 1
    assert [row.state for row in outbox(city.programme)].count(W) == 2


def test_no_person_sends_texts(city, home, booked):
    with pytest.raises(NotAllowed), city.programme.work(city.ours) as work:
        look_at_next(work, None)


def test_a_lead_does_not_learn_why_a_text_was_kept_back(city, home, booked):
    with pytest.raises(NotAllowed), city.programme.work(lead(), "test") as work:
        texts(work, home.id)


def test_the_look_at_a_family_stands_in_its_access_log(city, home, booked):
    at_noon(city)
    with city.programme.work(SYSTEM, "test") as work:
        seen = work.session.scalars(select(AccessRow).where(AccessRow.object == "text")).all()
        assert [(one.family_id, one.ground, one.doorway) for one in seen] == [
            (home.id, "programme", "job")
        ]


def test_a_parent_who_wants_no_texts_gets_none_until_she_wants_them_again(city, home, booked):
    do(city, home, change(city, home.father, no_texts=True))
    book(city, home, uuid4(), AT + timedelta(days=1))
    assert at_noon(city) == []
    assert (REMINDER, SUPPRESSED, Reason.OBJECTION) in told(city.programme)
    do(city, home, change(city, home.father, no_texts=False))
    city.clock.forward(days=1)
    assert len(at_noon(city)) == 1


def test_an_objection_outlives_whatever_else_is_written_of_the_parent(city, home, booked):
    do(city, home, change(city, home.mother, no_texts=True))
    do(city, home, change(city, home.mother, phone="40000003"))
    with city.programme.work(SYSTEM, "test") as work:
        rev = work.session.get_one(MemberRow, home.mother).rev
    do(city, home, UpdateMember(home.mother, rev, "Ny Elv", phone="40000004"))
    assert at_noon(city) == []
