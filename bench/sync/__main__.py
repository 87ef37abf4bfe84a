"""Phones that push and pull: ours beside Kinto, the CouchDB protocol, and the limit.

See ``python -m bench sync --help``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from bench.sync import tables
from bench.sync.beds import Bed, make_bed
from bench.sync.cells import Cell, Sample, Share
from bench.sync.couchdb import couchdb
from bench.sync.installing import Missing
from bench.sync.kinto import kinto
from bench.sync.limit import limit
from bench.sync.morning import ASKED, print_mornings
from bench.sync.options import Options, read_options
from bench.sync.ours import ours
from bench.sync.places import Place, place
from bench.sync.systems import System
from nyefamilier.kernel.clock import system_clock

SYSTEMS: dict[str, Callable[[Place], AbstractContextManager[System]]] = {
    "ours": ours,
    "kinto": kinto,
    "couchdb": couchdb,
    "limit": limit,
}
FASTEST = 0.0005
"""Seconds that a request takes at least; bounds how many are made before the clock runs."""


def main(words: Sequence[str] = ()) -> None:
    """Measure what the words ask for, and print the tables."""
    options = read_options(words)
    with _place() as here, ExitStack() as stack:
        beds = list(_beds(options, here, stack))
        tables.print_versions(here, beds)
        samples = {cell.name: _measured(cell, beds, options) for cell in options.cells()}
        tables.print_samples(beds, samples)
        for cell in options.cells():
            if isinstance(cell, Share):
                tables.print_faults(beds, samples[cell.name])
        if "morning" in options.groups:
            asked = [bed for bed in beds if bed.name in ASKED]
            print_mornings(asked, options.phones)


@contextmanager
def _place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="nyefamilier-bench-") as folder:
        Path(folder).chmod(0o711)
        with place(Path(folder)) as here:
            yield here


def _beds(options: Options, here: Place, stack: ExitStack) -> Iterator[Bed]:
    now = system_clock()
    for name in options.systems:
        try:
            system = stack.enter_context(SYSTEMS[name](here))
        except Missing as missing:
            print(f"{name} is left out: {missing}")
        else:
            yield make_bed(name, system, here, now, options.records)


def _measured(cell: Cell, beds: Sequence[Bed], options: Options) -> list[list[Sample]]:
    """For each server the samples of its runs; the servers take turns, the first turn is warmth."""
    rounds: list[list[Sample]] = []
    times = [1] * len(beds)
    for _ in range(options.rounds + 1):
        rounds.append([])
        for place_of, bed in enumerate(beds):
            bed.place.settle()
            sample = cell.measure(bed, times[place_of])
            rounds[-1].append(sample)
            once = sample.seconds / times[place_of]
            times[place_of] = max(1, times[place_of], round(options.seconds / max(once, FASTEST)))
        print(".", end="", file=sys.stderr, flush=True)
    print(f" {cell.name}", file=sys.stderr, flush=True)
    return [list(samples) for samples in zip(*rounds[1:], strict=True)]


if __name__ == "__main__":
    main(sys.argv[1:])
