"""Servers that take turns at one cell of the workload."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bench.sync.beds import Bed
from bench.sync.cells import Cell, Sample

FASTEST = 0.0005
"""Seconds that a request takes at least; bounds how many are made before the clock runs."""


def take_turns(cell: Cell, beds: Sequence[Bed], rounds: int, seconds: float) -> list[list[Sample]]:
    """For each server the samples of its runs; the first turn is warmth, and not among them.

    Args:
        cell: What is measured.
        beds: The servers.
        rounds: Runs of each.
        seconds: About how long a run lasts.
    """
    samples: list[list[Sample]] = []
    times = [1] * len(beds)
    for _ in range(rounds + 1):
        samples.append([])
        for place_of, bed in enumerate(beds):
            bed.place.settle()
            sample = cell.measure(bed, times[place_of])
            samples[-1].append(sample)
            once = sample.seconds / times[place_of]
            times[place_of] = max(1, times[place_of], round(seconds / max(once, FASTEST)))
        print(".", end="", file=sys.stderr, flush=True)
    print(f" {cell.name}", file=sys.stderr, flush=True)
    return [list(one) for one in zip(*samples[1:], strict=True)]
