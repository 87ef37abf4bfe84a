"""Monday morning: a thousand phones come back in the same instant, each with a hundred records.

Whoever is turned away comes back when the server says. Kinto and the server of the CouchDB
protocol are not asked: the one would take most of an hour, the other would hold a thousand
databases open.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from bench.sync.beds import Bed, Hand
from bench.sync.records import Writer
from bench.sync.running import Heard, persistently
from bench.sync.tables import print_table
from nyefamilier.kernel.clock import system_clock

RECORDS = 100
FAMILIES = 2
"""Of each phone: registering them is not what is measured."""
PATIENCE = 50
"""How often a phone lets itself be turned away before it is counted as not served."""
ASKED = ("ours", "limit")
"""Who is asked, by the names of the command line."""


@dataclass(frozen=True, slots=True)
class Morning:
    """How it went, in seconds from the instant when all came."""

    phones: int
    served: int
    median: float
    p95: float
    worst: float
    tries: float

    def cells(self) -> list[str]:
        """As a row of the table."""
        return [
            f"{self.served:,} of {self.phones:,}",
            f"{self.tries:.1f}",
            f"{self.p95 / self.median:.1f}",
            f"{self.worst / self.median:.1f}",
        ]


def print_mornings(beds: list[Bed], phones: int) -> None:
    """The table, one row for each server that is asked."""
    rows = {bed.system.name: morning(bed, phones).cells() for bed in beds}
    columns = ["served", "requests of each phone", "p95 / median", "worst / median"]
    print_table(f"{phones:,} phones at once, {RECORDS} records each", columns, rows)


def morning(bed: Bed, phones: int) -> Morning:
    """Let so many new phones come at once."""
    now = system_clock()
    hands = [
        Hand(phone, Writer(homes, now, 1_000 + number))
        for number, (phone, homes) in enumerate(bed.system.phones(phones, FAMILIES))
    ]
    made = [hand.pushes(1, RECORDS, RECORDS) for hand in hands]
    heard = persistently(bed.system.port, [one for _, [one] in made], time.sleep, PATIENCE)
    served = sum(
        hand.phone.acknowledged(batch, one.answers[-1])
        for hand, ([batch], _), one in zip(hands, made, heard, strict=True)
    )
    return _morning(heard, served)


def _morning(heard: list[Heard], served: int) -> Morning:
    seconds = sorted(one.ended - one.began for one in heard)
    return Morning(
        phones=len(heard),
        served=served,
        median=median(seconds),
        p95=seconds[int(0.95 * (len(seconds) - 1))],
        worst=seconds[-1],
        tries=sum(len(one.answers) for one in heard) / len(heard),
    )
