"""No nurse of the demonstration has two appointments at once."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

from sqlalchemy import func, select, text

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.laying import lay_apart
from nyefamilier.demo.staging import Stage
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.tables import AppointmentRow
from nyefamilier.visits.views import visits
from tests.builders import NOON, send
from tests.cities import settle


def stage_of(city):
    return Stage(city.programme.sessions, city.programme.vault, SUBSCRIBERS)


def test_what_collides_is_moved_to_the_nearest_free_time_and_nothing_else_is(city):
    at = NOON + timedelta(days=2)
    homes = [settle(city) for _ in range(4)]
    for home in homes:
        send(city.programme, city.ours, home.id, BookVisit(uuid4(), at))
        with city.programme.work(city.ours) as work:
            work.session.execute(text("DELETE FROM appointment"))

    assert lay_apart(stage_of(city), city.clock.now) == 3
    with city.programme.work(city.ours) as work:
        found = [one for home in homes for one in visits(work, home.id) if one.at is not None]
        count = work.session.scalar(select(func.count()).select_from(AppointmentRow))
    times = sorted(one.at for one in found)
    assert count == len(found) == 4
    assert at in times
    assert all(later - one >= timedelta(hours=1) for one, later in pairwise(times))
    assert lay_apart(stage_of(city), city.clock.now) == 0
