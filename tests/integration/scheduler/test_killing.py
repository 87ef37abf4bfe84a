"""Whatever is killed, each effect of the jobs is there exactly once; `killing` does much more."""

from tests.integration.scheduler.killing import happen, ward


def test_leaders_are_killed_and_the_database_too_and_every_effect_is_there_exactly_once():
    with ward() as made:
        assert happen(made, seed=1, kills=10, restarts=1, cuts=2) == []
        assert (made.kills, made.restarts, made.cuts) == (10, 1, 2)
        assert made.outcomes()["lost"] > 0


def test_without_the_hold_on_its_run_a_leader_that_was_cut_off_counts_beside_the_next():
    """The two meet by chance: it is found in one of a few tries, mostly in the first."""
    assert any(_counted_twice(seed) for seed in range(2, 8))


def _counted_twice(seed: int) -> bool:
    with ward(careless=True) as made:
        found = happen(made, seed=seed, kills=0, restarts=0, cuts=6)
    return any("pieces were counted" in one for one in found)
