"""Reminds leads, on their own page, of offers that have waited for an answer for long.

No family is told anything: whether to ask again is for somebody who knows it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.offers import store
from nyefamilier.storage.work import Work

WAITS_FOR: Final = timedelta(days=14)
"""How long an offer waits before the lead is reminded. Our estimate: nothing prescribes it."""
AT_ONCE: Final = 500
"""The most that one transaction notes."""


def remind(work: Work) -> int:
    """Note of some offers that the lead is reminded; none is left when it says fewer than at once.

    Each offer once. One that was answered, or whose child was lost, is not among them.

    Raises:
        NotAllowed: the actor is a person; this looks at every family's offers.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Reminders are the programme's own job.")
    return store.remind(work.session, work.today - WAITS_FOR, work.today, AT_ONCE)
