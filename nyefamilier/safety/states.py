"""What is known of an outing, and how an alarm ended."""

from __future__ import annotations

from enum import StrEnum


class OutingState(StrEnum):
    """What is known of a nurse who went out."""

    OUT = "out"
    OVERDUE = "overdue"
    """She should have checked out and has not been heard to: an alarm."""
    SETTLED = "settled"
    """She has not checked out, and her base has looked after it."""
    BACK = "back"


class ClosedHow(StrEnum):
    """How an alarm ended."""

    BACK = "back"
    """Her check-out came."""
    EXTENDED = "extended"
    """It came that she stays longer."""
    SETTLED = "settled"
    """A lead said that she has been reached."""
