"""Stories are put into the database whole, once, and alike on both ways."""

from collections import Counter

import pytest
from sqlalchemy import func, select, text

from nyefamilier.bootstrap import SUBSCRIBERS, Programme
from nyefamilier.changes.tables import MutationRow
from nyefamilier.demo import loading
from nyefamilier.demo.loading import load, play
from nyefamilier.demo.staging import Stage
from nyefamilier.families.history import differing
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.uptake.service import drift
from tests.integration.demo.dumping import rows_of


def stage_of(programme: Programme) -> Stage:
    return Stage(programme.sessions, programme.vault, SUBSCRIBERS)


@pytest.fixture(params=[play, load])
def put(request):
    return request.param


def test_the_two_ways_give_the_same_rows(city, stories_of_all_kinds):
    stories = stories_of_all_kinds
    connection = city.programme.sessions.kw["bind"]
    with connection.begin_nested() as savepoint:
        play(stage_of(city.programme), stories)
        played = rows_of(city.programme)
        savepoint.rollback()
    load(stage_of(city.programme), stories)
    loaded = rows_of(city.programme)

    assert played.keys() == loaded.keys()
    made_inside = played.ids ^ loaded.ids
    for table in played.tables:
        one, other = played.without(table, made_inside), loaded.without(table, made_inside)
        assert Counter(one) == Counter(other), table
    assert len(played.tables["mutation"]) == sum(len(story.scenes) for story in stories)


def test_every_scene_is_a_mutation_of_its_own(city, stories, put):
    played = put(stage_of(city.programme), stories)

    assert (played.families, played.there_already) == (len(stories), 0)
    with city.programme.sessions() as session:
        kept = session.scalar(select(func.count()).select_from(MutationRow))
        families = set(session.scalars(select(FamilyRow.id)))
    assert kept == played.mutations == sum(len(story.scenes) for story in stories)
    assert families == {story.family_id for story in stories}


def test_a_machine_that_is_slow_is_not_taken_for_one_that_is_gone(city, stories, monkeypatch):
    limits = []
    monkeypatch.setattr(
        loading,
        "_act",
        lambda session, *_: limits.append(
            session.scalar(text("SHOW idle_in_transaction_session_timeout"))
        ),
    )
    play(stage_of(city.programme), stories)
    assert set(limits) == {"0"}


def test_the_statistics_add_up(city, stories, put):
    put(stage_of(city.programme), stories)

    with city.programme.work(SYSTEM) as work:
        assert drift(work) == 0


def test_each_family_has_the_chain_and_the_checksum_of_its_rows(city, stories, put):
    put(stage_of(city.programme), stories)

    with city.programme.sessions() as session:
        assert all(session.scalars(select(FamilyRow.chain.is_not(None))))
        assert list(differing(session, [story.family_id for story in stories])) == []


def test_a_second_load_adds_nothing(city, stories, put):
    put(stage_of(city.programme), stories)
    again = put(stage_of(city.programme), stories)

    assert (again.families, again.mutations, again.there_already) == (0, 0, len(stories))


def test_a_load_that_was_interrupted_goes_on_where_it_stopped(city, stories, put):
    put(stage_of(city.programme), stories[:2])
    rest = put(stage_of(city.programme), stories)

    assert (rest.families, rest.there_already) == (len(stories) - 2, 2)
