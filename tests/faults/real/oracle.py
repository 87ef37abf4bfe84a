"""Whether what phones were told still holds: each mutation is there, once, with its verdict.

It looks at plain values and shares nothing with the code under test but the names of the fields.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from tests.faults.evidence import Evidence, Record, Violation
from tests.faults.real.nurses import Told

WORDS: Final = {"note": "text", "need": "words"}
"""What nobody else writes: where it stands in a record, and in the operation that made it."""
MAKES: Final = {"note.write": "note", "note.correct": "note", "need.state": "need"}
"""The operations with such words, and the records that they make."""


@dataclass
class Seen:
    """All there is to know when everything is quiet.

    Args:
        evidence: What the properties of the simulation are checked on.
        told: What the phones were told.
        differing: Families whose chain or checksum does not follow from their rows.
        statuses: Of all that the server answered.
    """

    evidence: Evidence
    told: set[Told] = field(default_factory=set)
    differing: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Sum:
    """What the issue asks for, in figures."""

    saved: int
    acknowledged: int
    lost: int
    doubled: int

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.saved + other.saved,
            self.acknowledged + other.acknowledged,
            self.lost + other.lost,
            self.doubled + other.doubled,
        )


def lost(seen: Seen) -> Iterator[Violation]:
    """Of what a phone was told is taken in: what is not there, or not as it was told."""
    there = {(one.device, one.seq): one for one in seen.evidence.delivered}
    log = {(one.family, one.rev): one.id for one in seen.evidence.revisions}
    for told in seen.told:
        one = there.get((told.device, told.seq))
        if one is None or one.id != told.id:
            yield Violation("lost", f"{told.id}, told as {told.status}, is not on the server")
        elif not one.settled and (one.status, one.rev) != (told.status, told.rev):
            yield Violation("lost", f"{told.id}, told as {told.status}, is now {one.status}")
        elif one.rev is not None and one.family and log.get((one.family, one.rev)) != told.id:
            yield Violation("lost", f"{told.id} is not in the log at revision {one.rev}")
    yield from _words_lost(seen)


def doubled(seen: Seen) -> Iterator[Violation]:
    """What is there more than once: a delivery, a revision, or the words of a note or a need."""
    for what, ids in (
        ("delivered", Counter(one.id for one in seen.evidence.delivered)),
        ("in the log", Counter(one.id for one in seen.evidence.revisions)),
    ):
        for id_, times in ids.items():
            if times > 1:
                yield Violation("doubled", f"{id_} is {what} {times} times")
    for (kind, words), found in _written(seen.evidence.records).items():
        if len(found) > 1:
            yield Violation("doubled", f"{words!r} stands in {len(found)} records of {kind}")


def untold(seen: Seen) -> Iterator[Violation]:
    """What was saved, and no phone has heard of to the end."""
    named = {one.id for one in seen.told}
    for one in seen.evidence.saved:
        if one.id not in named:
            yield Violation("untold", f"{one.phone}/{one.seq} {one.id} was never named")


def broken(seen: Seen) -> Iterator[Violation]:
    """What must not be, whatever is killed: a family that does not add up, an answer 500."""
    for one in seen.differing:
        yield Violation("differing", one)
    if seen.statuses[500]:
        yield Violation("defect", f"{seen.statuses[500]} answers were 500")
    for event in seen.evidence.told("defect"):
        yield Violation("defect", f"{event['phone']}: {event['trace']}")


def summed_up(seen: Seen) -> Sum:
    """The figures."""
    return Sum(
        saved=len(seen.evidence.saved),
        acknowledged=len({one.id for one in seen.told}),
        lost=len(list(lost(seen))),
        doubled=len(list(doubled(seen))),
    )


def _words_lost(seen: Seen) -> Iterator[Violation]:
    done = {one.id for one in seen.told if one.status == "applied"}
    written = _written(seen.evidence.records)
    for saved in seen.evidence.saved:
        for op in saved.ops if saved.id in done else ():
            kind = MAKES.get(op["op"])
            if kind is None:
                continue
            if UUID(op[f"{kind}_id"]) not in written[kind, op[WORDS[kind]]]:
                yield Violation("lost", f"the {kind} of {saved.phone}/{saved.seq} is not there")


def _written(records: Sequence[Record]) -> defaultdict[tuple[str, str], list[UUID]]:
    """For the words of notes and of needs: where they stand."""
    found: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    for one in records:
        words = one.body.get(WORDS.get(one.kind, ""))
        if words:
            found[one.kind, words].append(one.id)
    return found
