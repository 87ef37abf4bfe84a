"""A mutation that a device delivered, with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nyefamilier.door.judging import Judgement
from nyefamilier.sync.envelopes import Envelope, Flaw
from nyefamilier.sync.faults import Fault
from nyefamilier.wire.messages import Result
from nyefamilier.wire.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Taken:
    """A mutation with its verdict.

    Args:
        envelope: The mutation.
        result: The verdict, as the device is told it.
        waits_for: What it waits for, if it is parked.
        fault: Why we could not process it, if it is quarantined.
        kept_elsewhere: Whether it was delivered before, and its bytes lie there.
        settled_at: Since when nothing of it waits any more, if it was delivered before.
    """

    envelope: Envelope
    result: Result
    waits_for: UUID | None = None
    fault: Fault | None = None
    kept_elsewhere: bool = False
    settled_at: datetime | None = None


def judged(one: Envelope, judgement: Judgement) -> Taken:
    """A mutation as the door judged it."""
    result = Result(
        seq=one.seq,
        id=one.id,
        status=judgement.status,
        reason=judgement.reason,
        pointer=judgement.pointer,
        rev=judgement.rev,
        review=judgement.review,
        filed=list(judgement.filed),
    )
    return Taken(one, result, judgement.waits_for)


def flawed(one: Envelope, flaw: Flaw) -> Taken:
    """A mutation that our own client should not have sent: kept, told to the operator."""
    return quarantined(one, Fault(flaw.reason, flaw.pointer or "", ()), flaw.pointer)


def quarantined(one: Envelope, fault: Fault, pointer: str | None = None) -> Taken:
    """A mutation that we could not process."""
    result = Result(
        seq=one.seq, id=one.id, status=Verdict.QUARANTINED, reason=fault.reason, pointer=pointer
    )
    return Taken(one, result, fault=fault)
