"""Which days of nurses' some mutations may take time of or give it back: they are taken in turns.

Otherwise one who has given back an hour of one nurse's and wants an hour of another's, and one who
does it the other way round, would wait for each other in a circle. Turns are taken before anything
is locked, all in one order (`changes.store.take_turns`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.families.intents import RecordBirth, RecordLoss
from nyefamilier.kernel.clock import day_of
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.intents import BookVisit, CancelVisit, RecordVisit
from nyefamilier.visits.slots import MOST_BOOKED

_FREES = BookVisit | CancelVisit | RecordVisit | RecordBirth | RecordLoss | ChangeEnrolment
"""What may give back the time of a visit that is booked."""
_LONGEST: Final = timedelta(minutes=MOST_BOOKED)


def days_meant(work: Work, mutations: Collection[Mutation]) -> set[UUID]:
    """What stands for each nurse's day on which time may be taken or given back."""
    families = {one.family_id for one in mutations if any(map(_frees, one.operations))}
    found = {turn for one in mutations for each in one.operations for turn in _wanted(work, each)}
    if families:
        for one in store.appointments_with(work.session, families):
            found |= _turns(one.nurse_id, one.begins, one.ends)
    return found


def _frees(operation: Operation) -> bool:
    return isinstance(operation, _FREES)


def _wanted(work: Work, operation: Operation) -> Iterator[UUID]:
    match operation:
        case BookVisit(at=at, nurse_id=nurse_id, second_nurse_id=second):
            for one in {nurse_id or work.actor.id, second} - {None}:
                yield from _turns(one, at, at + _LONGEST)
        case RecordVisit(next_visit=following, nurse_id=nurse_id):
            if following is not None and following.at is not None:
                own = nurse_id or work.actor.id
                yield from _turns(own, following.at, following.at + _LONGEST)


def _turns(nurse_id: UUID | None, begins: datetime, ends: datetime) -> set[UUID]:
    """One for the day, and one for the next where a visit goes on past midnight."""
    if nurse_id is None:
        return set()
    return {UUID(int=nurse_id.int ^ day_of(one).toordinal()) for one in (begins, ends)}
