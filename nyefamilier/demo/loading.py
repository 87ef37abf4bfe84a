"""Plays stories at the ordinary door, each scene at its own instant.

The scenes of some families share a transaction, for speed; each has a work of its own, because a
work is one actor at one instant. A family is in the database whole or not at all, so a load that
was interrupted is simply started again, and a second one finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from nyefamilier.changes.tables import MutationRow
from nyefamilier.demo.lives import NEWBORN_VISIT, PREGNANCY_VISIT
from nyefamilier.demo.stories import OPEN_ENROLMENT, Scene, Story, planned
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.families.tables import FamilyRow
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import Occasion
from nyefamilier.kernel.errors import Conflict
from nyefamilier.kernel.ids import FamilyId, new_id
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.offers import store as offers
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.storage.work import Subscribers, Work
from nyefamilier.vault.vault import Vault
from nyefamilier.visits import store as visits
from nyefamilier.visits.intents import BookVisit, RecordVisit

DOORWAY = "demo"
FAMILIES_AT_ONCE = 20

_KIND_OF = {planned(kind): kind for kind in (PREGNANCY_VISIT, NEWBORN_VISIT)}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story needs to be played: the database, the vault, and who hears of what."""

    sessions: sessionmaker[Session]
    vault: Vault
    subscribers: Subscribers


@dataclass(slots=True)
class Played:
    """What a load did."""

    families: int = 0
    mutations: int = 0
    there_already: int = 0


def play_all(
    stage: Stage, stories: Iterable[Story], told: Callable[[int], None] = lambda _: None
) -> Played:
    """Play all stories of families that are not in the database yet.

    Args:
        stage: Where they are played.
        stories: One of each family.
        told: Called with the number of families done since it was last called.
    """
    played = Played()
    for some in _batches(iter(stories)):
        with stage.sessions.begin() as session:
            known = _known(session, [story.family_id for story in some])
            for story in some:
                if story.family_id in known:
                    played.there_already += 1
                    continue
                _play(stage, session, story)
                played.families += 1
                played.mutations += len(story.scenes)
        told(len(some))
    return played


def refuse_another_city(session: Session, family_ids: Iterable[UUID]) -> None:
    """Refuse to load on top of a demonstration that is not this one.

    Raises:
        Conflict: ``another-city``.
    """
    theirs = select(MutationRow.family_id).where(
        MutationRow.doorway == DOORWAY, MutationRow.rev == 1
    )
    if not set(session.scalars(theirs)) <= set(family_ids):
        raise Conflict(
            "another-city",
            "The database holds a demonstration with another seed; two would be counted together. "
            "Use that seed, or start empty: set NYEFAMILIER_VAR to a new folder.",
        )


def _batches(stories: Iterator[Story]) -> Iterator[list[Story]]:
    while some := list(islice(stories, FAMILIES_AT_ONCE)):
        yield some


def _known(session: Session, family_ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(FamilyRow.id).where(FamilyRow.id.in_(family_ids))))


def _play(stage: Stage, session: Session, story: Story) -> None:
    for scene in story.scenes:
        occasion = Occasion(scene.id, DOORWAY)
        work = Work(session, scene.actor, scene.at, stage.vault, occasion, stage.subscribers)
        apply(work, _mutation(work, story.family_id, scene))


def _mutation(work: Work, family_id: FamilyId, scene: Scene) -> Mutation:
    stand_ins = _stand_ins(work, family_id, scene)
    operations = tuple(_with_ids(one, stand_ins) for one in scene.operations)
    return Mutation(scene.id, family_id, operations)


def _stand_ins(work: Work, family_id: FamilyId, scene: Scene) -> dict[UUID, UUID]:
    """The ids that the programme made itself, by the ids that stand for them in the scene."""
    found = {}
    for operation in scene.operations:
        if isinstance(operation, ChangeEnrolment):
            enrolment = offers.open_enrolment(work.session, family_id)
            if enrolment is not None:
                found[OPEN_ENROLMENT] = enrolment.id
        elif isinstance(operation, RecordVisit | BookVisit) and operation.visit_id in _KIND_OF:
            kind = _KIND_OF[operation.visit_id]
            rows = visits.open_visits(work.session, family_id)
            ids = [row.id for row in rows if row.kind == kind]
            found[operation.visit_id] = ids[0] if ids else new_id(work.now)
    return found


def _with_ids(operation: Operation, stand_ins: Mapping[UUID, UUID]) -> Operation:
    if isinstance(operation, ChangeEnrolment):
        known = stand_ins.get(operation.enrolment_id, operation.enrolment_id)
        return replace(operation, enrolment_id=known)
    if isinstance(operation, RecordVisit | BookVisit):
        known = stand_ins.get(operation.visit_id, operation.visit_id)
        return replace(operation, visit_id=known)
    if isinstance(operation, WriteNote | StateNeed | ReviewNeed | CloseNeed):
        visit_id = operation.visit_id
        return replace(operation, visit_id=stand_ins.get(visit_id, visit_id) if visit_id else None)
    return operation
