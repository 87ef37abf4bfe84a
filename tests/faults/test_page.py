"""The page's two parts are written apart, and neither is lost when the other is written."""

from __future__ import annotations

from tests.faults.page import REAL, with_real, with_simulation
from tests.faults.real.oracle import Sum
from tests.faults.real.report import section
from tests.faults.real.runs import Outcome

SIMULATED = "# Faults: what the simulation found\n\nNone.\n"


def killed(**more: object) -> str:
    return section(outcome(**more), "make faults REAL=200 SEED=0", "abc")


def outcome(**more: object) -> Outcome:
    told = {
        "seed": 0, "kills": {"web worker": 200}, "fates": {"response dropped": 1_234},
        "statuses": {200: 5}, "verdicts": {"applied": 9_000}, "total": Sum(9_001, 9_000, 0, 0),
        "rounds": 2, "families": 16, "rows": 400, "starts": 3, "seconds": 9.0, "found": [],
    }  # fmt: skip
    return Outcome(**(told | more))


def test_each_part_is_written_and_the_other_stays():
    first = with_simulation("", SIMULATED)
    both = with_real(first, killed())
    again = with_simulation(both, SIMULATED.replace("None", "Some"))

    assert first == SIMULATED
    assert both.startswith(SIMULATED)
    assert again.partition(REAL)[2] == both.partition(REAL)[2]
    assert "Some." in again
    assert with_real(again, killed()) == again


def test_a_page_may_begin_with_real_processes():
    assert with_real("", killed()).startswith(f"# Faults\n\n{REAL}\n")


def test_deployments_add_up():
    total, other = outcome(), outcome(rounds=3, found=["lost: a note"], kills={"web master": 2})
    total.add(other)

    assert total.kills == {"web worker": 200, "web master": 2}
    assert (total.total, total.rounds, total.parts) == (Sum(18_002, 18_000, 0, 0), 3, 2)
    assert total.found == ["lost: a note"]


def test_the_figures_and_every_violation_stand_there():
    page = killed(found=["lost: a note"])

    assert "| 200 | 9,001 | 9,000 | 0 | 0 | 1 | 3.3e-04 |" in page
    assert "| response dropped | 1,234 |  |" in page
    assert "| postmaster | 0 |" in page
    assert "- lost: a note" in page
