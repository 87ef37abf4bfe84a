"""What becomes of a run."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a run ended. Only the first one settles the time that it was due for."""

    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    STOPPED = "stopped"
    """Its process was told to end, or was no longer the one that leads."""
    LOST = "lost"
    """Its process died, or lost the database, and somebody else found the run open."""
