"""Random lives of families: no text goes out that the story forbids, and reminders come.

``STORIES=500 pytest tests/integration/texts/test_lives.py`` tells more of them.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.builders import HandClock, Household
from tests.lives import Agreed, Life, begin, judge, live, remind
from tests.outbox import outbox

STORIES = int(os.environ.get("STORIES", "40"))


@pytest.mark.parametrize("seed", range(STORIES))
def test_no_text_goes_out_that_the_story_forbids_and_every_reminder_that_it_asks_for(city, seed):
    life = begin(city, seed)
    live(life)
    assert {row.state for row in outbox(city.programme)} <= {"sent", "suppressed"}


AT = datetime(2026, 3, 12, 9, tzinfo=UTC)
NOON_BEFORE = datetime(2026, 3, 11, 11, tzinfo=UTC)
REMINDER = "Vi minner om avtalen torsdag 12. mars kl. 10:00."
NUMBER = "+4740000001"


@pytest.fixture
def told():
    """A story in which a visit was agreed on, and it is noon the day before."""
    home = Household()
    clock = HandClock(NOON_BEFORE)
    city = SimpleNamespace(clock=clock)
    life = Life(city, Random(0), home, "nye_familier", home.pregnancy, AT.date())  # noqa: S311
    life.agreed[uuid4()] = Agreed(AT, NOON_BEFORE - timedelta(days=3), home.pregnancy)
    return life


def only(life):
    (visit,) = life.agreed.values()
    return visit


def test_the_oracle_allows_what_the_story_asks_for(told):
    judge(told, NUMBER, REMINDER)


TURNS = {
    "the pregnancy ended in grief": lambda life: life.grieving.add(life.pregnancy),
    "the father died": lambda life: life.grieving.add(None),
    "the family withdrew": lambda life: setattr(life, "ended", True),
    "the family wants a pause": lambda life: setattr(life, "paused", True),
    "the address is protected": lambda life: setattr(life, "hidden", True),
    "the mother wants no texts": lambda life: setattr(life, "objects", True),
    "the mother has another number": lambda life: setattr(life, "number", "40000009"),
    "the mother has no number": lambda life: setattr(life, "number", None),
    "the family moved": lambda life: setattr(only(life), "moved", True),
    "the visit is called off": lambda life: setattr(only(life), "state", "cancelled"),
    "the visit has another time": lambda life: setattr(only(life), "at", AT + timedelta(hours=1)),
    "the visit is of the pregnancy before": lambda life: setattr(life, "pregnancy", uuid4()),
    "it is night": lambda life: life.city.clock.forward(hours=10),
    "the visit has begun": lambda life: life.city.clock.forward(days=1),
    "it was said just before": lambda life: judge(life, NUMBER, REMINDER),
}


@pytest.mark.parametrize("turn", TURNS)
def test_the_oracle_finds_a_text_that_goes_out_although(told, turn):
    TURNS[turn](told)
    with pytest.raises(AssertionError):
        judge(told, NUMBER, REMINDER)


def test_the_oracle_misses_a_reminder_that_did_not_come(told):
    told.city.clock.forward(minutes=-1)
    remind(told, until=NOON_BEFORE)
    told.city.clock.forward(minutes=1)
    with pytest.raises(AssertionError, match="no reminder came"):
        remind(told, until=NOON_BEFORE + timedelta(hours=1))


def test_the_oracle_is_content_when_the_reminder_came(told):
    told.city.clock.forward(minutes=-1)
    remind(told, until=NOON_BEFORE)
    told.city.clock.forward(minutes=1)
    judge(told, NUMBER, REMINDER)
    remind(told, until=NOON_BEFORE + timedelta(hours=1))
