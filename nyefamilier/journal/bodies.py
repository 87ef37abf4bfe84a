"""What lies sealed in a note's row."""

from __future__ import annotations

from dataclasses import dataclass
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
class NoteBody:
    """What was written, and who may see it."""

    text: str
    kind: NoteKind = NoteKind.ORDINARY
    visible_to_parents: bool = True

    def __repr__(self) -> str:
        return "<NoteBody>"
