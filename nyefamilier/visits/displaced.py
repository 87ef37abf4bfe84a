"""Why an agreed visit has come out of place: its days moved, or nobody can come then. Pure.

A visit that somebody has agreed on since the family's days last changed is where she wants it,
whatever its window says; nobody is asked about it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nyefamilier.kernel.clock import day_of
from nyefamilier.visits.appointments import Span, collide
from nyefamilier.visits.newborn import Window


class Reason(StrEnum):
    """Why a person should look at an agreed visit."""

    BEFORE_WINDOW = "before-window"
    AFTER_WINDOW = "after-window"
    DAYS_CHANGED = "days-changed"
    """A birth or a homecoming was recorded since it was agreed on, and it has no window."""
    BIRTH_AWAITED = "birth-awaited"
    """It is counted from a birth that has not been yet."""
    NURSE_AWAY = "nurse-away"
    """Somebody who is to come is away then."""
    DOUBLE_BOOKED = "double-booked"
    """Somebody who is to come has another appointment then."""


CANNOT_COME: Final = frozenset({Reason.NURSE_AWAY, Reason.DOUBLE_BOOKED})
"""The reasons for which nobody comes unless the visit is agreed on anew."""

CANNOT_STAY: Final = CANNOT_COME | {Reason.BIRTH_AWAITED}
"""The reasons for which the time that was agreed on cannot be kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreed visit stands to the family's days and to whoever is to come.

    Args:
        window: The days on which the visit fits, where there are such.
        is_born: Whether the child is born.
        counts_from_birth: Whether its days are counted from the birth or the homecoming.
        looked_at: Whether it was agreed on since the family's days last changed.
        away: When whoever is to come is away.
        has_time: Whether the time of everybody who is to come is taken for it.
    """

    window: Window | None
    is_born: bool
    counts_from_birth: bool
    looked_at: bool
    away: Collection[Span]
    has_time: bool


def reasons(agreed: Span, standing: Standing) -> tuple[Reason, ...]:
    """Why somebody should look at a visit; nothing for one that is in its place.

    Args:
        agreed: From when to when it is to be.
        standing: How it stands.
    """
    found = list(_of_days(agreed, standing))
    if any(collide(agreed, one) for one in standing.away):
        found.append(Reason.NURSE_AWAY)
    if not standing.has_time:
        found.append(Reason.DOUBLE_BOOKED)
    return tuple(found)


def _of_days(agreed: Span, standing: Standing) -> Iterator[Reason]:
    if standing.counts_from_birth and not standing.is_born:
        yield Reason.BIRTH_AWAITED
    elif standing.looked_at:
        return
    elif standing.window is None:
        if standing.is_born:
            yield Reason.DAYS_CHANGED
    elif day_of(agreed.begins) < standing.window.opens:
        yield Reason.BEFORE_WINDOW
    elif day_of(agreed.begins) > standing.window.closes:
        yield Reason.AFTER_WINDOW
