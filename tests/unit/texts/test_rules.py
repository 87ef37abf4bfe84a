"""When a text is due, and what forbids it at the moment of sending."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.families.states import Protection
from nyefamilier.kernel.clock import OSLO
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.texts.rules import (
    ATTEMPTS_AT_MOST,
    Bereavement,
    Circumstances,
    Send,
    Suppress,
    Told,
    Wait,
    decide,
    mobile_number,
    next_daytime,
    next_try,
    texts_of_booking,
    texts_of_visit,
)
from nyefamilier.texts.states import Kind, Reason
from nyefamilier.visits.states import VisitState

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
JOINED = date(2026, 2, 1)
WELL = Circumstances(
    bereavements=(),
    protection=Protection.NONE,
    objects=False,
    enrolment=EnrolmentState.ACTIVE,
    joined_on=JOINED,
    moved=False,
    visit=VisitState.BOOKED,
    at=AT,
    replaced=False,
    said=False,
    number=True,
)
REMINDER = Told(Kind.REMINDER, AT)


def planned(*args):
    return {one.kind: one.due for one in texts_of_booking(*args)}


def told(**found):
    return decide(REMINDER, replace(WELL, **found), NOW)


def test_an_agreed_visit_is_reminded_of_at_noon_the_day_before():
    assert planned("avtalt", AT, None, NOW) == {
        Kind.REMINDER: datetime(2026, 3, 19, 12, tzinfo=OSLO)
    }


def test_before_the_visit_from_week_28_parents_get_something_to_think_of():
    due = planned("svangerskap_uke_28", AT, None, NOW)
    assert due[Kind.PREPARATION] == datetime(2026, 3, 15, 10, tzinfo=OSLO)


def test_a_visit_that_is_agreed_on_late_is_prepared_at_once_and_one_for_tomorrow_not_at_all():
    in_three_days = planned("svangerskap_uke_28", NOW + timedelta(days=3), None, NOW)
    assert in_three_days[Kind.PREPARATION] == NOW + timedelta(minutes=10)
    assert planned("svangerskap_uke_28", NOW + timedelta(days=1), None, NOW) == {}


def test_another_time_is_told_soon_and_the_same_time_again_is_not():
    later = AT + timedelta(days=1)
    assert planned("avtalt", later, AT, NOW)[Kind.CHANGED] == NOW + timedelta(minutes=10)
    assert planned("avtalt", AT, AT, NOW) == {}


def test_thanks_come_the_morning_after_and_not_for_a_visit_of_long_ago():
    (thanks,) = texts_of_visit(NOW, NOW)
    assert (thanks.kind, thanks.due) == (Kind.THANKS, datetime(2026, 3, 3, 10, tzinfo=OSLO))
    assert list(texts_of_visit(NOW - timedelta(days=3), NOW)) == []


def test_noon_before_a_visit_is_noon_on_both_sides_of_summer_time():
    for day in (datetime(2026, 3, 30, 9, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)):
        due = planned("avtalt", day, None, NOW)[Kind.REMINDER]
        assert due.astimezone(OSLO).hour == 12


def test_a_text_that_nothing_forbids_goes_out():
    assert told() == Send()


LATER = JOINED + timedelta(days=3)
EARLIER = JOINED - timedelta(days=3)
FORBIDDEN = {
    "a child of the pregnancy died": (
        {"bereavements": (Bereavement(EARLIER, Reason.DEATH, own=True),)},
        Reason.DEATH,
    ),
    "the pregnancy was lost": (
        {"bereavements": (Bereavement(EARLIER, Reason.LOSS, own=True),)},
        Reason.LOSS,
    ),
    "a parent died": (
        {"bereavements": (Bereavement(LATER, Reason.DEATH, own=False),)},
        Reason.DEATH,
    ),
    "the address is protected": ({"protection": Protection.CONFIDENTIAL}, Reason.PROTECTED),
    "the address is strictly protected": (
        {"protection": Protection.STRICTLY_CONFIDENTIAL},
        Reason.PROTECTED,
    ),
    "a parent wants no texts": ({"objects": True}, Reason.OBJECTION),
    "the family never joined": ({"enrolment": None, "joined_on": None}, Reason.NOT_ENROLLED),
    "the family withdrew": ({"enrolment": EnrolmentState.WITHDRAWN}, Reason.WITHDRAWN),
    "the family wants a pause": ({"enrolment": EnrolmentState.PAUSED}, Reason.PAUSED),
    "the programme is over": ({"enrolment": EnrolmentState.COMPLETED}, Reason.COMPLETED),
    "the family left Oslo": ({"enrolment": EnrolmentState.MOVED_OUT}, Reason.MOVED),
    "the programme ended by loss": ({"enrolment": EnrolmentState.ENDED_BY_LOSS}, Reason.LOSS),
    "the family moved": ({"moved": True}, Reason.MOVED),
    "the family cancelled": ({"visit": VisitState.CANCELLED_BY_FAMILY}, Reason.VISIT_CANCELLED),
    "we cancelled": ({"visit": VisitState.CANCELLED_BY_US}, Reason.VISIT_CANCELLED),
    "the visit fell away": ({"visit": VisitState.SUPERSEDED}, Reason.VISIT_CANCELLED),
    "the visit was made early": ({"visit": VisitState.DONE}, Reason.VISIT_OVER),
    "nobody was home": ({"visit": VisitState.NOT_HOME}, Reason.VISIT_OVER),
    "the visit has another time": ({"at": AT + timedelta(hours=1)}, Reason.VISIT_CHANGED),
    "the visit has no time": ({"visit": VisitState.PLANNED, "at": None}, Reason.VISIT_CHANGED),
    "it was said already": ({"said": True}, Reason.SAID_ALREADY),
    "a newer one says it": ({"replaced": True}, Reason.REPLACED),
    "there is no number": ({"number": False}, Reason.NUMBER_MISSING),
}


@pytest.mark.parametrize("why", FORBIDDEN)
def test_a_text_is_suppressed_with_its_reason_when(why):
    found, reason = FORBIDDEN[why]
    assert told(**found) == Suppress(reason)


@pytest.mark.parametrize("why", FORBIDDEN)
def test_what_forbids_a_text_is_told_at_night_too(why):
    found, reason = FORBIDDEN[why]
    night = datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert decide(REMINDER, replace(WELL, **found), night) == Suppress(reason)


def test_every_reason_that_suppresses_is_tried():
    tried = {reason for _, reason in FORBIDDEN.values()}
    elsewhere = {Reason.TOO_LATE, Reason.NUMBER_CHANGED, Reason.NIGHT, Reason.NOT_READABLE}
    elsewhere |= {Reason.BORN, Reason.DEFECT}
    of_gateways = {Reason.GATEWAY_AWAY, Reason.GATEWAY_REFUSED, Reason.GAVE_UP}
    assert tried | elsewhere | of_gateways == set(Reason)


def test_a_bereavement_from_before_the_family_joined_forbids_nothing():
    assert told(bereavements=(Bereavement(EARLIER, Reason.LOSS, own=False),)) == Send()


def test_a_reminder_of_a_visit_that_has_begun_is_too_late():
    assert decide(REMINDER, WELL, AT) == Suppress(Reason.TOO_LATE)


def test_thanks_are_for_a_visit_that_was_made_and_not_three_days_later():
    thanks, made = Told(Kind.THANKS, AT), replace(WELL, visit=VisitState.DONE)
    assert decide(thanks, made, AT + timedelta(hours=5)) == Send()
    assert decide(thanks, made, AT + timedelta(days=3)) == Suppress(Reason.TOO_LATE)
    assert decide(thanks, WELL, AT + timedelta(hours=5)) == Suppress(Reason.VISIT_CHANGED)
    assert decide(thanks, replace(made, said=True), AT) == Suppress(Reason.SAID_ALREADY)


def test_a_text_that_may_have_gone_to_one_number_never_goes_to_another():
    other = replace(WELL, same_number=False)
    again = replace(REMINDER, handed=True)
    assert decide(again, other, NOW) == Suppress(Reason.NUMBER_CHANGED)
    assert decide(again, WELL, NOW) == decide(REMINDER, other, NOW) == Send()


def test_at_night_a_text_waits_for_the_morning():
    night = datetime(2026, 3, 2, 22, 30, tzinfo=OSLO)
    assert decide(REMINDER, WELL, night) == Wait(datetime(2026, 3, 3, 8, tzinfo=OSLO), Reason.NIGHT)


@given(st.integers(0, 4 * 366 * 24 * 60).map(lambda one: NOW + timedelta(minutes=one)))
def test_the_next_daytime_is_by_day_is_not_before_and_is_not_put_off_again(now):
    found = next_daytime(now)
    assert found >= now
    assert 8 <= found.astimezone(OSLO).hour < 20
    assert next_daytime(found) == found
    assert found - now <= timedelta(hours=13)


def test_the_nights_when_the_clocks_change_end_at_eight():
    for night in (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)):
        morning = next_daytime(night).astimezone(OSLO)
        assert (morning.day - 1, morning.hour) == (night.day, 8)


def test_a_gateway_is_tried_later_each_time_and_not_for_ever():
    waits = [next_try(attempts, NOW) - NOW for attempts in range(1, ATTEMPTS_AT_MOST)]
    assert waits == sorted(waits)
    assert max(waits) == timedelta(hours=2)
    assert next_try(ATTEMPTS_AT_MOST, NOW) is None


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("40000001", "+4740000001"),
        ("400 00 001", "+4740000001"),
        ("+47 900 00 001", "+4790000001"),
        ("004790000001", "+4790000001"),
        ("+48 600 000 001", "+48600000001"),
        ("22000001", None),
        ("9000000", None),
        ("+47 22 00 00 01", None),
        ("spør mor", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_one_that_takes_texts_or_none(told, number):
    assert mobile_number(told) == number


def test_nobody_is_told_to_prepare_once_the_pregnancy_is_over():
    born = replace(WELL, born=True)
    assert decide(Told(Kind.PREPARATION, AT), born, NOW) == Suppress(Reason.BORN)
    assert decide(REMINDER, born, NOW) == Send()
