"""Lays the demonstration's appointments apart, so that no nurse has two at once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from nyefamilier.accounts.service import actor_of
from nyefamilier.demo.staging import DOORWAY, Stage
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families import store as families
from nyefamilier.families.states import TeamPart
from nyefamilier.kernel.actors import SYSTEM, Actor, Occasion
from nyefamilier.kernel.ids import FamilyId, MutationId, UserId, new_id
from nyefamilier.storage.work import Work, open_work
from nyefamilier.visits.appointments import Span
from nyefamilier.visits.booking import BOOKING_AHEAD
from nyefamilier.visits.claiming import TimeTaken, claim_what_is_booked
from nyefamilier.visits.events import TimeAgreed, TimeGivenBack
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.outside import OutsideHours
from nyefamilier.visits.states import Place
from nyefamilier.visits.tables import VisitRow

CLAIMING: Final = frozenset({TimeAgreed, TimeGivenBack})
"""What is told of nurses' time."""


def lay_apart(stage: Stage, now: datetime) -> int:
    """Take the time of what is booked; move what collides, through the door, and say how much.

    Whoever follows the family moves it, to the free time that lies nearest.
    """
    with _work(stage, SYSTEM, now) as work:
        colliding = claim_what_is_booked(work, Span(now, now + BOOKING_AHEAD)).colliding
        movers = [_mover(work, one) for one in colliding]
    return sum(
        _move(stage, visit, mover, now)
        for visit, mover in zip(colliding, movers, strict=True)
        if mover is not None
    )


def _work(stage: Stage, actor: Actor, now: datetime) -> AbstractContextManager[Work]:
    occasion = Occasion(new_id(now), DOORWAY)
    return open_work(stage.sessions, stage.vault, actor, now, occasion, stage.subscribers)


def _mover(work: Work, visit: VisitRow) -> Actor | None:
    team = families.team_at(work.session, FamilyId(visit.family_id), work.now)
    nurses = [one.nurse_id for one in team if one.part == TeamPart.PRIMARY]
    return actor_of(work.session, UserId(nurses[0])) if nurses else None


def _move(stage: Stage, visit: VisitRow, mover: Actor, now: datetime) -> bool:
    """Whether a time was found. Other visits were moved meanwhile: what is free is asked anew."""
    at = visit.at
    while at is not None:
        try:
            with _work(stage, mover, now) as work:
                apply(work, _moved(visit, at, now))
        except (OutsideHours, TimeTaken) as refused:
            at = min(refused.free, key=partial(_how_far, visit), default=None)
        else:
            return True
    return False


def _moved(visit: VisitRow, at: datetime, now: datetime) -> Mutation:
    place = Place(visit.place or Place.HOME)
    booking = BookVisit(visit.id, at, place, nurse_id=visit.nurse_id)
    return Mutation(MutationId(new_id(now)), FamilyId(visit.family_id), (booking,))


def _how_far(visit: VisitRow, at: datetime) -> timedelta:
    return abs(at - visit.at) if visit.at is not None else timedelta(0)
