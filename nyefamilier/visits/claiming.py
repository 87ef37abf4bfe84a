"""A nurse's time: taken when a visit is agreed on, given back when it is agreed on no more.

The database decides: an exclusion constraint lets a nurse have one appointment at a time, however
many want her at once. What it does not let in is refused by name, with the nearest free times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.accounts.store import accounts_of
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span, lasting
from nyefamilier.visits.events import TimeAgreed, TimeGivenBack
from nyefamilier.visits.nearest import Sought, nearest_free, sees_hours
from nyefamilier.visits.tables import VisitRow

WEEKS_AHEAD: Final = 53
"""How many weeks are looked through: a visit is booked a year ahead at most."""

_WEEK: Final = timedelta(weeks=1)
_ATTEMPTS: Final = 3
"""A time may be given back just after it was found taken."""


class TimeTaken(RuleBroken):
    """The nurse has another appointment then.

    Args:
        taken: When her appointments begin that are in the way.
        free: When whoever is to come is at work and free, near it.
        pointer: Where the request speaks of the time.
    """

    def __init__(
        self, taken: Sequence[datetime], free: Sequence[datetime], pointer: str = "/at"
    ) -> None:
        super().__init__(
            "time-taken",
            "The nurse has another appointment at that time. Agree on another one.",
            pointer=pointer,
            members={
                "taken": [one.isoformat() for one in taken],
                "free": [one.isoformat() for one in free],
            },
        )
        self.taken = tuple(taken)
        self.free = tuple(free)


def claim(work: Work, event: TimeAgreed) -> None:
    """Take the time of everybody who is to come.

    Raises:
        TimeTaken: somebody has another appointment then.
        RuleBroken: ``unknown-nurse``: somebody has no account.
    """
    sought = Sought(event.visit_id, event.nurse_ids, Span(event.begins, event.ends), event.place)
    if event.moved:
        store.release(work.session, event.visit_id)
    for _ in range(_ATTEMPTS):
        if _has_claimed(work, sought):
            return
        store.release(work.session, event.visit_id)
        refuse_if_taken(work, sought, event.pointer)
        _require_known(work, event.nurse_ids)
    raise TimeTaken([], [], event.pointer)


def release(work: Work, event: TimeGivenBack) -> None:
    """Give the time back."""
    store.release(work.session, event.visit_id)


def refuse_if_taken(work: Work, sought: Sought, pointer: str = "/at") -> None:
    """Refuse a time at which somebody has an appointment that is not this visit.

    Raises:
        TimeTaken: see above.
    """
    taken = store.taken(work.session, sought.nurse_ids, sought.span, but=sought.visit_id)
    if taken:
        told = taken if sees_hours(work, sought.nurse_ids) else []
        raise TimeTaken([one.begins for one in told], nearest_free(work, sought), pointer)


@dataclass(frozen=True, slots=True)
class Claimed:
    """How often a nurse's time was taken, and the visits for which it could not be.

    Another visit has that time: a person must agree on another one.
    """

    taken: int
    colliding: Sequence[VisitRow]


def claim_what_is_booked(work: Work, among: Span) -> Claimed:
    """Take the time of visits that are booked and have not taken it: after an upgrade, or a load.

    What has its time already is left as it is.

    Args:
        work: The transaction, the actor and the instant.
        among: The visits that begin in it.

    Raises:
        NotAllowed: the actor is a person; this looks at every family's appointments.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Appointments are looked through by the programme itself.")
    taken = store.claim_booked(work.session, among)
    return Claimed(taken, store.unclaimed(work.session, among))


def weeks_ahead(now: datetime) -> Iterator[Span]:
    """The weeks from now on in which a visit can be booked, one after the other."""
    for week in range(WEEKS_AHEAD):
        yield lasting(now + week * _WEEK, _WEEK)


def _has_claimed(work: Work, sought: Sought) -> bool:
    nurses = sought.nurse_ids
    return store.claim(work.session, sought.visit_id, nurses, sought.span) == len(nurses)


def _require_known(work: Work, nurse_ids: Collection[UUID]) -> None:
    if len(accounts_of(work.session, nurse_ids)) < len(nurse_ids):
        raise RuleBroken("unknown-nurse", "There is no nurse with this id.", pointer="/nurse_id")
