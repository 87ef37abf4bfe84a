"""What a push asks of the database follows the push and not what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from nyefamilier.families.history import differing
from nyefamilier.families.intents import NewAddress, SetAddress
from nyefamilier.families.store import write_revisions
from nyefamilier.families.tables import FamilyRow
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.needs.intents import CloseNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.views import needs
from nyefamilier.sync import pushing
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.wire.verdicts import Verdict
from tests.builders import DAY, NOON
from tests.cities import settle
from tests.pushes import Outbox, note


@pytest.fixture
def box(city) -> Outbox:
    return Outbox(city.programme, city.ours).enrol()


@contextmanager
def reading(city) -> Iterator[list[str]]:
    """The queries that are asked meanwhile."""
    asked: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(city.programme.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(city.programme.engine, "before_cursor_execute", hear)


def visits(box, home, number):
    at = NOON - timedelta(minutes=1)
    made = [RecordVisit(uuid4(), Outcome.DONE, at, 45) for _ in range(number)]
    return [box.mutation(home.id, one) for one in made]


def test_twelve_visits_ask_for_no_more_than_two(city, home, box):
    box.push(*visits(box, home, 1))  # what is read once for good is read now
    counts = []
    for number in (2, 12):
        told = visits(box, home, number)
        with reading(city) as asked:
            answer = box.push(*told)
        assert {one.status for one in answer.results} == {Verdict.APPLIED}
        counts.append(len(asked))
    assert counts[0] == counts[1]


def made_and_gone_on_with(box, home):
    a_note, need, visit = uuid4(), uuid4(), uuid4()
    told = [
        WriteNote(a_note, home.mother, "a"),
        StateNeed(need, home.mother, "ro"),
        RecordVisit(visit, Outcome.DONE, NOON - timedelta(minutes=1), 45),
        CorrectNote(uuid4(), a_note, "b"),
        CloseNeed(uuid4(), need, home.mother, NeedState.MET),
        WriteNote(uuid4(), home.mother, "c", visit_id=visit),
    ]
    return [box.mutation(home.id, one) for one in told]


def test_a_push_that_goes_on_with_what_it_made_itself_asks_for_nothing_more(city, home, box):
    box.push(*made_and_gone_on_with(box, home))
    counts = []
    for number in (1, 3):
        batch = [one for _ in range(number) for one in made_and_gone_on_with(box, home)]
        with reading(city) as asked:
            answer = box.push(*batch)
        assert {one.status for one in answer.results} == {Verdict.APPLIED}
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with city.programme.work(city.ours, "test") as work:
        assert [one.text for one in notes(work, home.id)].count("b") == 5
        assert [one.state for one in needs(work, home.id)].count(NeedState.MET) == 5
        assert [one.text for one in notes(work, home.id)].count("c") == 5


def test_what_others_wrote_is_asked_for_once_a_family(city, home, box):
    box.push(box.mutation(home.id, WriteNote(uuid4(), home.mother, "a")))
    times = [NOON + timedelta(days=days) for days in range(1, 5)]
    batch = [box.mutation(home.id, BookVisit(uuid4(), at), base_rev=1) for at in times]
    with reading(city) as asked:
        box.push(*batch)
    assert sum("mutation.touched" in one and "DISTINCT" in one for one in asked) == 1


def refused(box, home):
    return box.mutation(home.id, BookVisit(uuid4(), NOON - timedelta(days=30)))


@pytest.mark.parametrize("places", [(0,), (7,), (3, 9), (0, 1, 2)])
def test_what_is_refused_does_not_make_the_others_cost_more(city, home, box, places):
    box.push(refused(box, home), box.mutation(home.id, note(home)))
    counts = []
    for number in (12, 36):
        told = [
            refused(box, home) if place in places else box.mutation(home.id, note(home))
            for place in range(number + len(places))
        ]
        with reading(city) as asked:
            answer = box.push(*told)
        verdicts = [one.status for one in answer.results]
        assert verdicts.count(Verdict.HELD) == len(places)
        assert verdicts.count(Verdict.APPLIED) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_many_revisions_of_many_families_are_written_in_one_statement(city, box):
    homes = [settle(city) for _ in range(3)]
    told = [box.mutation(home.id, note(home)) for home in homes * 3]
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(city.programme.engine, "before_cursor_execute", hear)
    box.push(*told)
    event.remove(city.programme.engine, "before_cursor_execute", hear)
    assert sum(one.startswith("UPDATE family") for one in heard) == 1
    with city.programme.work(city.ours, "test") as work:
        assert not list(differing(work.session, [home.id for home in homes]))


def test_a_family_that_moves_in_the_middle_of_a_push_keeps_its_place_and_its_history(
    city, home, box
):
    elsewhere = SetAddress(NewAddress(uuid4(), "0301121201", DAY, lines="Vei 2"))
    box.push(*(box.mutation(home.id, one) for one in (note(home), elsewhere, note(home))))
    with city.programme.work(city.ours, "test") as work:
        assert work.session.get_one(FamilyRow, home.id).delbydel == "0301121201"
        assert not list(differing(work.session, [home.id]))


def test_a_record_that_is_here_already_is_known_without_a_second_try(city, home, box, monkeypatch):
    told = WriteNote(uuid4(), home.mother, "a")
    box.push(box.mutation(home.id, told))
    monkeypatch.setattr(pushing, "_in_parts", None)
    answer = box.push(box.mutation(home.id, told))
    assert [one.status for one in answer.results] == [Verdict.NOOP]


def test_what_else_changed_of_a_family_is_not_lost_when_its_revision_is_written(city, home):
    with city.programme.work(city.ours, "test") as work:
        family = work.session.get_one(FamilyRow, home.id)
        family.rev, family.delbydel = family.rev + 1, "0301121201"
        write_revisions(work.session, [family])
    with city.programme.work(city.ours, "test") as work:
        again = work.session.get_one(FamilyRow, home.id)
        assert (again.rev, again.delbydel) == (family.rev, "0301121201")
