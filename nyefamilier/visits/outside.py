"""Visits outside a nurse's working time: for a reason, or refused with times within it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nyefamilier.calendars.views import availability
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.storage.work import Work
from nyefamilier.visits.nearest import Sought, nearest_free


class OutsideHours(RuleBroken):
    """Somebody who is to come does not work then, and nobody has said why she does all the same.

    Args:
        free: When whoever is to come is at work and free, near it.
        pointer: Where the request speaks of the time.
    """

    def __init__(self, free: Sequence[datetime], pointer: str = "/at") -> None:
        super().__init__(
            "outside-hours",
            "Outside the nurse's working time: her hours, an absence or a public holiday. Agree on "
            "another time, or say why in `outside_hours`.",
            pointer=pointer,
            members={"free": [one.isoformat() for one in free]},
        )
        self.free = tuple(free)


def reason_to_keep(
    work: Work, sought: Sought, reason: str | None, pointer: str = "/at"
) -> str | None:
    """Why an appointment is outside working time; None where it is not.

    Raises:
        OutsideHours: it is, and there is no reason.
    """
    if not is_outside(work, sought):
        return None
    if reason is None:
        raise OutsideHours(nearest_free(work, sought), pointer)
    return reason


def is_outside(work: Work, sought: Sought) -> bool:
    """Whether anybody who is to come does not work all that time."""
    span = sought.span
    # What the session keeps back goes on being kept back: a calendar is nothing that it writes.
    with work.session.no_autoflush:
        works = availability(work, sought.nurse_ids, day_of(span.begins), day_of(span.ends))
    return not all(one.covers(span.begins, span.ends) for one in works.values())
