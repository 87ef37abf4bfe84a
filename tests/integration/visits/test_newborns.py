"""Which newborns a lead is told that nobody has visited, and which are still to come."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bench.sync.growing import grow
from nyefamilier.families.intents import RecordDeath
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.visits import store
from nyefamilier.visits.intents import Outcome, RecordVisit
from nyefamilier.visits.states import Place
from nyefamilier.visits.worklists import bydel_today
from tests.builders import VESTLI, Household, lead, send
from tests.cities import settle
from tests.explaining import explaining


@pytest.fixture
def born(city, home) -> Household:
    """A family whose child was born at noon today."""
    city.clock.forward(days=60)
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today))
    return home


def unvisited(city):
    with city.programme.work(lead()) as work:
        return len(bydel_today(work).newborns)


def visited(city, home, *, hours=0, days=0, place=Place.HOME):
    city.clock.forward(days=days, hours=hours)
    made = RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 30, place=place)
    send(city.programme, city.ours, home.id, made)


def test_a_newborn_is_on_the_list_until_somebody_visits(city, born):
    assert unvisited(city) == 1
    visited(city, born, days=8)
    assert unvisited(city) == 0


def test_a_newborn_who_died_is_on_no_list(city, born):
    city.clock.forward(days=2)
    send(city.programme, city.ours, born.id, RecordDeath(born.child, city.clock.today))
    assert unvisited(city) == 0


def test_a_telephone_call_is_no_visit_to_a_newborn(city, born):
    visited(city, born, days=1, place=Place.TELEPHONE)
    assert unvisited(city) == 1


def test_a_visit_of_the_day_of_the_birth_that_came_before_it_was_none_to_the_child(city, home):
    city.clock.forward(days=60)
    visited(city, home)
    city.clock.forward(hours=5)
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today))
    assert unvisited(city) == 1


def test_a_visit_of_the_day_of_the_birth_that_came_after_it_was_one(city, born):
    visited(city, born, hours=3)
    assert unvisited(city) == 0


def test_newborns_are_looked_up_without_reading_every_visit(real_city):
    programme, home = real_city.programme, settle(real_city)
    for _ in range(3):
        visited(real_city, home, days=7)
    address = programme.engine.url.set(drivername="postgresql")
    grow(address.render_as_string(hide_password=False), real_city.ours.id, 200)
    since = real_city.clock.today - timedelta(days=42)
    with explaining(programme.engine) as found, programme.work(SYSTEM, "test") as work:
        store.newborns_unvisited(work.session, [VESTLI], since)

    assert "visit" not in {table for _, table, _ in found}
