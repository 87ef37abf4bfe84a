"""Writes docs/faults.md: what was simulated, what went wrong, and what a zero is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from tests.faults.script import FAULTS

ENOUGH: Final = 1_000_000
"""Mutations that a run has to have simulated."""
LEAST: Final = 1_000
"""How often each kind of fault has to have happened for a run to count."""


class Tally(msgspec.Struct):
    """What many worlds came to, fit to be added up and kept."""

    worlds: int = 0
    mutations: int = 0
    deliveries: int = 0
    requests: int = 0
    faults: dict[str, int] = {}
    verdicts: dict[str, int] = {}
    moments: dict[str, int] = {}
    failing: dict[int, list[str]] = {}

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        for name in ("worlds", "mutations", "deliveries", "requests"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("faults", "verdicts", "moments"):
            setattr(self, name, dict(Counter(getattr(self, name)) + Counter(getattr(other, name))))
        self.failing = {**self.failing, **other.failing}


class Kill(msgspec.Struct):
    """What became of one mutant."""

    name: str
    what: str
    worlds: int
    killed: int
    properties: dict[str, int]
    first: int | None
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A run, and the mutants that the same simulation was tried on."""

    tally: Tally
    kills: list[Kill] = field(default_factory=list)
    where: str = ""
    commit: str = ""
    earlier: list[tuple[str, Tally]] = field(default_factory=list)
    """Runs of other code, each by its commit."""

    def text(self) -> str:
        """The page."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterable[str]:
        yield from _OPENING
        yield from _run_lines(self)
        yield from _fault_lines(self.tally)
        yield from _failing_lines(self.tally)
        yield from _earlier_lines(self.earlier)
        yield from _kill_lines(self.kills)


_OPENING: Final = (
    "# Faults: what the simulation found",
    "",
    "Written by `make faults`; do not edit. `tests/faults` runs the real server on a real",
    "PostgreSQL and the real client on real files in one thread. A script, worked out from a seed,",
    "says which of them goes on at each statement, and what the network, the phones, the database",
    "and the organisation do to them. Then all faults are switched off, and every property of the",
    "protocol (P1 to P12, A1, C1) is checked.",
    "",
)


def bound(worlds_or_mutations: int) -> str:
    """The rate that seeing none in so many rules out, at 95 %.

    Sources: Hanley and Lippman-Hand, If nothing goes wrong, is everything all right?, JAMA 1983.
    """
    return "-" if not worlds_or_mutations else f"{3 / worlds_or_mutations:.1e}"


def _run_lines(report: Report) -> Iterable[str]:
    tally = report.tally
    yield "## The run"
    yield ""
    if report.commit:
        yield f"Of the code of commit `{report.commit}`; {report.where}. The command is"
        yield "`python -m tests.faults --minutes 60 --processes 1`, as often as one likes: it goes"
        yield "on with the seeds that are missing (`make faults MINUTES=60` uses two processes)."
        yield ""
    yield "| worlds | mutations | deliveries | requests | worlds with a violation | 3/N |"
    yield "|---:|---:|---:|---:|---:|---:|"
    yield (
        f"| {tally.worlds:,} | {tally.mutations:,} | {tally.deliveries:,} | {tally.requests:,} "
        f"| {len(tally.failing)} | {'-' if tally.failing else bound(tally.mutations)} |"
    )
    yield ""
    if tally.mutations and not tally.failing:
        yield (
            f"No violation in {tally.mutations:,} mutations: under these faults a mutation is lost,"
            f" doubled or overwritten with a probability below {bound(tally.mutations)} (95 %)."
        )
        yield ""
    if tally.mutations < ENOUGH:
        yield f"The {ENOUGH:,} mutations that the project asks for are not reached by this run."
        yield ""
    told = ", ".join(f"{name} {count:,}" for name, count in sorted(tally.verdicts.items()))
    yield f"Verdicts: {told or 'none'}."
    yield ""
    yield f"Durable steps of a phone that were passed: {len(tally.moments)}."
    yield ""


def _earlier_lines(earlier: list[tuple[str, Tally]]) -> Iterable[str]:
    if not earlier:
        return
    yield "## Runs of other code"
    yield ""
    yield "They are no part of the claim above; what they found was mended."
    yield ""
    yield "| commit | worlds | mutations | worlds with a violation |"
    yield "|---|---:|---:|---:|"
    for commit, tally in earlier:
        yield f"| `{commit}` | {tally.worlds:,} | {tally.mutations:,} | {len(tally.failing)} |"
    yield ""


def _fault_lines(tally: Tally) -> Iterable[str]:
    yield "## Faults"
    yield ""
    yield "| kind | times | |"
    yield "|---|---:|---|"
    for kind in sorted({*map(str, FAULTS), *tally.faults}):
        times = tally.faults.get(kind, 0)
        yield f"| {kind} | {times:,} | {'' if times >= LEAST else f'fewer than {LEAST:,}'} |"
    yield ""


def _failing_lines(tally: Tally) -> Iterable[str]:
    if not tally.failing:
        return
    yield "## Violations"
    yield ""
    yield "| seed | properties |"
    yield "|---:|---|"
    for seed, names in sorted(tally.failing.items()):
        yield f"| {seed} | {', '.join(names)} |"
    yield ""


def _kill_lines(kills: list[Kill]) -> Iterable[str]:
    if not kills:
        return
    dead = sum(kill.killed > 0 for kill in kills)
    yield "## Mutants"
    yield ""
    yield f"Known defects, put into the code one at a time: {dead} of {len(kills)} were found. The"
    yield "worlds of a mutant surely have the faults by which it differs from the code."
    yield ""
    yield "| mutant | what it breaks | worlds that found it | by | first | tried at |"
    yield "|---|---|---:|---|---:|---|"
    for kill in kills:
        by = ", ".join(f"{name} {n}" for name, n in sorted(kill.properties.items()))
        first = "-" if kill.first is None else str(kill.first)
        score = f"{kill.killed}/{kill.worlds}" if kill.killed else f"**0/{kill.worlds}**"
        yield f"| `{kill.name}` | {kill.what} | {score} | {by} | {first} | `{kill.commit}` |"
    yield ""
