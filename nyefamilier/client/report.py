"""What one round did, for a screen and for whoever looks after the phones."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from nyefamilier.wire.messages import Result


@dataclass(frozen=True, slots=True)
class Received:
    """A family that was brought up to date. ``since`` is None for one that came anew."""

    family: UUID
    since: int | None
    rev: int
    items: int


@dataclass(slots=True)
class Report:
    """One round.

    Args:
        verdicts: What the server named, in its order.
        received: What came.
        purged: Families that were given up, and how many rows of each were deleted.
        receipts: How many receipts the server has taken in.
        escrowed: How many escrow copies it has taken in.
        brought_back: How many mutations went back into the outbox, since the server lost them.
        alarms: What must never happen by itself, as ``code family-or-seq``.
        stopped: Why the round ended before its end.
        stuck: Why the outbox could not be emptied although the server answered.
        wait: Seconds until the next round may begin.
    """

    verdicts: list[Result] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    purged: dict[UUID, int] = field(default_factory=dict)
    receipts: int = 0
    escrowed: int = 0
    brought_back: int = 0
    enrolled_anew: bool = False
    lease_renewed: bool = False
    upgrade: bool = False
    erased: bool = False
    alarms: list[str] = field(default_factory=list)
    stopped: str | None = None
    stuck: str | None = None
    wait: float = 0.0
    unsent: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
