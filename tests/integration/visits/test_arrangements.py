"""What is arranged around a visit lies sealed, is shown to its nurses, and outlives the visit."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.diary import own_diary
from nyefamilier.visits.intents import (
    BookVisit,
    CancelledBy,
    CancelVisit,
    InterpreterBooking,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.states import Place
from nyefamilier.visits.views import visits
from tests.builders import NOON, lead, send

AT = NOON + timedelta(days=3)
NOTE = "Stor hund i gangen."
URDU = InterpreterBooking("urdu", "lahori", confirmed=True)


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def seen(city, home, visit):
    with city.programme.work(city.ours) as work:
        return next(one for one in visits(work, home.id) if one.id == visit)


@pytest.fixture
def visit(city, home):
    made = uuid4()
    booking = BookVisit(
        made,
        AT,
        second_nurse_id=city.colleague.id,
        interpreter=URDU,
        not_alone=True,
        safety_note=NOTE,
    )
    told(city, home, booking)
    return made


def test_the_family_s_nurse_reads_it_and_no_column_does(city, home, visit):
    found = seen(city, home, visit)
    with city.programme.work(city.ours) as work:
        row = work.session.execute(
            text("select to_jsonb(visit) - 'sealed' from visit where id = :id"), {"id": visit}
        ).scalar_one()

    assert (found.not_alone, found.safety_note) == (True, NOTE)
    assert (found.interpreter.language, found.interpreter.confirmed) == ("urdu", True)
    assert not {NOTE, "urdu", "lahori"} & {str(value) for value in row.values()}
    assert not {"not_alone", "safety_note", "interpreter"} & row.keys()


def test_a_lead_is_told_nothing_of_it(city, home, visit):
    with city.programme.work(lead()) as work:
        (found,) = [one for one in visits(work, home.id) if one.id == visit]

    told_of = (found.not_alone, found.safety_note, found.interpreter)
    assert told_of == (None, None, None)


def test_a_visit_that_is_moved_has_its_interpreter_asked_anew(city, home, visit):
    told(city, home, BookVisit(visit, AT + timedelta(days=1)))
    found = seen(city, home, visit).interpreter

    assert (found.language, found.confirmed, found.ask_again) == ("urdu", False, True)


def test_who_is_to_come_alone_is_refused_and_the_visit_stays(city, home, visit):
    with pytest.raises(RuleBroken, match="not-alone"):
        told(city, home, BookVisit(visit, AT, second_nurse_id=city.ours.id))

    assert seen(city, home, visit).second_nurse_id == city.colleague.id
    told(city, home, BookVisit(visit, AT, Place.CLINIC, second_nurse_id=city.ours.id))


def test_a_visit_that_was_made_or_called_off_keeps_it(city, home, visit):
    other = uuid4()
    told(city, home, BookVisit(other, AT + timedelta(days=1), interpreter=URDU))
    told(city, home, CancelVisit(other, CancelledBy.FAMILY, "Syke søsken."))
    told(city, home, RecordVisit(visit, Outcome.DONE, city.clock.now, 60))

    assert seen(city, home, other).interpreter.language == "urdu"
    assert seen(city, home, visit).safety_note == NOTE


def test_the_nurse_s_day_tells_it(city, home, visit):
    assert visit
    with city.programme.work(city.ours) as work:
        (day,) = own_diary(work, AT.date(), AT.date())
    (one,) = day.appointments

    assert (one.family_id, one.not_alone, one.safety_note) == (home.id, True, NOTE)
    assert one.interpreter.language == "urdu"
