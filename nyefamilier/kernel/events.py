"""What happened. The base of each context's events.

A `Fact` is what statistics may hear: it has no identity. ``participation`` is a random key that
lies sealed in the family's own record, so that a database dump cannot join the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.kernel.ids import BydelNumber, FamilyId


@dataclass(frozen=True, slots=True)
class FamilyEvent:
    """Something that happened in one family; heard by the other contexts that follow the family."""

    family_id: FamilyId


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that statistics count.

    Args:
        participation: Random key of one pregnancy's way through the programme.
        bydel: The family's bydel on the day; None for a family with a protected address, which is
            counted in the city only.
        month: The first day of the month in which it happened.
    """

    participation: UUID
    bydel: BydelNumber | None
    month: date
