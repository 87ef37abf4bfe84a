"""What the server says of a mutation, and what it may ask a client to do."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What became of a mutation. All six mean: the server has it."""

    APPLIED = "applied"
    NOOP = "noop"
    """What was meant is so already."""
    CONFLICT = "conflict"
    """Applied as far as is safe; both values are kept, and a person decides."""
    HELD = "held"
    """Well-formed, and not permitted now: a person decides."""
    PARKED = "parked"
    """It waits for something that is not here yet, and is tried again by itself."""
    QUARANTINED = "quarantined"
    """We could not process it, which is our defect and rings an alarm."""


class Retry(StrEnum):
    """When a request that failed may be sent again; the ``retry`` of a problem document."""

    NEVER = "never"
    NOW = "now"
    AFTER = "after"
    """After ``Retry-After`` seconds."""
    AFTER_FIX = "after-fix"
    """After what the problem's code tells to do."""


class Command(StrEnum):
    """What a phone is told to do, whoever is signed in on it."""

    LOCK = "lock"
    """Close the store, send the escrow copies of what is unsent, ask again later."""
    WIPE = "wipe"
    """Send the escrow copies, erase everything, and say so with a wipe receipt."""
    UPGRADE = "upgrade"
    """The app is older than what this server speaks."""


class DropReason(StrEnum):
    """Why a phone is to give a family up."""

    NOT_HERS = "not-hers"
    """The nurse does not follow the family any more."""
    PROTECTED = "protected"
    """The family's address is protected: it stays on no phone."""
    ENDED = "ended"


class ResetReason(StrEnum):
    """Why a phone is to fetch a family anew."""

    DIVERGED = "diverged"
    """Its history is not the server's."""
    AHEAD = "ahead"
    """It has seen revisions that the server lost: a backup was restored."""
    ROWS_DIFFER = "rows-differ"
    """Its rows are not those that it was sent."""
    TOO_FAR = "too-far"
    """So far behind that a whole copy is smaller."""
