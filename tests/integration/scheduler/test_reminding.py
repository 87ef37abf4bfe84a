"""A lead is reminded, on her page, of offers that wait for long; nobody else is told."""

import pytest

from nyefamilier.families.intents import RecordLoss
from nyefamilier.families.states import Outcome
from nyefamilier.jobs import service as runs
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.offers import reminding
from nyefamilier.offers.states import Answer
from nyefamilier.visits.worklists import bydel_today
from scheduler.jobs import forget_runs, remind_of_offers
from tests.builders import Household, lead, send
from tests.cities import TERM


def offered(city):
    home = Household()
    send(
        city.programme, city.ours, home.id,
        home.registration(), home.expects(TERM), home.is_offered(),
    )  # fmt: skip
    return home


def waiting(city):
    with city.programme.work(lead()) as work:
        return {one.family_id: one.reminded_on for one in bydel_today(work).waiting}


def test_an_offer_without_an_answer_is_told_after_two_weeks_and_once(city):
    home = offered(city)
    city.clock.forward(days=13)
    assert remind_of_offers(city.programme) == 0
    city.clock.forward(days=1)
    assert remind_of_offers(city.programme) == 1
    reminded = city.clock.today
    city.clock.forward(days=1)
    assert remind_of_offers(city.programme) == 0
    assert waiting(city) == {home.id: reminded}


def test_of_many_offers_none_is_left_out(city, monkeypatch):
    homes = [offered(city) for _ in range(5)]
    city.clock.forward(days=14)
    monkeypatch.setattr(reminding, "AT_ONCE", 2)

    assert remind_of_offers(city.programme) == 5
    assert set(waiting(city).values()) == {city.clock.today}
    assert set(waiting(city)) == {home.id for home in homes}


def test_an_offer_that_was_answered_is_not_on_the_list_reminded_or_not(city):
    home = offered(city)
    city.clock.forward(days=14)
    remind_of_offers(city.programme)
    send(city.programme, city.ours, home.id, home.says(Answer.LATER, city.clock.today))

    assert waiting(city) == {}


def test_nobody_is_reminded_of_a_family_that_has_lost_its_child(city):
    home = offered(city)
    lost = RecordLoss(home.pregnancy, Outcome.LOST, city.clock.today)
    send(city.programme, city.ours, home.id, lost)
    city.clock.forward(days=14)

    assert remind_of_offers(city.programme) == 0
    assert waiting(city) == {}


def test_nobody_but_the_programme_reminds(city):
    with city.programme.work(city.ours) as work, pytest.raises(NotAllowed):
        reminding.remind(work)


def test_runs_are_forgotten_three_months_after_they_ended_and_open_ones_never(city):
    with city.programme.work(SYSTEM, "test") as work:
        run = runs.begin(work, "old", None)
        runs.begin(work, "open", None)
    with city.programme.work(SYSTEM, "test") as work:
        runs.end(work, run, runs.Ending(runs.Outcome.DONE, 1), work.now)
    city.clock.forward(days=90)
    assert forget_runs(city.programme) == 0
    city.clock.forward(seconds=1)
    assert forget_runs(city.programme) == 1
    with city.programme.work(SYSTEM, "test") as work:
        assert [one.job for one in runs.history(work)] == ["open"]
