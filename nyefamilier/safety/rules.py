"""When a nurse who is out is late, and what a phone's word about it amounts to. Pure.

A phone may be without network for hours and have a clock that is a year wrong. So it tells for how
long ago something was, by two readings of its own clock, and the server counts back from its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.safety.states import OutingState

GRACE: Final = timedelta(minutes=15)
"""How late somebody may be before there is an alarm, unless a deployment sets another time."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
"""Of an outing, as it is expected when it begins or is extended."""
LONGEST_AGO: Final = timedelta(days=7)
"""A phone that was without network for longer has nothing to tell that would help anybody."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that a phone knows of an outing; it tells all of it each time.

    Args:
        step: Counts what the nurse did: checked in (1), stays longer, checked out.
        began_ago: How long ago she checked in.
        lasts: How long she means to be out, from when she checked in.
        ended_ago: How long ago she checked out; None while she is out.
        family_id: With whom she is, if with a family.
    """

    step: int
    began_ago: timedelta
    lasts: timedelta
    ended_ago: timedelta | None = None
    family_id: UUID | None = None

    def ended_at(self, began_at: datetime, now: datetime) -> datetime | None:
        """When she checked out. Not before she checked in, whatever the way took."""
        return None if self.ended_ago is None else max(began_at, now - self.ended_ago)


def is_late(expected_at: datetime, now: datetime, grace: timedelta) -> bool:
    """Whether somebody who has not checked out should have."""
    return now >= expected_at + grace


def state_of(ended_at: datetime | None, *, late: bool, settled: bool) -> OutingState:
    """What is known of an outing.

    Args:
        ended_at: When she checked out, if we have heard that.
        late: See `is_late`.
        settled: Whether her base has looked after it since she became late.
    """
    if ended_at is not None:
        return OutingState.BACK
    if not late:
        return OutingState.OUT
    return OutingState.SETTLED if settled else OutingState.OVERDUE
