"""Lives of every kind leave plans that are what their protocols give."""

from __future__ import annotations

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.loading import load
from nyefamilier.demo.staging import Stage
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.visits.checking import check_plans
from tests.integration.demo.conftest import NOW, SEED


def test_after_whatever_happens_in_a_life_its_plan_is_right(city, crew, all_kinds):
    stage = Stage(city.programme.sessions, city.programme.vault, SUBSCRIBERS)
    load(stage, [tell(life, crew, SEED, NOW) for life in all_kinds])

    found = check_plans(lambda: city.programme.snapshot(SYSTEM, "test"))
    assert found.plans > 0
    assert found.differing == ()
