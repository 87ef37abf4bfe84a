"""What lies sealed in a note's row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is. All but ``ordinary`` are restricted.

    Restricted notes are never visible to parents in an app, and reach no schedule or figure; so
    the kind itself lies sealed.
    """

    ORDINARY = "ordinary"
    CONCERN = "concern"
    VIOLENCE = "violence"
    MENTAL_HEALTH = "mental_health"


@dataclass(frozen=True, slots=True)
class Filing:
    """How a note came that was written on a phone, which may have had no network for days.

    Args:
        occurred_at: When it was, as the nurse says; ``signed_at`` is when it was filed.
        late: She did not follow the family any more when it was filed.
    """

    occurred_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class NoteBody:
    """What was written, and who may see it."""

    text: str
    kind: NoteKind = NoteKind.ORDINARY
    visible_to_parents: bool = True
    filing: Filing | None = None

    def __repr__(self) -> str:
        return "<NoteBody>"
