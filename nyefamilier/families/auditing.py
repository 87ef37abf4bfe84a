"""Looks through the histories of all families for what does not follow from their rows.

Nothing of a family is opened: ids, revisions and sealed bytes are compared, so nobody is written
down as having read. Each page is looked at as it was at one instant, and no transaction lasts for
longer than a page.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.families import store
from nyefamilier.families.history import Difference, differing
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.storage.work import Work

AT_A_TIME: Final = 100
"""How many families are looked at in one transaction."""

Look: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Opens a piece of the programme's own work that sees the database at one instant."""


@dataclass(slots=True)
class Audit:
    """What an audit has come to.

    Args:
        families: How many families were looked at.
        differences: What did not follow from their rows.
    """

    families: int = 0
    differences: list[Difference] = field(default_factory=list)


def audit_histories(look: Look, *, at_a_time: int = AT_A_TIME) -> Audit:
    """Look through every family's log, chain and checksum.

    Args:
        look: See `Look`.
        at_a_time: How many families are looked at in one transaction.

    Raises:
        NotAllowed: the actor is not the programme itself.
    """
    found, after = Audit(), None
    while True:
        with look() as work:
            page = _page(work, after, at_a_time, found)
        if len(page) < at_a_time:
            return found
        after = page[-1]


def _page(work: Work, after: UUID | None, limit: int, found: Audit) -> list[UUID]:
    if work.actor != SYSTEM:
        raise NotAllowed("Histories are audited by the programme itself.")
    page = store.ids_after(work.session, after, limit)
    found.families += len(page)
    found.differences += differing(work.session, page)
    return page
