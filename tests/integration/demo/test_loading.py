"""Stories are played at the ordinary door, whole, and once."""

from datetime import UTC, datetime
from itertools import islice

import pytest
from sqlalchemy import func, select

from nyefamilier.bootstrap import SUBSCRIBERS, Programme
from nyefamilier.changes.tables import MutationRow
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.loading import Stage, play_all, refuse_another_city
from nyefamilier.demo.showcase import showcase
from nyefamilier.demo.telling import tell
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict
from nyefamilier.uptake.service import drift

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)


@pytest.fixture
def stories(city):
    """The families of two nurses' day, as the demonstration tells them."""
    city.clock.now = NOW
    with city.programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=3)
    return [tell(life, crew, 1, NOW) for life in islice(showcase(NOW.date()), 0, None, 4)]


def stage_of(programme: Programme) -> Stage:
    return Stage(programme.sessions, programme.vault, SUBSCRIBERS)


def test_every_scene_is_a_mutation_of_its_own(city, stories):
    played = play_all(stage_of(city.programme), stories)

    assert (played.families, played.there_already) == (len(stories), 0)
    with city.programme.sessions() as session:
        kept = session.scalar(select(func.count()).select_from(MutationRow))
        assert kept == played.mutations == sum(len(story.scenes) for story in stories)
        families = set(session.scalars(select(FamilyRow.id)))
    assert families == {story.family_id for story in stories}
    with city.programme.work(SYSTEM) as work:
        assert drift(work) == 0


def test_a_second_load_adds_nothing(city, stories):
    play_all(stage_of(city.programme), stories)
    again = play_all(stage_of(city.programme), stories)

    assert (again.families, again.mutations, again.there_already) == (0, 0, len(stories))


def test_a_load_that_was_interrupted_goes_on_where_it_stopped(city, stories):
    play_all(stage_of(city.programme), stories[:2])
    rest = play_all(stage_of(city.programme), stories)

    assert (rest.families, rest.there_already) == (len(stories) - 2, 2)


def test_a_city_of_another_seed_is_not_loaded_on_top(city, stories):
    play_all(stage_of(city.programme), stories[:1])

    with (
        city.programme.sessions() as session,
        pytest.raises(Conflict, match="another-city"),
    ):
        refuse_another_city(session, [story.family_id for story in stories[1:]])
