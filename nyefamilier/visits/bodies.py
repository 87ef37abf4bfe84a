"""What lies sealed in a visit's row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisitBody:
    """The words of a visit: never shown in a schedule, a text or a figure."""

    agreed: str | None = None
    interpreter_language: str | None = None
    why_unqualified: str | None = None
    cancel_reason: str | None = None

    def __repr__(self) -> str:
        return "<VisitBody>"
