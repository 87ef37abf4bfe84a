"""What an actor may want to do with needs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nyefamilier.needs.states import NeedState

WORDS_CHARS = 2_000
"""The longest statement of a need, in characters."""


@dataclass(frozen=True, slots=True, repr=False)
class StateNeed:
    """A parent says what the family needs."""

    need_id: UUID
    stated_by: UUID
    words: str
    wish: str | None = None
    theme: str | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ReviewNeed:
    """Nurse and parents look at a need together."""

    review_id: UUID
    need_id: UUID
    state: NeedState
    words: str | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CloseNeed:
    """A parent closes a need: it is met, or no longer wished."""

    review_id: UUID
    need_id: UUID
    closed_by: UUID
    state: NeedState
    words: str | None = None
    visit_id: UUID | None = None
