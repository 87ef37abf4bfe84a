"""How many families there are of a kind: queries that name none of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from nyefamilier.families.states import Protection, TeamPart
from nyefamilier.families.store import awaits_nurse, is_current, lives_openly_in
from nyefamilier.families.tables import FamilyRow, TeamRow


def count_awaiting_nurse(session: Session, delbydeler: Sequence[str]) -> int:
    """How many families `store.awaiting_nurse` would give."""
    query = select(func.count(FamilyRow.id)).where(lives_openly_in(delbydeler), awaits_nurse())
    return session.scalar(query) or 0


def caseloads(session: Session, nurse_ids: Collection[UUID], today: date) -> dict[UUID, int]:
    """How many families some nurses follow as their own nurse, by nurse; nobody who follows none.

    Those that `store.families_of_nurse` would give her and whose address is open: a number that
    went up by one would tell a lead that a nurse follows a family that the lead may not know of.
    """
    query = (
        select(TeamRow.nurse_id, func.count())
        .join(FamilyRow, FamilyRow.id == TeamRow.family_id)
        .where(
            TeamRow.nurse_id.in_(nurse_ids),
            TeamRow.part == TeamPart.PRIMARY,
            TeamRow.ends_at.is_(None),
            FamilyRow.protection == Protection.NONE,
            is_current(today),
        )
        .group_by(TeamRow.nurse_id)
    )
    return dict(session.execute(query).all())
