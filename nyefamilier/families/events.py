"""What happens in a family that its other records must follow."""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.kernel.events import FamilyEvent
from nyefamilier.kernel.ids import PregnancyId


@dataclass(frozen=True, slots=True)
class PregnancyRegistered(FamilyEvent):
    """A child is expected, or was."""

    pregnancy_id: PregnancyId
    basis: str | None


@dataclass(frozen=True, slots=True)
class AnchorsChanged(FamilyEvent):
    """Term, birth or homecoming became known, or changed."""

    pregnancy_id: PregnancyId


@dataclass(frozen=True, slots=True)
class ProgrammeEnded(FamilyEvent):
    """A loss or a death left the pregnancy without a living or expected child."""

    pregnancy_id: PregnancyId


@dataclass(frozen=True, slots=True)
class LanguagesTold(FamilyEvent):
    """What a parent speaks, or whether she needs an interpreter, became known or changed."""


@dataclass(frozen=True, slots=True)
class NurseChanged(FamilyEvent):
    """Another nurse follows the family, or none does yet."""
