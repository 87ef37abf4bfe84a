"""What a push asks of the database follows the push and not what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from nyefamilier.visits.intents import Outcome, RecordVisit
from nyefamilier.wire.verdicts import Verdict
from tests.builders import NOON
from tests.pushes import Outbox


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
