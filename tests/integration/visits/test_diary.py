"""A nurse's own days tell what she may see, and are logged on the ground on which she sees it."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from nyefamilier.access.rules import Ground
from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import CoverNurse
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.visits.diary import own_diary
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.worklists import own_tasks
from tests.builders import send
from tests.cities import TERM

AT = datetime(2026, 3, 12, 9, tzinfo=UTC)


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def logged(city, nurse, what):
    query = select(AccessRow).where(AccessRow.actor_id == nurse.id)
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.scalars(query)
        return {Ground(one.ground) for one in rows if one.object.startswith(what)}


def diary(city, nurse, on):
    with city.programme.work(nurse) as work:
        (day,) = own_diary(work, on, on)
    return day.appointments


def test_whoever_covers_reads_as_a_cover(city, home):
    told(city, home, CoverNurse(uuid4(), city.colleague.id, date(2026, 3, 20)))
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))
    assert diary(city, city.colleague, AT.date())[0].family_id == home.id
    assert logged(city, city.colleague, "list") == {Ground.COVERING}
    with city.programme.work(city.colleague) as work:
        assert home.id in own_tasks(work)
    assert logged(city, city.colleague, "worklist") == {Ground.COVERING}


def test_whoever_follows_reads_as_the_familys_nurse(city, home):
    told(city, home, BookVisit(uuid4(), AT))
    assert diary(city, city.ours, AT.date())[0].family_id == home.id
    assert logged(city, city.ours, "list") == {Ground.PRIMARY}


def test_a_family_is_followed_after_its_youngest_is_two(city, home):
    city.clock.forward(days=(TERM - city.clock.today).days)
    told(city, home, home.gives_birth(city.clock.today))
    city.clock.forward(days=3 * 366)
    at = city.clock.now + timedelta(days=2)
    told(city, home, BookVisit(uuid4(), at))
    assert diary(city, city.ours, at.date())[0].family_id == home.id


def test_a_family_that_she_does_not_follow_is_not_told(city, home):
    told(city, home, BookVisit(uuid4(), AT, nurse_id=city.colleague.id))
    (appointment,) = diary(city, city.colleague, AT.date())
    assert appointment.family_id is None
    assert logged(city, city.colleague, "list") == set()
