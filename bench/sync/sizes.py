"""The same phones in a small city and in a large one: what a push and a pull cost in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from statistics import median, quantiles
from typing import cast
from uuid import UUID

import psycopg

from bench.sync.beds import Bed, make_bed
from bench.sync.cells import Cell, Delta, Idle, Push, Sample
from bench.sync.growing import grow, records, size
from bench.sync.ours import OurPhone, ours
from bench.sync.places import Place
from bench.sync.records import FAMILIES, RECORDS
from bench.sync.tables import print_table
from bench.sync.turns import take_turns
from nyefamilier.kernel.clock import stopwatch, system_clock

PHONES = 100
"""Of the small city, each with a whole caseload."""
CELLS: tuple[Cell, ...] = (Push(100, 1), Delta(), Idle())


def print_sizes(here: Place, times: int, rounds: int, seconds: float) -> None:
    """The tables: how long each took in the large city, as a multiple of the small one.

    Args:
        here: Where both cities are, on one PostgreSQL.
        times: How many times as large the large one is.
        rounds: Runs of each cell in each city, which take turns.
        seconds: About how long a run lasts.
    """
    with ExitStack() as stack:
        beds = [_city(here, stack, factor) for factor in (1, times)]
        samples = {cell.name: take_turns(cell, beds, rounds, seconds) for cell in CELLS}
    columns = ["p95", "median", "CPU", "CPU of others"]
    rows = {name: _cells(*runs) for name, runs in samples.items()}
    print_table(f"In a city {times} times as large: times as much", columns, rows)


def _city(here: Place, stack: ExitStack, factor: int) -> Bed:
    """A city with so many times a hundred phones, and a few that are measured."""
    name = f"x{factor}"
    url = here.url_of(f"bench_{name}")
    system = stack.enter_context(ours(here, f"bench_{name}"))
    bed = make_bed(name, system, here, system_clock(), FAMILIES * RECORDS)
    bed.catch_up()
    began = stopwatch()
    grow(url, _whose(bed, url), PHONES * factor - 1)
    print(
        f"- {name}: {records(url):,} revisions, {size(url) / 2**30:.1f} GiB, "
        f"loaded in {stopwatch() - began:,.0f} s",
        flush=True,
    )
    return bed


def _whose(bed: Bed, url: str) -> UUID:
    """The nurse whose caseload is copied."""
    phone = cast("OurPhone", bed.reader.phone)
    with psycopg.connect(url) as connection:
        told = connection.execute("SELECT account_id FROM device WHERE id = %s", [phone.id])
        [nurse] = told.fetchone() or [None]
    return cast("UUID", nurse)


def ratios(small: Sequence[Sample], large: Sequence[Sample]) -> tuple[float, float, float]:
    """How much longer the slow requests and the usual ones take, and how much more work they are.

    Returns:
        Ratios of the 95th percentiles, of the medians, and of the seconds of CPU.
    """
    slow, usual = (_of_all(large, what) / _of_all(small, what) for what in (_p95, median))
    return slow, usual, _cpu(large) / _cpu(small)


def _cells(small: Sequence[Sample], large: Sequence[Sample]) -> list[str]:
    foreign = median(one.foreign for one in (*small, *large))
    return [*(f"{one:.2f}" for one in ratios(small, large)), f"{foreign:.0%}"]


def _of_all(runs: Sequence[Sample], what: Callable[[list[float]], float]) -> float:
    return what([wait for one in runs for wait in one.waits])


def _p95(waits: list[float]) -> float:
    return quantiles(waits, n=20, method="inclusive")[-1]


def _cpu(runs: Sequence[Sample]) -> float:
    return sum(one.cpu for one in runs) / sum(one.done for one in runs)
