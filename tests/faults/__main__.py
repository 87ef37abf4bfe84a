"""``python -m tests.faults``: many worlds, the mutants, real processes, and docs/faults.md.

It may be stopped at any time. Every world that came to its end is in the ledger, and the next run
goes on with the seeds that are missing.
"""

from __future__ import annotations

import argparse
import platform
import signal
from pathlib import Path

from tests.faults.ledger import Ledger, added_up, kills, present_code
from tests.faults.mutants import MUTANTS
from tests.faults.page import rewrite
from tests.faults.processes import in_processes, leave, say
from tests.faults.real.report import section
from tests.faults.real.runs import parts, run
from tests.faults.reporting import Report, Tally
from tests.faults.runs import LENGTH, a_place, run_seed, shrunk


def main() -> int:
    """Do what was asked for; 1 if a property was violated or a mutant lives."""
    asked = _asked()
    if asked.real:
        return _kill_real(asked)
    names = [""] if asked.mutants is None else asked.mutants.split(",") or list(MUTANTS)
    if names == [""] and asked.mutants is not None:
        names = list(MUTANTS)
    if asked.shrink is not None:
        return _shrink(asked)
    if not asked.report:
        in_processes(asked, names)
    report = _report()
    rewrite(report.text(), real=False)
    lives = [one.name for one in report.kills if not one.killed and one.name in names]
    return 1 if report.tally.failing or lives else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--histories", type=int, default=100, help="how many worlds, or seeds each")
    parser.add_argument("--minutes", type=float, help="as many worlds as come to their end by then")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--length", type=int, default=LENGTH, help="steps of each world")
    parser.add_argument("--processes", type=int, default=2, help="how many at a time")
    parser.add_argument("--mutants", nargs="?", const="", help="try these mutants, or all")
    parser.add_argument("--shrink", type=int, metavar="SEED", help="shorten a seed that fails")
    parser.add_argument("--real", type=int, default=0, help="kill real processes so often")
    parser.add_argument("--binaries", type=Path, help="the bin of another PostgreSQL, for --real")
    parser.add_argument("--report", action="store_true", help="only write the page anew")
    return parser.parse_args()


def _shrink(asked: argparse.Namespace) -> int:
    """Say by how few steps a seed still fails."""
    with a_place("shrink") as place:
        outcome = run_seed(place, asked.shrink, length=asked.length)
        if not outcome.found:
            return 0
        least = shrunk(place, outcome)
    say("\n".join([*map(str, least.script), "", *map(str, least.found)]))
    return 1


def _kill_real(asked: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, leave)  # what was started is stopped
    command, total = f"make faults REAL={asked.real} SEED={asked.seed}", None
    for plan in parts(asked.seed, asked.real, asked.binaries):
        outcome = run(plan)
        say(f"seed {plan.seed}: {outcome.total}; violations: {outcome.found}")
        if total is None:
            total = outcome
        else:
            total.add(outcome)
        rewrite(section(total, command, present_code().commit), real=True)
    return 1 if total is None or total.found else 0


def _report() -> Report:
    entries = list(Ledger().entries())
    runs = added_up(entries)
    commit, tally = runs.pop(present_code().name, (present_code().commit, Tally()))
    where = f"{platform.machine()}, Python {platform.python_version()}"
    told_of = {name: one.what for name, one in MUTANTS.items()}
    return Report(tally, kills(entries, told_of), where, commit, list(runs.values()))


if __name__ == "__main__":
    raise SystemExit(main())
