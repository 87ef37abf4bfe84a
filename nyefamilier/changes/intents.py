"""What a person may want to do with something in the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

REASON_CHARS = 2_000
"""Why something in the inbox is dismissed."""


class Choice(StrEnum):
    """What is decided. Both contents stay in the inbox, whatever it is."""

    CURRENT = "current"
    """What stands goes on standing."""
    PROPOSED = "proposed"
    """What was proposed takes its place."""
    FILE_HELD = "file_held"
    """What was held is carried out now, in the name of whoever sent it."""
    DISMISS = "dismiss"
    """Nothing is done, for a reason that is told."""


@dataclass(frozen=True, slots=True, repr=False)
class DecideReview:
    """Decide what lies in the inbox. ``reason`` is told where it is dismissed."""

    review_id: UUID
    choose: Choice
    reason: str | None = None
