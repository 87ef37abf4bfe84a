"""Where a need stands. Only the parents close one."""

from __future__ import annotations

from enum import StrEnum

from nyefamilier.kernel.errors import RuleBroken


class NeedState(StrEnum):
    """Where a need stands, as the parents say."""

    OPEN = "open"
    BEING_MET = "being_met"
    MET = "met"
    NO_LONGER_WISHED = "no_longer_wished"


class NeedStep(StrEnum):
    """What becomes of a need, as statistics count it."""

    STATED = "stated"
    REVIEWED = "reviewed"
    """It was looked at, for the first time; closing it is looking at it."""
    MET = "met"
    NO_LONGER_WISHED = "no_longer_wished"


CLOSED = frozenset({NeedState.MET, NeedState.NO_LONGER_WISHED})


def require_open(state: NeedState) -> None:
    """Refuse to touch a need that the parents have closed.

    Raises:
        RuleBroken: ``need-closed``.
    """
    if state in CLOSED:
        raise RuleBroken(
            "need-closed",
            f"The parents have closed this need ({state}). If it has come back, state a new one.",
        )
