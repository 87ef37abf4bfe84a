"""Stories of every kind, told for a programme that has the people who act in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import Ending, Life, Made, Reply
from nyefamilier.demo.showcase import showcase
from nyefamilier.demo.simulating import simulate
from nyefamilier.demo.stories import Story
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
SEED = 1


@pytest.fixture(scope="session")
def all_kinds() -> list[Life]:
    """One life of each kind that the simulation knows, and some of today's."""
    lives = simulate(SEED, NOW.date(), lambda cell: cell.year in {2021, 2022})
    found = [next(filter(has, lives)) for has in KINDS.values()]
    by_key = {life.key: life for life in [*found, *showcase(NOW.date())[::4]]}
    return list(by_key.values())


KINDS = {
    **{ending: lambda life, e=ending: life.accepts and life.ending is e for ending in Ending},
    **{reply: lambda life, r=reply: life.reply is r and life.is_born for reply in Reply},
    **{
        made: lambda life, m=made: any(call.made is m for call in life.calls)
        for made in Made
        if made is not Made.NEVER
    },
    "twins": lambda life: life.children == 2 and life.accepts,
    "premature": lambda life: (life.term - life.born).days > 40 and life.accepts,
    "moved to another bydel": lambda life: any(
        one.to not in {None, life.bydel} for one in life.removals
    ),
    "moved within": lambda life: any(one.to == life.bydel for one in life.removals),
    "protected": lambda life: life.protected and life.accepts,
    "without registered address": lambda life: life.unregistered and life.accepts,
    "followed by another programme": lambda life: life.programme == "nfp",
    "expects again and needs it": lambda life: life.again is not None and life.again.accepts,
    "expects again": lambda life: life.again is not None and not life.again.accepts,
    "in Sentrum": lambda life: life.bydel == "16" and life.accepts,
}


@pytest.fixture
def crew(city) -> Crew:
    city.clock.now = NOW
    with city.programme.work(SYSTEM, "demo") as work:
        return cast_crew(work, most_nurses=4)


@pytest.fixture
def stories(crew) -> list[Story]:
    """A few of today's families."""
    return [tell(life, crew, SEED, NOW) for life in showcase(NOW.date())[:4]]


@pytest.fixture
def stories_of_all_kinds(crew, all_kinds) -> list[Story]:
    return [tell(life, crew, SEED, NOW) for life in all_kinds]
