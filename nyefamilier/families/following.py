"""Which of some families the nurse who asks follows now, and why she may see each of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.families import store
from nyefamilier.families.states import TeamPart
from nyefamilier.families.tables import TeamRow
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work

_GROUNDS: Final = {TeamPart.PRIMARY: Ground.PRIMARY, TeamPart.COVERING: Ground.COVERING}


def note_followed(work: Work, family_ids: Collection[FamilyId], what: str) -> list[FamilyId]:
    """Those that she follows, in the order told, each written down as read on its own ground.

    Their teams alone are asked: however old the youngest is, she follows the family until somebody
    says that she does not.
    """
    teams = store.teams_at(work.session, family_ids, work.now) if family_ids else {}
    followed: list[FamilyId] = []
    for family_id in dict.fromkeys(family_ids):
        ground = _ground(work, teams[family_id])
        if ground is not None:
            note_accesses(work, [family_id], Action.READ, what, ground)
            followed.append(family_id)
    return followed


def _ground(work: Work, team: list[TeamRow]) -> Ground | None:
    """Whoever both follows a family and covers for its nurse follows it."""
    parts = {TeamPart(one.part) for one in team if one.nurse_id == work.actor.id}
    return next((ground for part, ground in _GROUNDS.items() if part in parts), None)
