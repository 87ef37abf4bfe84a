"""Who is around a family now, as the access rules ask for it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from nyefamilier.access.rules import Circle
from nyefamilier.access.store import holds_grant
from nyefamilier.families.states import TeamPart
from nyefamilier.families.tables import FamilyRow, TeamRow
from nyefamilier.families.whereabouts import serving_bydel
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.storage.work import Work


def circle_of(work: Work, family: FamilyRow, team: Collection[TeamRow]) -> Circle:
    """The circle of *family*, as far as the actor's access hangs on it; *team* is its team now."""
    return Circle(
        FamilyId(family.id),
        serving_bydel(work, family),
        _nurses(team, TeamPart.PRIMARY),
        _nurses(team, TeamPart.COVERING),
        _in_emergency(work, family.id, team),
    )


def _nurses(team: Collection[TeamRow], part: TeamPart) -> frozenset[UserId]:
    return frozenset(UserId(row.nurse_id) for row in team if row.part == part)


def _in_emergency(work: Work, family_id: UUID, team: Collection[TeamRow]) -> frozenset[UserId]:
    """The actor, where she was let in for some hours. Nobody of the team needs to be."""
    actor = work.actor
    asks = actor.role is Role.NURSE and all(row.nurse_id != actor.id for row in team)
    if asks and holds_grant(work.session, family_id, actor.id, work.now):
        return frozenset({actor.id})
    return frozenset()
