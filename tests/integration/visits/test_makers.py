"""A visit is made by a nurse who has to do with the family, and times of others are not told."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from nyefamilier.families.intents import CoverNurse
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.makers import visitors
from tests.builders import Household, protected, send
from tests.cities import settle

AT = datetime(2026, 3, 12, 9, tzinfo=UTC)


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def refused(city, home, operation):
    with pytest.raises(RuleBroken) as found:
        told(city, home, operation)
    return found.value.code, found.value.pointer


@pytest.fixture
def hidden(city):
    """A family whose address is protected."""
    family = Household()
    told(city, family, family.registration(protected()))
    return family


def test_a_nurse_of_another_bydel_is_not_booked(city, home):
    stranger = city.theirs.id
    assert refused(city, home, BookVisit(uuid4(), AT, nurse_id=stranger)) == (
        "unknown-nurse",
        "/nurse_id",
    )
    assert refused(city, home, BookVisit(uuid4(), AT, second_nurse_id=stranger)) == (
        "unknown-nurse",
        "/second_nurse_id",
    )
    record = RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60, nurse_id=stranger)
    assert refused(city, home, record) == ("unknown-nurse", "/nurse_id")


def test_a_nurse_of_the_bydel_is_and_so_is_whoever_covers(city, home):
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))
    told(city, home, CoverNurse(uuid4(), city.theirs.id, date(2026, 3, 20)))
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.theirs.id))


def test_a_protected_familys_visits_are_its_own_nurses_alone(city, hidden):
    booking = BookVisit(uuid4(), AT, nurse_id=city.colleague.id)
    assert refused(city, hidden, booking) == ("unknown-nurse", "/nurse_id")
    told(city, hidden, BookVisit(uuid4(), AT, nurse_id=city.ours.id))


def test_only_those_are_offered_on_the_page(city, home, hidden):
    with city.programme.work(city.ours) as work:
        assert [one.id for one in visitors(work, home.id)] == [city.ours.id, city.colleague.id]
        assert [one.id for one in visitors(work, hidden.id)] == [city.ours.id]


def test_when_a_nurse_is_taken_whose_hours_are_not_hers_to_see_is_not_told(city, home):
    other = settle(city)
    for one in (home, other):
        told(city, one, CoverNurse(uuid4(), city.theirs.id, date(2026, 3, 20)))
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.theirs.id))
    with pytest.raises(TimeTaken) as found:
        told(city, other, BookVisit(uuid4(), AT, nurse_id=city.theirs.id))
    assert (found.value.taken, found.value.free) == ((), ())
    told(city, home, BookVisit(uuid4(), AT + timedelta(days=1)))
    with pytest.raises(TimeTaken) as found:
        told(city, other, BookVisit(uuid4(), AT + timedelta(days=1)))
    assert found.value.taken
    assert found.value.free
