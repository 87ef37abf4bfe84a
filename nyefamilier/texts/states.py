"""The words of a text: what it is for, where it stands, and why it did not go out."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a text is for."""

    PREPARATION = "preparation"
    """Before the visit from week 28: what the parents may want to think of."""
    REMINDER = "reminder"
    CHANGED = "changed"
    """A time that was agreed on became another."""
    THANKS = "thanks"
    """After a visit, with a way to say what they need, or no."""


ABOUT_A_TIME = frozenset({Kind.PREPARATION, Kind.REMINDER, Kind.CHANGED})
"""The kinds that speak of a visit to come; the other one speaks of a visit that was made."""


class TextState(StrEnum):
    """Where a text stands."""

    WAITING = "waiting"
    HANDED = "handed"
    """It was checked and is being given to the gateway. One that stays so may have been sent."""
    SENT = "sent"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


UNSETTLED = frozenset({TextState.WAITING, TextState.HANDED})
"""The states of a text that may still go out."""


class Reason(StrEnum):
    """Why a text was not sent, or not yet. A code, never a word about the family."""

    DEATH = "death"
    LOSS = "loss"
    PROTECTED = "protected-address"
    OBJECTION = "objection"
    WITHDRAWN = "withdrawn"
    PAUSED = "paused"
    COMPLETED = "completed"
    NOT_ENROLLED = "not-enrolled"
    MOVED = "moved"
    VISIT_CANCELLED = "visit-cancelled"
    VISIT_CHANGED = "visit-changed"
    VISIT_OVER = "visit-over"
    BORN = "born"
    """There is nothing left to prepare for the pregnancy."""
    REPLACED = "replaced"
    SAID_ALREADY = "said-already"
    TOO_LATE = "too-late"
    NUMBER_MISSING = "number-missing"
    NUMBER_CHANGED = "number-changed"
    NIGHT = "night"
    """It waits for the morning."""
    GATEWAY_AWAY = "gateway-away"
    """The gateway did not answer, or not with a receipt; it is tried again."""
    GATEWAY_REFUSED = "gateway-refused"
    GAVE_UP = "gave-up"
    """The gateway was away every time that it was tried."""
    DEFECT = "defect"
    """Something of ours or of the gateway's failed on it as nobody thought of. It is tried again a
    few times, after the others, and then given up."""
    NOT_READABLE = "record-damaged"
