"""What is measured, and for how long, by the words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from bench.sync.beds import CLIENTS
from bench.sync.cells import Cell, Delta, Full, Idle, Push, Share
from bench.sync.records import FAMILIES, RECORDS

GROUPS = ("push", "pull", "share", "morning", "sizes")
LONG = ("morning", "sizes")
"""What a quick run leaves out."""
PEERS = ("ours", "kinto", "couchdb", "limit")


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured.

    Args:
        groups: Which parts of the workload.
        systems: Which servers.
        rounds: Runs of each cell on each server, after one that is thrown away.
        seconds: About how long a run lasts.
        sizes: Records in a push.
        records: In the caseload that is pulled.
        phones: How many come back at once on a Monday morning.
        times: How many times as large the larger city is.
    """

    groups: tuple[str, ...]
    systems: tuple[str, ...]
    rounds: int
    seconds: float
    sizes: tuple[int, ...]
    records: int
    phones: int
    times: int

    @property
    def shares_beds(self) -> bool:
        """Whether anything is measured on the servers that stand side by side."""
        return self.groups != ("sizes",)

    def cells(self) -> list[Cell]:
        """The cells of the table."""
        found: list[Cell] = []
        if "push" in self.groups:
            found += [Push(size, clients) for size in self.sizes for clients in (1, CLIENTS)]
        if "pull" in self.groups:
            found += [Full(), Delta(), Idle()]
        if "share" in self.groups:
            found.append(Share(100, CLIENTS))
        return found


def read_options(words: Sequence[str]) -> Options:
    """The options that some words stand for; words that stand for none end the program."""
    told = _parser().parse_args(words)
    groups, systems = tuple(told.only or GROUPS), tuple(told.systems or PEERS)
    times = told.times or 10
    if told.quick:
        quickly = tuple(told.only or [one for one in GROUPS if one not in LONG])
        return Options(quickly, systems, told.rounds or 3, 0.4, (100,), 600, 100, times)
    records = FAMILIES * RECORDS
    return Options(groups, systems, told.rounds or 5, 2.0, (25, 100, 500), records, 1_000, times)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench sync", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, in two minutes")
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="these parts of the workload")
    parser.add_argument("--systems", nargs="+", choices=PEERS, help="these servers")
    parser.add_argument("--rounds", type=int, help="runs of each cell; at least five to be quoted")
    parser.add_argument("--times", type=int, help="how many times as large the larger city is")
    return parser
