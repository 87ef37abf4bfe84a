"""What lies sealed in an offer's row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferBody:
    """Why a family with several children is offered the programme: a clinical judgement."""

    reason: str | None = None

    def __repr__(self) -> str:
        return "<OfferBody>"
