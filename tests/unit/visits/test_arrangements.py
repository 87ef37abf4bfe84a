"""An interpreter confirms one time, and nobody is sent where she is not to be alone."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.arrangements import arranged, require_company
from nyefamilier.visits.bodies import BookedInterpreter, VisitBody
from nyefamilier.visits.intents import BookVisit, InterpreterBooking
from nyefamilier.visits.states import InterpretedBy, InterpreterCategory, Place

BOOKING = BookVisit(UUID(int=1), datetime(2026, 3, 5, 9, tzinfo=UTC))
URDU = InterpreterBooking("ur", "lahori", "kvinne", InterpreterCategory.B, remote=True)
CONFIRMED = VisitBody(interpreter=BookedInterpreter("ur", remote=True, confirmed=True))


def after(body=None, *, moved=False, **told):
    return arranged(body or VisitBody(), replace(BOOKING, **told), moved=moved)


def test_what_is_told_of_the_interpreter_is_kept():
    assert after(interpreter=URDU).interpreter == BookedInterpreter(
        "ur", "lahori", "kvinne", InterpreterCategory.B, remote=True
    )


def test_a_booking_that_tells_of_no_interpreter_leaves_hers_as_she_was():
    assert after(CONFIRMED) == CONFIRMED


def test_an_interpreter_who_is_not_needed_is_booked_no_more():
    assert after(CONFIRMED, no_interpreter=True).interpreter is None


@pytest.mark.parametrize("told", [None, InterpreterBooking("ur", remote=True)])
def test_who_had_confirmed_another_time_has_not_confirmed_this_one(told):
    found = after(CONFIRMED, moved=True, interpreter=told).interpreter

    assert (found.confirmed, found.ask_again) == (False, True)
    assert after(VisitBody(interpreter=found), moved=True).interpreter.ask_again


def test_who_says_yes_to_the_new_time_has_confirmed_it():
    found = after(CONFIRMED, moved=True, interpreter=replace(URDU, confirmed=True)).interpreter

    assert (found.confirmed, found.ask_again) == (True, False)


def test_who_had_not_confirmed_need_not_be_asked_again():
    found = after(VisitBody(interpreter=BookedInterpreter("ur")), moved=True).interpreter

    assert (found.confirmed, found.ask_again) == (False, False)


@pytest.mark.parametrize(
    ("who", "code", "law"),
    [
        (InterpretedBy.CHILD, "interpreter-child", "section 4"),
        (InterpretedBy.RELATIVE, "interpreter-relative", "sections 6 and 7"),
    ],
)
def test_neither_a_child_nor_a_relative_ever_interprets(who, code, law):
    with pytest.raises(RuleBroken, match="by telephone is the nearest") as refused:
        after(interpreter=replace(URDU, who=who))

    assert (refused.value.code, refused.value.pointer) == (code, "/interpreter/who")
    assert law in refused.value.detail


def test_the_flag_stands_until_it_is_lifted_and_takes_its_words_along():
    flagged = after(not_alone=True, safety_note="Hund i gangen.")

    assert after(flagged) == flagged
    assert after(flagged, not_alone=False) == VisitBody()
    assert after(safety_note="Uten grunn.") == VisitBody()


@pytest.mark.parametrize("place", [Place.HOME, Place.OTHER])
def test_nobody_is_sent_alone_where_nobody_is_to_be_alone(place):
    flagged = VisitBody(not_alone=True)
    with pytest.raises(RuleBroken, match="not-alone") as refused:
        require_company(flagged, place, together=False)

    assert refused.value.pointer == "/second_nurse_id"
    require_company(flagged, place, together=True)
    require_company(VisitBody(), place, together=False)


@pytest.mark.parametrize("place", [Place.CLINIC, Place.TELEPHONE])
def test_one_nurse_is_enough_where_colleagues_are_near(place):
    require_company(VisitBody(not_alone=True), place, together=False)


def test_nothing_of_it_is_told_by_its_repr():
    flagged = VisitBody(interpreter=BookedInterpreter("ur"), safety_note="Hund.")

    assert repr(flagged) == "<VisitBody>"
    assert repr(flagged.interpreter) == "<BookedInterpreter>"
