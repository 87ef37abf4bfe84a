"""The protocol's properties hold in a few simulated worlds; `make faults` runs many more."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.reporting import Kill, Report, Tally, bound
from tests.faults.runs import run_script, run_seed, shrunk
from tests.faults.script import Kind, Step, script_of

SEEDS = (2, 3, 4, 5)
LENGTH = 250


@pytest.mark.parametrize("seed", SEEDS)
def test_every_property_holds_whatever_happens(place, seed):
    outcome = run_seed(place, seed, length=LENGTH)

    if outcome.found:
        least = shrunk(place, outcome, most=25)
        steps = "\n".join(map(str, least.script))
        found = "\n".join(map(str, least.found))
        pytest.fail(f"seed {seed} violates:\n{found}\n\nby these steps:\n{steps}")
    assert outcome.mutations
    assert outcome.deliveries


def test_a_script_gives_the_same_history_each_time(place):
    script = script_of(4, 80)
    first, second = (run_script(place, 4, script) for _ in range(2))

    assert kinds_of(first) == kinds_of(second)
    assert first.verdicts == second.verdicts


def test_a_world_in_which_nothing_happens_is_in_order(place):
    outcome = run_script(place, 0, [Step(Kind.TIME)])

    assert (outcome.found, outcome.mutations) == ([], 0)


def test_a_zero_is_told_with_what_it_is_worth():
    page = Report(Tally(worlds=10, mutations=30_000, faults={"drop": 2_000})).text()

    assert "below 1.0e-04" in page
    assert "| drop | 2,000 |  |" in page
    assert "| cut | 0 | fewer than 1,000 |" in page
    assert bound(0) == "-"


def test_tallies_add_up_and_tell_which_seeds_failed():
    total = Tally(worlds=1, mutations=5, faults={"drop": 1})
    total.add(Tally(worlds=2, mutations=7, faults={"drop": 2, "cut": 1}, failing={9: ["P1"]}))

    assert (total.worlds, total.mutations) == (3, 12)
    assert total.faults == {"drop": 3, "cut": 1}
    assert "| 9 | P1 |" in Report(total).text()


def test_a_mutant_that_lives_stands_out():
    alive = Kill("lww", "lets the last writer win", 30, 0, {}, None)

    assert "**0/30**" in Report(Tally(), [alive]).text()


def kinds_of(outcome) -> Counter[str]:
    return Counter(event["what"] for event in outcome.history.events)
