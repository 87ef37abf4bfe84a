"""What holds of merging whatever two phones do: nothing twice, nothing lost, order as claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.births import Child, matched
from nyefamilier.families.history import differing
from nyefamilier.families.intents import UpdateMember
from nyefamilier.families.views import family
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import CLOSED, NeedState
from nyefamilier.needs.views import needs
from nyefamilier.offers.intents import AnswerOffer
from nyefamilier.offers.states import Answer
from nyefamilier.offers.views import offers
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit, Outcome, RecordVisit
from nyefamilier.visits.states import Place, VisitState
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import DAY, NOON, send
from tests.cities import settle
from tests.pockets import Phone, inbox_of

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NEED, VISIT, NOTE = UUID(int=1 << 100), UUID(int=2 << 100), UUID(int=3 << 100)


def fresh(number: int) -> UUID:
    return UUID(int=(9 << 100) + number)


numbers = st.sampled_from(["41111111", "42222222", "43333333"])
states = st.sampled_from([NeedState.OPEN, NeedState.BEING_MET])
ends = st.sampled_from(sorted(CLOSED))
days = st.integers(min_value=1, max_value=9)


def told(home, draw, number):
    """One operation that a nurse may mean, on the records that the family has."""
    new = fresh(number)
    kinds = {
        "phone": lambda: UpdateMember(home.mother, 0, "", phone=draw(numbers), only=("phone",)),
        "name": lambda: UpdateMember(home.mother, 0, draw(numbers), only=("name",)),
        "note": lambda: WriteNote(new, home.mother, f"Notat {number}"),
        "correction": lambda: CorrectNote(new, NOTE, f"Rettet {number}"),
        "review": lambda: ReviewNeed(new, NEED, draw(states), f"Ord {number}"),
        "close": lambda: CloseNeed(new, NEED, home.mother, draw(ends), f"Slutt {number}"),
        "book": lambda: BookVisit(
            VISIT,
            NOON + timedelta(days=draw(days)),
            draw(st.sampled_from(Place)),
            outside_hours="Familien ønsket det.",
        ),
        "cancel": lambda: CancelVisit(VISIT, draw(st.sampled_from(CancelledBy))),
        "done": lambda: RecordVisit(
            VISIT, Outcome.DONE, NOON - timedelta(hours=1), draw(st.sampled_from([30, 60]))
        ),
        "missed": lambda: RecordVisit(VISIT, Outcome.NOT_HOME, NOON - timedelta(hours=1), 0),
    }
    return kinds[draw(st.sampled_from(sorted(kinds)))]()


@pytest.fixture
def afresh(city):
    """Gives a family as it was, with everything that an earlier example did undone."""

    def make():
        home = settle(city)
        first = (
            WriteNote(NOTE, home.mother, "Første"),
            StateNeed(NEED, home.mother, "Ro"),
            BookVisit(VISIT, NOON + timedelta(days=3)),
        )
        send(city.programme, city.ours, home.id, *first)
        return home

    return make


def playing(city, test):
    """Run one example and undo it."""
    city.clock.now = NOON
    connection = city.programme.sessions.kw["bind"]
    with connection.begin_nested() as savepoint:
        test()
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        savepoint.rollback()


def seen(city, view, home):
    with city.programme.work(city.ours) as work:
        return view(work, home.id)


def words_of(need):
    return sorted(review.words or "" for review in need.reviews)


def value_of(city, home):
    """What stands, without what differs by when it came."""
    members = {one.id: one for one in seen(city, family, home).members}
    mother = members[home.mother]
    return (
        (mother.phone, mother.name),
        sorted(one.text for one in seen(city, notes, home)),
        [
            (one.state, sorted(r.words or "" for r in one.reviews))
            for one in seen(city, needs, home)
        ],
        sorted((one.id, one.state, one.at) for one in seen(city, visits, home) if one.id == VISIT),
    )


@FEW
@given(data=st.data())
def test_nothing_that_two_phones_sent_is_lost_or_done_twice(city, afresh, data):
    def example():
        home = afresh()
        phones = [Phone(city, city.ours), Phone(city, city.ours)]
        for number in range(data.draw(st.integers(1, 6))):
            phone = phones[data.draw(st.integers(0, 1))]
            operation = told(home, data.draw, number)
            verdict = phone.sends(home.id, operation, base_rev=2)
            assert verdict.status in {
                Verdict.APPLIED,
                Verdict.NOOP,
                Verdict.CONFLICT,
                Verdict.HELD,
            }
            assert_is_somewhere(city, home, operation, verdict)
        with city.programme.sessions() as session:
            assert list(differing(session, [home.id])) == []

    playing(city, example)


def assert_is_somewhere(city, home, operation, verdict):
    """A value that was sent stands, stood before, or lies in the inbox with what stands."""
    if verdict.status in {Verdict.CONFLICT, Verdict.HELD}:
        with city.programme.sessions() as session:
            rows = session.scalars(select(InboxRow).where(InboxRow.id == verdict.review)).all()
        assert len(rows) == 1
        body = next(body for row, body in inbox_of(city, home.id) if row.id == verdict.review)
        assert body.operations or body.proposed
        if not body.operations:
            assert_stands(city, home, operation)  # nothing is left to be carried out
        return
    assert_stands(city, home, operation)


def assert_stands(city, home, operation):
    """What was sent can be read where it belongs."""
    match operation:
        case WriteNote(note_id=note, text=words) | CorrectNote(note_id=note, text=words):
            assert (note, words) in {(one.id, one.text) for one in seen(city, notes, home)}
        case ReviewNeed(words=words) | CloseNeed(words=words):
            found = [review.words for one in seen(city, needs, home) for review in one.reviews]
            assert words in found
        case UpdateMember(only=("phone",), phone=number):
            assert number == value_of(city, home)[0][0]
        case RecordVisit(outcome=Outcome.DONE):
            assert value_of(city, home)[3][0][1] is VisitState.DONE
        case _:
            pass


@FEW
@given(data=st.data())
def test_the_same_meaning_sent_again_changes_nothing(city, afresh, data):
    def example():
        home = afresh()
        phone = Phone(city, city.ours)
        operation = told(home, data.draw, 0)
        first = phone.sends(home.id, operation, base_rev=2)
        before = value_of(city, home)
        again = phone.sends(home.id, operation, base_rev=2)
        assert value_of(city, home) == before
        if first.status is Verdict.APPLIED:
            assert again.status in {Verdict.NOOP, Verdict.CONFLICT}

    playing(city, example)


@FEW
@given(data=st.data())
def test_what_only_adds_stands_alike_in_either_order(city, afresh, data):
    adding = {"note", "correction", "phone", "name"}
    one_kind = data.draw(st.sampled_from(sorted(adding)))
    other_kind = data.draw(st.sampled_from(sorted(adding - {one_kind} | {"note"})))

    def operation(home, kind, number):
        new = fresh(number)
        return {
            "note": WriteNote(new, home.mother, f"Notat {number}"),
            "correction": CorrectNote(new, NOTE, f"Rettet {number}"),
            "phone": UpdateMember(home.mother, 0, "", phone="41111111", only=("phone",)),
            "name": UpdateMember(home.mother, 0, "Ny Elv", only=("name",)),
        }[kind]

    ended = []
    for order in ((0, 1), (1, 0)):

        def example(order=order):
            home = afresh()
            sent = [operation(home, one_kind, 0), operation(home, other_kind, 1)]
            for number in order:
                Phone(city, city.ours).sends(home.id, sent[number], base_rev=2)
            ended.append(value_of(city, home))

        playing(city, example)
    assert ended[0] == ended[1]


@FEW
@given(
    answers=st.lists(
        st.tuples(st.sampled_from([Answer.NO, Answer.LATER, Answer.UNANSWERED]), days),
        min_size=2,
        max_size=4,
        unique_by=lambda one: one[1],
    ),
    data=st.data(),
)
def test_the_latest_dated_answer_is_current_in_whatever_order_they_come(city, answers, data):
    order = data.draw(st.permutations(answers))

    def example():
        home = settle(city)
        city.clock.forward(days=10)
        offer = replace(home.is_offered(), offer_id=fresh(99), programme="nfp")
        rev = send(city.programme, city.ours, home.id, offer).rev
        for number, (said, after) in enumerate(order):
            answer = AnswerOffer(fresh(number), fresh(99), said, DAY + timedelta(days=after))
            phone = Phone(city, city.ours)
            verdict = phone.sends(home.id, answer, base_rev=rev)
            assert verdict.status is Verdict.APPLIED
        found = next(one for one in seen(city, offers, home) if one.id == fresh(99))
        latest = max(answers, key=lambda one: one[1])
        assert found.answer is latest[0]
        assert len(found.answers) == len(answers)

    playing(city, example)


names = st.sampled_from(["", "Liten Sten", "liten  sten", "Annen Sten"])
children = st.builds(
    Child,
    id=st.uuids(version=4),
    name=names,
    national_id=st.none() | st.sampled_from(["01832612345", "018326 12345", "02832612345"]),
    stillborn=st.booleans(),
)


@given(st.lists(children, max_size=3), st.lists(children, max_size=3), st.randoms())
def test_the_same_children_are_the_same_in_whatever_order_they_are_told(here, other, random):
    pairs = matched(here, other)
    shuffled = random.sample(other, len(other))

    def as_set(found):
        return None if found is None else {(one.id, also.id) for one, also in found}

    assert as_set(matched(here, shuffled)) == as_set(pairs)
    assert as_set(matched(other, here)) == (
        None if pairs is None else {(also.id, one.id) for one, also in pairs}
    )


@given(st.lists(children, min_size=2, max_size=3))
def test_children_of_other_names_are_never_taken_for_each_other(told_children):
    named = [replace(one, name=f"Barn {n}") for n, one in enumerate(told_children)]
    strangers = [
        replace(one, id=UUID(int=n + 1), name=f"Andre {n}", national_id=None)
        for n, one in enumerate(told_children)
    ]
    assert matched(named, strangers) is None
