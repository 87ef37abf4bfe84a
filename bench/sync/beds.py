"""A server with the phones that measure it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bench.sync.places import Place
from bench.sync.records import FAMILIES, Writer, Written
from bench.sync.running import Run, together
from bench.sync.systems import Phone, System
from bench.sync.talking import Line

CLIENTS = 4
"""Phones that push at the same time."""


@dataclass
class Hand:
    """A phone, and who writes on it."""

    phone: Phone
    writer: Writer

    def pushes(
        self, number: int, size: int, largest: int, families: int | None = None
    ) -> tuple[list[list[Written]], list[bytes]]:
        """So many pushes of so many records, each in as few requests as the server takes."""
        parts = _parts(size, largest) * number
        batches = [self.writer.write(part, families) for part in parts]
        return batches, [self.phone.push(batch) for batch in batches]


@dataclass
class Bed:
    """A server under measurement.

    Args:
        name: What the command line calls the server.
        system: The server.
        place: Its database.
        clients: Phones with a caseload each, that push.
        reader: A phone whose caseload is pulled.
        sharers: Phones with one caseload together.
        promised: What the server has acknowledged to the sharers.
    """

    name: str
    system: System
    place: Place
    clients: list[Hand]
    reader: Hand
    sharers: list[Hand]
    promised: set[UUID] = field(default_factory=set)

    @property
    def roots(self) -> list[int]:
        """The processes whose work is the server's."""
        return [one for one in (self.system.process, self.place.postgres) if one is not None]

    def run(self, requests: Sequence[Sequence[bytes]]) -> Run:
        """Let phones send these, each its own."""
        return together(self.system.port, self.roots, requests)

    def line(self) -> Line:
        """A line to the server."""
        return Line(self.system.port)

    def fill(self, records: int, families: int | None = None) -> None:
        """Push so many records into the reader's caseload."""
        batches, requests = self.reader.pushes(1, records, self.system.largest, families)
        answers = self.run([requests]).answers
        if not all(map(self.reader.phone.acknowledged, batches, answers)):
            raise SystemExit(f"{self.system.name} did not take in what it was filled with")

    def catch_up(self) -> None:
        """Let the reader have all that there is."""
        with self.line() as line:
            self.reader.phone.everything(line)
            self.reader.phone.learn(line.ask(self.reader.phone.news()))

    def lost(self) -> int:
        """How many records that were acknowledged to the sharers are not there."""
        if not self.promised:
            return 0
        with self.line() as line:
            return len(self.promised - self.sharers[0].phone.stored(line))


def make_bed(name: str, system: System, place: Place, now: datetime, records: int) -> Bed:
    """The server with its phones, and so many records in the reader's caseload."""
    made = system.phones(CLIENTS + 1, FAMILIES)
    hands = [Hand(phone, Writer(homes, now, seed)) for seed, (phone, homes) in enumerate(made)]
    sharing, homes = system.sharing(CLIENTS, FAMILIES)
    sharers = [Hand(phone, Writer(homes, now, 100 + seed)) for seed, phone in enumerate(sharing)]
    bed = Bed(name, system, place, hands[1:], hands[0], sharers)
    bed.fill(records)
    return bed


def _parts(size: int, largest: int) -> list[int]:
    whole, rest = divmod(size, largest)
    return [largest] * whole + [rest] * bool(rest)
