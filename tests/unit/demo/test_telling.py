"""A life told as a story: in order, until now, in words that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from nyefamilier.demo import reference
from nyefamilier.demo.cohorts import first_births
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import NEWBORN_VISIT, Ending, Life
from nyefamilier.demo.showcase import showcase
from nyefamilier.demo.simulating import simulate
from nyefamilier.demo.stories import Story
from nyefamilier.demo.telling import tell
from nyefamilier.families.intents import (
    MoveFamily,
    NewMember,
    RecordBirth,
    RecordHomecoming,
    RegisterFamily,
)
from nyefamilier.families.national_ids import SYNTHETIC, parse
from nyefamilier.families.states import Protection
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.intents import BookVisit, RecordVisit

NOW = datetime(2021, 6, 30, 20, tzinfo=UTC)
SEED = 3


def somebody(role: Role, bydel: str, number: int) -> Actor:
    return Actor(UserId(uuid5(UUID(int=7), f"{role}{bydel}{number}")), role, bydel)


CREW = Crew(
    {bydel: tuple(somebody(Role.NURSE, bydel, n) for n in range(4)) for bydel in first_births()},
    {bydel: somebody(Role.LEAD, bydel, 0) for bydel in first_births()},
)


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return simulate(SEED, NOW.date())[::25] + showcase(NOW.date())


@pytest.fixture(scope="module")
def stories(lives) -> dict[str, Story]:
    return {life.key: tell(life, CREW, SEED, NOW) for life in lives}


def operations(story: Story) -> Iterator[object]:
    return (operation for scene in story.scenes for operation in scene.operations)


def texts(value: object) -> Iterator[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)


def test_the_same_life_is_told_the_same_way_each_time(lives, stories):
    again = [tell(life, CREW, SEED, NOW) for life in lives]

    assert again == [stories[life.key] for life in lives]


def test_a_story_begins_with_the_family_and_goes_on_in_order(stories):
    for story in stories.values():
        if story.scenes:
            assert isinstance(next(operations(story)), RegisterFamily)
        instants = [scene.at for scene in story.scenes]
        assert instants == sorted(set(instants))


def test_nothing_is_told_that_has_not_happened_yet(stories):
    assert all(scene.at <= NOW for story in stories.values() for scene in story.scenes)
    done = [one for story in stories.values() for one in operations(story)]
    assert all(one.at <= NOW for one in done if isinstance(one, RecordVisit))


def test_a_story_told_later_begins_as_it_did(lives, stories):
    later = NOW + timedelta(days=90)

    for life in lives:
        told = stories[life.key].scenes
        assert tell(life, CREW, SEED, later).scenes[: len(told)] == told


def test_ids_are_told_apart(stories):
    ids = [story.family_id for story in stories.values()]
    ids += [scene.id for story in stories.values() for scene in story.scenes]

    assert len(set(ids)) == len(ids)


def test_no_gap_is_left_in_a_text(stories):
    for story in stories.values():
        for text in (text for one in operations(story) for text in texts(one)):
            assert not re.search(r"[{}]|None| {2}", text), text


def test_every_national_id_is_synthetic(stories):
    people = [
        person
        for story in stories.values()
        for one in operations(story)
        for person in (
            one.members
            if isinstance(one, RegisterFamily)
            else one.children
            if isinstance(one, RecordBirth)
            else ()
        )
        if person.national_id is not None
    ]

    assert people
    for person in people:
        assert parse(person.national_id, None, allow_real=False).type in SYNTHETIC


def test_nobody_can_be_called(stories):
    phones = [
        one.phone
        for story in stories.values()
        for operation in operations(story)
        if isinstance(operation, RegisterFamily)
        for one in operation.members
        if isinstance(one, NewMember) and one.phone
    ]

    assert phones
    assert all(re.fullmatch(r"0\d{7}", phone) for phone in phones)


def test_a_protected_family_has_no_delbydel_and_is_not_visited_at_home(lives, stories):
    protected = [stories[life.key] for life in lives if life.protected]

    assert protected
    for story in protected:
        for one in operations(story):
            if isinstance(one, RegisterFamily):
                assert one.address.delbydel is None
                assert one.address.protection is not Protection.NONE
            assert not (isinstance(one, RecordVisit) and one.place == "hjemme")
            assert not isinstance(one, MoveFamily)


def test_bereaved_parents_are_met_with_the_words_of_loss_alone(lives):
    bereaved = [life for life in lives if life.ending is Ending.STILLBORN and life.accepts]
    words = tuple(sentence.split("{")[0] for sentence in reference.words()["tap"])

    for life in bereaved:
        story = tell(life, CREW, SEED, NOW)
        after = [scene for scene in story.scenes if scene.at.date() > life.ends]
        for one in (operation for scene in after for operation in scene.operations):
            assert not isinstance(one, BookVisit | RecordBirth)
            assert not isinstance(one, WriteNote) or one.text.startswith(words)
    assert any(life.key.startswith("showcase") for life in bereaved)


def test_nobody_agrees_on_a_newborn_visit_before_a_late_homecoming_is_recorded():
    """Its days follow the homecoming; until that is recorded they may have passed."""
    late = [
        life
        for life in simulate(SEED, NOW.date())
        if life.accepts and life.homecoming - life.born > timedelta(days=21)
    ]
    for life in late:
        told = list(operations(tell(life, CREW, SEED, NOW)))
        home = [at for at, one in enumerate(told) if isinstance(one, RecordHomecoming)]
        visits = [
            at
            for at, one in enumerate(told)
            if isinstance(one, BookVisit | RecordVisit) and one.kind == NEWBORN_VISIT
        ]
        assert not home or all(at > home[0] for at in visits), life.key
    assert len(late) > 100
