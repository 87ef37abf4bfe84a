"""Keeps the plan of 2013 to 2019 in the demonstration city, as one that was decided."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from nyefamilier.rollout.reading import packaged_plan
from nyefamilier.rollout.service import create_plan, decide, plans
from nyefamilier.storage.work import Work

HISTORY: Final = UUID("01930000-0000-7000-8000-000000002013")
"""The plan's id in every demonstration."""


def keep_history(work: Work) -> bool:
    """Keep and decide the packaged plan of history, unless it is there already.

    Returns:
        Whether it was not.

    Raises:
        NotAllowed: the actor is neither a planner nor the programme itself.
    """
    if any(one.id == HISTORY for one in plans(work)):
        return False
    create_plan(work, HISTORY, packaged_plan("history"))
    decide(work, HISTORY, 1)
    return True
