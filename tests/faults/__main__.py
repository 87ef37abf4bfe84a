"""``python -m tests.faults``: many worlds, the mutants, real processes, and docs/faults.md."""

from __future__ import annotations

import argparse
import platform
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from nyefamilier.kernel.clock import stopwatch
from tests.faults.mutants import MUTANTS
from tests.faults.page import rewrite
from tests.faults.real.report import section
from tests.faults.real.runs import parts, run
from tests.faults.reporting import Kill, Report, Tally
from tests.faults.runs import LENGTH, Outcome, a_place, run_seed, shrunk

PROCESSES = 2
KEPT = Path("var") / "faults"

T = TypeVar("T")


def main() -> int:
    """Run what was asked for; 1 if a property was violated or a mutant lives."""
    asked = _asked()
    KEPT.mkdir(parents=True, exist_ok=True)
    if asked.real:
        return _kill_real(asked)
    if asked.mutants is not None:
        return _try_mutants(asked.mutants.split(",") if asked.mutants else list(MUTANTS), asked)
    return _run_many(asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--histories", type=int, default=100, help="how many worlds")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--length", type=int, default=LENGTH, help="steps of each world")
    parser.add_argument("--mutants", nargs="?", const="", help="try these mutants, or all")
    parser.add_argument("--real", type=int, default=0, help="kill real processes so often")
    parser.add_argument("--binaries", type=Path, help="the bin of another PostgreSQL, for --real")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs counted")
    return parser.parse_args()


def _run_many(asked: argparse.Namespace) -> int:
    seeds = range(asked.seed, asked.seed + asked.histories)
    began, total = stopwatch(), Tally()
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = [(list(part), asked.length) for part in _dealt(seeds)]
        for tally in pool.map(_tally_of, parts):
            total.add(tally)
            _say(f"{total.worlds} worlds, {total.mutations:,} mutations, "
                 f"{len(total.failing)} failing, {stopwatch() - began:.0f} s")  # fmt: skip
    kept = _kept("run", Tally, Tally()) if not asked.fresh else Tally()
    kept.add(total)
    _keep("run", kept)
    _write()
    return 1 if total.failing else 0


def _dealt(seeds: range) -> Iterable[range]:
    """Seeds in parts, small enough that both processes end at about the same time."""
    size = max(1, min(25, len(seeds) // PROCESSES))
    return [seeds[start : start + size] for start in range(0, len(seeds), size)]


def _tally_of(part: tuple[list[int], int]) -> Tally:
    seeds, length = part
    total = Tally()
    with a_place(f"faults{seeds[0]}") as place:
        for seed in seeds:
            outcome = run_seed(place, seed, length=length)
            total.add(_counted(outcome))
            if outcome.found:
                _save(shrunk(place, outcome))
    return total


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


def _save(outcome: Outcome) -> None:
    """Keep the shortest script and history that still fail."""
    place = KEPT / f"seed-{outcome.seed}"
    place.with_suffix(".script").write_text("".join(f"{step}\n" for step in outcome.script))
    outcome.history.save(place.with_suffix(".jsonl"))
    _say(f"seed {outcome.seed}: {len(outcome.script)} steps still fail, kept as {place}.script")
    for one in outcome.found[:5]:
        _say(f"  {one}")


def _kill_real(asked: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # what was started is stopped
    command, total = f"make faults REAL={asked.real} SEED={asked.seed}", None
    for plan in parts(asked.seed, asked.real, asked.binaries):
        outcome = run(plan)
        _say(f"seed {plan.seed}: {outcome.total}; violations: {outcome.found}")
        if total is None:
            total = outcome
        else:
            total.add(outcome)
        _keep("real", total)
        rewrite(section(total, command, _commit()), real=True)
    return 1 if total is None or total.found else 0


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def _try_mutants(names: list[str], asked: argparse.Namespace) -> int:
    kept: list[Kill] = _kept("mutants", list[Kill], [])
    parts = [(name, asked.seed, asked.histories, asked.length) for name in names]
    kills: dict[str, Kill] = {kill.name: kill for kill in kept}
    with ProcessPoolExecutor(PROCESSES) as pool:
        for kill in pool.map(_kill, parts):
            kills[kill.name] = kill
            _say(f"{kill.name}: {kill.killed}/{kill.worlds} {kill.properties}")
            _keep("mutants", list(kills.values()))
    _write()
    return 0 if all(kills[name].killed for name in names) else 1


def _kill(part: tuple[str, int, int, int]) -> Kill:
    name, first, histories, length = part
    found: list[Outcome] = []
    with a_place(f"mutant{list(MUTANTS).index(name)}") as place:
        for seed in range(first, first + histories):
            outcome = run_seed(place, seed, length=length, mutant=name)
            if outcome.found:
                found.append(outcome)
    by = Counter(name for outcome in found for name in outcome.names)
    what = MUTANTS[name].what
    return Kill(name, what, histories, len(found), dict(by), found[0].seed if found else None)


def _write() -> None:
    kept: list[Kill] = _kept("mutants", list[Kill], [])
    kills = sorted(kept, key=lambda kill: kill.name)
    where = f"{platform.machine()}, Python {platform.python_version()}"
    rewrite(Report(_kept("run", Tally, Tally()), kills, where).text(), real=False)


def _kept(name: str, kind: Any, otherwise: T) -> T:
    path = KEPT / f"{name}.json"
    if not path.exists():
        return otherwise
    return cast("T", msgspec.json.decode(path.read_bytes(), type=kind))


def _keep(name: str, value: object) -> None:
    (KEPT / f"{name}.json").write_bytes(msgspec.json.encode(value))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line's answer


if __name__ == "__main__":
    raise SystemExit(main())
