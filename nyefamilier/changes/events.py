"""What happens to what lay in the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nyefamilier.kernel.events import FamilyEvent


@dataclass(frozen=True, slots=True)
class ReviewDecided(FamilyEvent):
    """A person decided what a phone's mutation had left open."""

    review_id: UUID
    mutation_id: UUID
