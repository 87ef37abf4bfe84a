"""What lies in a nurse's absence is told to those who may see it; of others how many they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import SetAddress
from nyefamilier.visits.absent import agreed_while_away
from nyefamilier.visits.intents import BookVisit
from tests.builders import NOON, lead, protected, send
from tests.cities import settle

DAY = timedelta(days=1)


@dataclass
class Away:
    begins: datetime
    ends: datetime


def lies_in(city, by, *spans):
    absences = {uuid4(): one for one in spans or (Away(NOON, NOON + 7 * DAY),)}
    with city.programme.work(by) as work:
        found = agreed_while_away(work, city.ours.id, absences)
    return [found.get(one) for one in absences]


def seen(city, by):
    (found,) = lies_in(city, by)
    return [one.visit_id for one in found.visits], found.others


@pytest.fixture
def visit(city, home):
    made = uuid4()
    send(city.programme, city.ours, home.id, BookVisit(made, NOON + 3 * DAY))
    return made


def test_the_nurse_sees_her_own_families_and_is_told_how_many_others(city, home, visit):
    assert seen(city, city.ours) == ([visit], 0)
    assert seen(city, city.colleague) == ([], 1)
    assert seen(city, lead("11")) == ([visit], 0)
    assert seen(city, lead("12")) == ([], 1)


def test_a_lead_is_told_of_a_protected_family_that_there_is_one_and_no_more(city, home, visit):
    send(city.programme, city.ours, home.id, SetAddress(protected()))

    assert seen(city, lead("11")) == ([], 1)
    assert seen(city, city.ours) == ([visit], 0)


def test_each_absence_has_its_own_and_what_is_past_has_none(city, home, visit):
    later = uuid4()
    send(city.programme, city.ours, settle(city).id, BookVisit(later, NOON + 10 * DAY))
    first, second, free, past = lies_in(
        city,
        city.ours,
        Away(NOON, NOON + 5 * DAY),
        Away(NOON + 9 * DAY, NOON + 12 * DAY),
        Away(NOON + 20 * DAY, NOON + 21 * DAY),
        Away(NOON - 2 * DAY, NOON - DAY),
    )
    assert [one.visit_id for one in first.visits] == [visit]
    assert [one.visit_id for one in second.visits] == [later]
    assert (free.visits, free.others, past) == ((), 0, None)


def test_what_is_told_is_written_down(city, home, visit):
    who = lead("11")
    seen(city, who)
    with city.programme.work(who) as work:
        query = select(AccessRow.family_id).where(AccessRow.actor_id == who.id)
        assert work.session.scalars(query).all() == [home.id]
