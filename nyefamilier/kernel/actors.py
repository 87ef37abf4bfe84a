"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from nyefamilier.kernel.ids import BydelNumber, UserId


class Role(StrEnum):
    """What a person is employed to do; one per account."""

    NURSE = "nurse"
    LEAD = "lead"
    PLANNER = "planner"
    PRIVACY_OFFICER = "privacy_officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person, or the programme itself when an import or a timed job acts."""

    id: UserId
    role: Role
    bydel: BydelNumber | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and through what the actor asks; it goes into the access log as it is.

    Args:
        request_id: Names the request in the log of the server and in the access log.
        doorway: ``web``, ``rest``, ``import``, ``job``, ``demo`` or ``cli``.
    """

    request_id: UUID
    doorway: str


SYSTEM = Actor(UserId(UUID(int=0)), Role.SYSTEM)
"""The programme itself: imports, timed jobs, the demonstration city."""
