"""The tables, as Markdown: medians, and the ratios of servers that took turns in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bench.sync.beds import Bed
from bench.sync.cells import Sample
from bench.sync.places import Place

Samples = Mapping[str, Sequence[Sequence[Sample]]]
"""For each cell, for each server, its runs."""


def print_versions(here: Place, beds: Sequence[Bed]) -> None:
    """What is measured, by version."""
    print(f"PostgreSQL {here.version} for all that need one.\n")
    for bed in beds:
        print(f"- {bed.system.name}: {bed.system.version}")
    print()


def print_samples(beds: Sequence[Bed], samples: Samples) -> None:
    """Rates, ratios, work and bytes, one table each."""
    names = [bed.system.name for bed in beds]
    rows = {
        cell: [*(f"{_median(one, _rate):,.0f}" for one in runs), f"{_foreign(runs):.0%}"]
        for cell, runs in samples.items()
    }
    print_table("Records a second of a push, pulls a second", [*names, "CPU of others"], rows)
    if len(beds) > 1:
        ratios = {cell: _ratios(runs) for cell, runs in samples.items()}
        print_table(f"{names[0]}: times as many as", names[1:], ratios)
    print_table(
        "Seconds of CPU, of the server and its database, for 1,000 records, or 1,000 pulls",
        names,
        {cell: [f"{_median(one, _cpu):.2f}" for one in runs] for cell, runs in samples.items()},
    )
    print_table(
        "Bytes of content of one record, or one pull: up / down / down if packed by gzip",
        names,
        {cell: [_bytes(one[-1]) for one in runs] for cell, runs in samples.items()},
    )


def print_faults(beds: Sequence[Bed], shared: Sequence[Sequence[Sample]]) -> None:
    """What went wrong where phones shared a caseload."""
    failed = [f"{sum(run.failed for run in one) / len(one):.0%}" for one in shared]
    lost = [f"{bed.lost():,} of {len(bed.promised):,}" for bed in beds]
    rows = {"requests that failed": failed, "acknowledged, and not there": lost}
    print_table("Phones that share one caseload", [bed.system.name for bed in beds], rows)


def print_table(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
    """One table."""
    if not rows:
        return
    print(f"{title}:\n")
    print(f"| | {' | '.join(columns)} |")
    print(f"|---|{'---:|' * len(columns)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    print(flush=True)


def _median(runs: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    return median(map(of, runs))


def _ratios(runs: Sequence[Sequence[Sample]]) -> list[str]:
    """How many times as fast the first was as each other, by the median of the rounds."""
    first, *others = runs
    return [
        f"{median(a.rate / b.rate for a, b in zip(first, other, strict=True)):.2f}"
        for other in others
    ]


def _foreign(runs: Sequence[Sequence[Sample]]) -> float:
    return median(one.foreign for some in runs for one in some)


def _bytes(one: Sample) -> str:
    return f"{one.up:,.0f} / {one.down:,.0f} / {one.packed:,.0f}"


def _rate(one: Sample) -> float:
    return one.rate


def _cpu(one: Sample) -> float:
    return one.cpu_per_thousand
