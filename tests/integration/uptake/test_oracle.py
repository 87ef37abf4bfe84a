"""Fifty simulated bydeler, each counted by the product and by a second computation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache, partial
from random import Random

import pytest

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import Life
from nyefamilier.demo.loading import load
from nyefamilier.demo.simulating import simulate
from nyefamilier.demo.staging import Stage
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage.work import Work
from nyefamilier.uptake.counting import counted
from nyefamilier.uptake.service import drift
from nyefamilier.uptake.tabulations import TABULATIONS, Tabulation
from tests.cities import City
from tests.oracle import Key, Oracle, oracle

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
BYDELER = 50
"""How many are simulated."""
AT_A_TIME = 5
"""As many tests share the making of a city, which takes longer than counting it."""


@cache
def lives_of(seed: int) -> list[Life]:
    return simulate(seed, NOW.date())


@pytest.fixture
def crew(city: City) -> Crew:
    city.clock.now = NOW
    with city.programme.work(SYSTEM, "demo") as work:
        return cast_crew(work, most_nurses=4)


def some_bydel(number: int) -> list[Life]:
    """Some of the families of a bydel in some years: few or many, and every bydel in its turn."""
    rng = Random(f"oracle/{number}")  # noqa: S311 - repeats itself by its number
    bydel, first = f"{1 + number % 17:02}", rng.randint(2013, 2025)
    found = [
        life
        for life in lives_of(number // 25)
        if life.bydel == bydel and life.identified.year >= first
    ]
    return rng.sample(found, min(len(found), rng.choice((3, 8, 15, 30, 45))))


def by_product(work: Work, table: Tabulation) -> Counter[Key]:
    rows = counted(work.session, table, 2000, 2100, work.today)
    return Counter({(one.year, one.area, one.line, one.column): one.value for one in rows})


@pytest.mark.parametrize("part", range(BYDELER // AT_A_TIME))
def test_a_second_computation_from_the_families_rows_agrees_with_every_leaf(
    city: City, crew: Crew, part: int
) -> None:
    stage = Stage(city.programme.sessions, city.programme.vault, SUBSCRIBERS)
    for number in range(part * AT_A_TIME, (part + 1) * AT_A_TIME):
        with city.programme.sessions.kw["bind"].begin_nested() as savepoint:
            told = [(tell(life, crew, number, NOW), life) for life in some_bydel(number)]
            load(stage, (story for story, _ in told))
            lived = {story.family_id: partial(_lived, life) for story, life in told}
            with city.programme.work(SYSTEM, "test") as work:
                _compare(work, oracle(work, lived), number)
            savepoint.rollback()


def _lived(life: Life, on: date) -> str:
    """Where a family lived before its address was protected, as the simulation has it."""
    moved = [one.to for one in life.removals if one.on <= on and one.to is not None]
    return str([life.bydel, *moved][-1])


def _compare(work: Work, other: Oracle, number: int) -> None:
    assert drift(work) == 0
    for table in TABULATIONS:
        ours, theirs = by_product(work, table), other.counted(table.id)
        differing = {key: (ours[key], theirs[key]) for key in ours | theirs}
        differing = {key: pair for key, pair in differing.items() if pair[0] != pair[1]}
        assert not differing, f"bydel {number}, {table.id}: {differing}"
