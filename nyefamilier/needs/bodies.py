"""What lies sealed in a need's rows: the parents' own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NeedBody:
    """What the parents say that they need, and what they want to come of it."""

    words: str
    wish: str | None = None

    def __repr__(self) -> str:
        return "<NeedBody>"


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """How it goes, as the parents put it."""

    words: str | None = None

    def __repr__(self) -> str:
        return "<ReviewBody>"
