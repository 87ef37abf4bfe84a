"""Read a family's needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs import store
from nyefamilier.needs.bodies import NeedBody, ReviewBody
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.tables import NeedRow, ReviewRow
from nyefamilier.storage.work import Work


@dataclass(frozen=True, slots=True)
class Review:
    """A look at a need."""

    id: UUID
    state: NeedState
    reviewed_at: datetime
    reviewed_by: UUID
    visit_id: UUID | None
    words: str | None

    def __repr__(self) -> str:
        return f"<Review {self.id}>"


@dataclass(frozen=True, slots=True)
class Need:
    """A need with its reviews. Words are None for who may not read them."""

    id: UUID
    rev: int
    stated_by: UUID
    stated_at: datetime
    theme: str | None
    state: NeedState
    closed_by: UUID | None
    closed_at: datetime | None
    words: str | None
    wish: str | None
    reviews: tuple[Review, ...]

    def __repr__(self) -> str:
        return f"<Need {self.id} {self.state}>"


def needs(work: Work, family_id: FamilyId) -> list[Need]:
    """A family's needs, oldest first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "needs")
    reviews: dict[UUID, list[Review]] = {}
    for row in store.reviews_of(work.session, family_id):
        reviews.setdefault(row.need_id, []).append(_review(dossier, row))
    return [
        _need(dossier, row, tuple(reviews.get(row.id, ())))
        for row in store.needs_of(work.session, family_id)
    ]


def _review(dossier: Dossier, row: ReviewRow) -> Review:
    body = dossier.shown(row, ReviewBody)
    return Review(
        id=row.id,
        state=NeedState(row.state),
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
        visit_id=row.visit_id,
        words=None if body is None else body.words,
    )


def _need(dossier: Dossier, row: NeedRow, reviews: tuple[Review, ...]) -> Need:
    body = dossier.shown(row, NeedBody)
    return Need(
        id=row.id,
        rev=row.rev,
        stated_by=row.stated_by,
        stated_at=row.stated_at,
        theme=row.theme,
        state=NeedState(row.state),
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        words=None if body is None else body.words,
        wish=None if body is None else body.wish,
        reviews=reviews,
    )
