"""The workload: what is measured, one cell of the table at a time."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.sync.beds import Bed, Hand
from bench.sync.records import Written
from bench.sync.running import Run
from bench.sync.talking import content_length

CHANGED, IN_FAMILIES = 20, 5
"""A delta: so many new records in so many families."""
MOST_DELTAS = 10
"""In one run, so that the caseload does not grow much."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one cell.

    Args:
        seconds: From the first request to the last answer.
        done: Records that were acknowledged; pulls that were answered.
        cpu: Seconds that the server and its database worked.
        foreign: The share of the machine that others took meanwhile.
        waits: The seconds that each answer took.
        failed: The share of requests that were not taken in.
        up: Bytes of content that were sent for each record, or each pull.
        down: Bytes of content that came for each.
        packed: The same, if whatever stands before a server that does not pack did it.
    """

    seconds: float
    done: int
    cpu: float
    foreign: float
    waits: list[float]
    failed: float
    up: float
    down: float
    packed: float

    @property
    def rate(self) -> float:
        """Records, or pulls, a second."""
        return self.done / self.seconds

    @property
    def cpu_per_thousand(self) -> float:
        """Seconds of the server's and its database's for a thousand records, or pulls."""
        return 1_000 * self.cpu / max(self.done, 1)


class Cell(Protocol):
    """One thing that is measured."""

    @property
    def name(self) -> str:
        """What the tables call it."""

    def measure(self, bed: Bed, times: int) -> Sample:
        """One run: so many pushes of each phone, or so many pulls."""


@dataclass(frozen=True, slots=True)
class Push:
    """New records in batches, by phones that have a caseload each."""

    size: int
    clients: int

    @property
    def name(self) -> str:
        """See `Cell`."""
        return f"push {self.size}, {_phones(self.clients)}"

    def measure(self, bed: Bed, times: int) -> Sample:
        """See `Cell`."""
        return _push(bed, bed.clients[: self.clients], self.size, times)[0]


@dataclass(frozen=True, slots=True)
class Share:
    """New records in batches, by phones that share one caseload."""

    size: int
    clients: int

    @property
    def name(self) -> str:
        """See `Cell`."""
        return f"push {self.size}, {_phones(self.clients)}, one caseload"

    def measure(self, bed: Bed, times: int) -> Sample:
        """See `Cell`."""
        sample, taken = _push(bed, bed.sharers[: self.clients], self.size, times)
        bed.promised |= {one.id for batch in taken for one in batch}
        return sample


@dataclass(frozen=True, slots=True)
class Full:
    """A whole caseload."""

    name: str = "full pull"

    def measure(self, bed: Bed, times: int) -> Sample:
        """See `Cell`."""
        with bed.line() as line:
            requests = bed.reader.phone.everything(line)
        return _pulled([bed.run([requests * times])], requests * times, times)


@dataclass(frozen=True, slots=True)
class Delta:
    """Twenty new records in five families, of a caseload that the phone has otherwise."""

    name: str = f"delta of {CHANGED}"

    def measure(self, bed: Bed, times: int) -> Sample:
        """See `Cell`."""
        bed.catch_up()
        runs, asked = [], []
        for _ in range(min(times, MOST_DELTAS)):
            bed.fill(CHANGED, IN_FAMILIES)
            asked.append(bed.reader.phone.news())
            runs.append(bed.run([asked[-1:]]))
            if bed.reader.phone.learn(runs[-1].phones[0].answers[0]) < CHANGED:
                raise SystemExit(f"{bed.system.name} did not tell all that had changed")
        return _pulled(runs, asked, len(runs))


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing new."""

    name: str = "idle pull"

    def measure(self, bed: Bed, times: int) -> Sample:
        """See `Cell`."""
        bed.catch_up()
        asked = [bed.reader.phone.news()] * times
        return _pulled([bed.run([asked])], asked, times)


def _push(
    bed: Bed, hands: Sequence[Hand], size: int, times: int
) -> tuple[Sample, list[list[Written]]]:
    """The run, and the batches that were acknowledged."""
    made = [hand.pushes(times, size, bed.system.largest) for hand in hands]
    run = bed.run([requests for _, requests in made])
    taken = [
        batch
        for hand, (batches, _), heard in zip(hands, made, run.phones, strict=True)
        for batch, answer in zip(batches, heard.answers, strict=True)
        if hand.phone.acknowledged(batch, answer)
    ]
    asked = [one for _, requests in made for one in requests]
    written = sum(len(batch) for batches, _ in made for batch in batches)
    failed = 1 - len(taken) / len(asked)
    return _sample([run], asked, sum(map(len, taken)), failed, written), taken


def _pulled(runs: Sequence[Run], asked: Sequence[bytes], pulls: int) -> Sample:
    refused = [answer for run in runs for answer in run.answers if answer.status != 200]
    if refused:
        raise SystemExit(f"a pull was answered by {refused[0].status}")
    return _sample(runs, asked, pulls, 0.0, pulls)


def _sample(
    runs: Sequence[Run], asked: Sequence[bytes], done: int, failed: float, sent: int
) -> Sample:
    seconds = sum(run.seconds for run in runs)
    return Sample(
        seconds=seconds,
        done=done,
        cpu=sum(run.used.servers for run in runs),
        foreign=sum(run.used.foreign * run.seconds for run in runs) / seconds,
        waits=[wait for run in runs for wait in run.waits],
        failed=failed,
        up=sum(map(content_length, asked)) / sent,
        down=sum(len(answer.packed) for run in runs for answer in run.answers) / sent,
        packed=_packed(runs) / sent,
    )


def _packed(runs: Sequence[Run]) -> int:
    """Bytes of all answers, packed. Each body is packed once, however often it came."""
    found: dict[bytes, int] = {}
    answers = [answer for run in runs for answer in run.answers]
    for one in answers:
        if one.packed not in found:
            body = one.packed if b"content-encoding" in one.headers else gzip.compress(one.packed)
            found[one.packed] = min(len(body), len(one.packed))
    return sum(found[one.packed] for one in answers)


def _phones(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"
