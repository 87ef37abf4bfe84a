"""A family's story as the door can take it: what was done, by whom, at which instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from uuid import UUID, uuid5

from nyefamilier.door.mutations import Operation
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import FamilyId, MutationId

OPEN_ENROLMENT = UUID(int=1)
"""Stands for the enrolment that the family has when the scene is played: its id is made inside."""

_PLANNED = UUID("8f1b0c1e-6d2f-4c53-9d55-0f5f6a6c2b11")


def planned(kind: str) -> UUID:
    """Stands for the planned visit of a protocol's item, whose id is made inside."""
    return uuid5(_PLANNED, kind)


@dataclass(frozen=True, slots=True)
class Scene:
    """One mutation: its id, its instant, who does it, and what."""

    id: MutationId
    at: datetime
    actor: Actor
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is told of one family, oldest first."""

    family_id: FamilyId
    scenes: tuple[Scene, ...]


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of the day in Oslo."""
    return datetime.combine(day, time(hour, minute), OSLO).astimezone(UTC)


def story_id(at: datetime, rng: Random) -> UUID:
    """A UUIDv7 whose random part is the seed's: told again, it is the same.

    Sources: RFC 9562 section 5.7.
    """
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    high = milliseconds << 16 | 0x7 << 12 | rng.getrandbits(12)
    return UUID(int=high << 64 | 0b10 << 62 | rng.getrandbits(62))
