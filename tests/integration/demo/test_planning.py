"""The demonstration has a plan that was decided."""

from __future__ import annotations

from nyefamilier.demo.planning import HISTORY, keep_history
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.rollout.service import plan


def test_the_plan_of_history_is_kept_once_and_decided(city):
    with city.programme.work(SYSTEM, "demo") as work:
        assert keep_history(work)
        assert not keep_history(work)
        kept = plan(work, HISTORY)
    assert kept.decided == kept.versions[0]
    assert len(kept.versions) == 1
