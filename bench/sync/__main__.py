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
from bench.sync.cells import Share
from bench.sync.couchdb import couchdb
from bench.sync.installing import Missing
from bench.sync.kinto import kinto
from bench.sync.limit import limit
from bench.sync.morning import ASKED, print_mornings
from bench.sync.options import Options, read_options
from bench.sync.ours import ours
from bench.sync.places import Place, place
from bench.sync.sizes import print_sizes
from bench.sync.systems import System
from bench.sync.turns import take_turns
from nyefamilier.kernel.clock import system_clock

SYSTEMS: dict[str, Callable[[Place], AbstractContextManager[System]]] = {
    "ours": ours,
    "kinto": kinto,
    "couchdb": couchdb,
    "limit": limit,
}


def main(words: Sequence[str] = ()) -> None:
    """Measure what the words ask for, and print the tables."""
    options = read_options(words)
    with _place() as here, ExitStack() as stack:
        beds = list(_beds(options, here, stack)) if options.shares_beds else []
        tables.print_versions(here, beds)
        samples = {
            cell.name: take_turns(cell, beds, options.rounds, options.seconds)
            for cell in options.cells()
        }
        tables.print_samples(beds, samples)
        for cell in options.cells():
            if isinstance(cell, Share):
                tables.print_faults(beds, samples[cell.name])
        if "morning" in options.groups:
            asked = [bed for bed in beds if bed.name in ASKED]
            print_mornings(asked, options.phones)
    if "sizes" in options.groups:
        with _place() as here:
            print_sizes(here, options.times, options.rounds, options.seconds)


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


if __name__ == "__main__":
    main(sys.argv[1:])
