"""Puts the ids that the programme makes itself in place of those that stand for them in a scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from nyefamilier.demo.lives import NEWBORN_VISIT, PREGNANCY_VISIT
from nyefamilier.demo.stories import OPEN_ENROLMENT, Scene, planned
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.ids import FamilyId, new_id
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.offers import store as offers
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.storage.work import Work
from nyefamilier.visits import store as visits
from nyefamilier.visits.intents import BookVisit, CancelVisit, RecordVisit

_KIND_OF = {planned(kind): kind for kind in (PREGNANCY_VISIT, NEWBORN_VISIT)}


def mutation_of(work: Work, family_id: FamilyId, scene: Scene) -> Mutation:
    """The scene as the door takes it."""
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
    if isinstance(operation, RecordVisit | BookVisit | CancelVisit):
        known = stand_ins.get(operation.visit_id, operation.visit_id)
        return replace(operation, visit_id=known)
    if isinstance(operation, WriteNote | StateNeed | ReviewNeed | CloseNeed):
        visit_id = operation.visit_id
        return replace(operation, visit_id=stand_ins.get(visit_id, visit_id) if visit_id else None)
    return operation
