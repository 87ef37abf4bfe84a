"""Worlds after worlds, in several processes: a module that each of them can import."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from typing import NoReturn

from nyefamilier.kernel.clock import stopwatch
from tests.faults.ledger import KEPT, Entry, Ledger, present_code
from tests.faults.reporting import Tally
from tests.faults.runs import Outcome, a_place, run_seed


def in_processes(asked: argparse.Namespace, names: list[str]) -> None:
    """Run the worlds that were asked for and are not in the ledger yet."""
    present_code()
    if asked.processes == 1:
        _work(0, asked, names)
        return
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_work, args=(number, asked, names))
        for number in range(asked.processes)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    if any(one.exitcode for one in workers):
        sys.exit(2)  # not a violation: the simulation itself came to grief


def _work(number: int, asked: argparse.Namespace, names: list[str]) -> None:
    """One process's share of the worlds."""
    signal.signal(signal.SIGTERM, leave)
    began, ledger = stopwatch(), Ledger()
    with a_place(f"f{os.getpid()}") as place:
        for name, seed in _due(number, asked, names, ledger):
            if asked.minutes is not None and stopwatch() - began > asked.minutes * 60:
                return
            outcome = run_seed(place, seed, length=asked.length, mutant=name)
            code, tally = present_code(), _counted(outcome)
            ledger.add(Entry(code.name, code.commit, seed, asked.length, tally, name))
            _tell(outcome, name, stopwatch() - began)


def _due(
    number: int, asked: argparse.Namespace, names: list[str], ledger: Ledger
) -> Iterator[tuple[str, int]]:
    """The worlds that are not in the ledger yet, of this process."""
    many = sys.maxsize if asked.minutes is not None and names == [""] else asked.histories
    for name in names:
        seen = ledger.seeds(present_code(), asked.length, name)
        for seed in range(asked.seed + number, asked.seed + many, asked.processes):
            if seed not in seen:
                yield name, seed


def leave(*_: object) -> NoReturn:
    """End in good order when told to."""
    raise SystemExit(0)


def _counted(outcome: Outcome) -> Tally:
    return Tally(
        worlds=1,
        mutations=outcome.mutations,
        deliveries=outcome.deliveries,
        requests=outcome.requests,
        faults={str(kind): times for kind, times in outcome.history.faults.items()},
        verdicts=dict(outcome.verdicts),
        moments=dict(outcome.moments),
        failing={outcome.seed: sorted(outcome.names)} if outcome.found else {},
    )


def _tell(outcome: Outcome, mutant: str, seconds: float) -> None:
    found = "; ".join(map(str, outcome.found[:2])) or "in order"
    say(f"{seconds:6.0f} s {mutant} seed {outcome.seed}: {outcome.mutations} mutations, {found}")
    if outcome.found and not mutant:
        place = KEPT / f"seed-{outcome.seed}"
        place.with_suffix(".script").write_text("".join(f"{step}\n" for step in outcome.script))
        outcome.history.save(place.with_suffix(".jsonl"))
        place.with_suffix(".found").write_text("\n".join(map(str, outcome.found)))


def say(line: str) -> None:
    """Say how far it has come."""
    print(line, flush=True)  # noqa: T201 - a command line's answer
