"""What is offered, beside a search that tries every half-hour: by night and at summer time, too."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.newborn import Window
from nyefamilier.visits.openings import Half, Nurse, Part, Span, Taken
from nyefamilier.visits.slots import Question, Slot, offer
from tests.unit.visits.slot_oracle import best

SATURDAYS = [date(2026, 10, 24), date(2027, 3, 27), date(2027, 5, 15)]
"""Before a night of 25 hours, before one of 23, and before the seventeenth of May."""
TEN_MINUTES = timedelta(minutes=10)
FOUR_DAYS = 4 * 24 * 6


@st.composite
def nurses(draw, first: datetime) -> list[Nurse]:
    """Up to three nurses of any hours, who are taken and travel as it happens."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        marks = sorted(draw(st.sets(st.integers(0, FOUR_DAYS), max_size=8)))
        free = [
            Span(first + one * TEN_MINUTES, first + other * TEN_MINUTES)
            for one, other in list(pairwise(marks))[::2]
        ]
        taken = [
            Taken(first + at * TEN_MINUTES, first + (at + lasts) * TEN_MINUTES, near)
            for at, lasts, near in draw(TAKEN)
        ]
        travel = timedelta(minutes=draw(st.sampled_from([0, 20, 45])))
        part = draw(st.sampled_from(Part))
        found.append(Nurse(UserId(UUID(int=number + 1)), part, free, taken, travel))
    return found


TAKEN = st.lists(
    st.tuples(st.integers(0, FOUR_DAYS), st.integers(1, 24), st.booleans()), max_size=8
)


@st.composite
def questions(draw) -> tuple[Question, list[Nurse]]:
    """A visit to be placed in the days from a Saturday on."""
    saturday = draw(st.sampled_from(SATURDAYS))
    first = datetime.combine(saturday, datetime.min.time(), OSLO).astimezone(UTC)
    opens = saturday + timedelta(draw(st.integers(-1, 4)))
    length = draw(st.integers(0, 3))
    question = Question(
        window=Window(opens, opens + timedelta(length // 2), opens + timedelta(length)),
        lasts=timedelta(minutes=draw(st.sampled_from([15, 45, 60, 90, 240]))),
        now=first + TEN_MINUTES * draw(st.integers(-60, 200)),
        not_before=saturday + timedelta(draw(st.integers(-1, 2))),
        two_nurses=draw(st.booleans()),
        wishes=draw(st.sets(st.tuples(st.integers(0, 6), st.sampled_from(Half)), max_size=3)),
    )
    return question, draw(nurses(first))


@given(questions())
def test_the_best_times_of_all_are_offered_and_none_that_does_not_work(asked):
    question, some = asked
    answer = offer(question, some)

    assert (told(answer.slots), told(answer.nearest)) == best(question, some)


def told(slots: tuple[Slot, ...]) -> list[tuple[datetime, object, object]]:
    return [(one.begins, one.nurse_id, one.second_nurse_id) for one in slots]
