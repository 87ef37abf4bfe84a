"""Emergency access: a nurse of the bydel opens a family that is not hers, and answers for it.

She says why before she reads, the grant ends by itself, and somebody else looks at it afterwards.

Sources: pasientjournalloven sections 16 and 22; Normen, veileder "Tilgang til helse- og
personopplysninger" 2.0 (aktualisering, "blålys"); docs/adr/0017-emergency-access.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from nyefamilier.kernel.errors import RuleBroken

LONGEST_HOURS: Final = 4
REVIEW_WITHIN: Final = timedelta(days=7)
LEAST_REASON, REASON_CHARS = 20, 1_000
"""The fewest and the most characters of why she has to read it."""
REMARK_CHARS: Final = 1_000


class Verdict(StrEnum):
    """What whoever looked at it afterwards found."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class EmergencyState(StrEnum):
    """Where a grant stands."""

    OPEN = "open"
    TO_REVIEW = "to_review"
    OVERDUE = "overdue"
    """Nobody has looked at it in seven days."""
    REVIEWED = "reviewed"


def check_reason(reason: str) -> str:
    """The reason without space around it.

    Raises:
        RuleBroken: ``reason-too-short``: it could not be judged by.
    """
    told = reason.strip()
    if len(told) < LEAST_REASON:
        raise RuleBroken(
            "reason-too-short",
            f"Say in at least {LEAST_REASON} characters why you have to read it now: somebody else "
            "will judge by it.",
            pointer="/reason",
        )
    return told


def check_verdict(verdict: Verdict, remark: str | None) -> None:
    """Refuse a verdict against somebody that does not say why.

    Raises:
        RuleBroken: ``remark-missing``.
    """
    if verdict is Verdict.UNJUSTIFIED and not remark:
        raise RuleBroken(
            "remark-missing",
            "Say what was wrong: the nurse can read it, and whoever follows it up needs it.",
            pointer="/remark",
        )


def state_of(
    until: datetime, ended_at: datetime | None, reviewed_at: datetime | None, now: datetime
) -> EmergencyState:
    """Where a grant stands at *now*."""
    if reviewed_at is not None:
        return EmergencyState.REVIEWED
    over = min(until, ended_at or until)
    if now < over:
        return EmergencyState.OPEN
    return EmergencyState.OVERDUE if now - over > REVIEW_WITHIN else EmergencyState.TO_REVIEW
