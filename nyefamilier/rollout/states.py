"""A version of a plan as it is kept, and the states that it can be in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from nyefamilier.kernel.ids import UserId


class VersionState(StrEnum):
    """How far a version of a plan has come."""

    DRAFT = "draft"
    DECIDED = "decided"
    ARCHIVED = "archived"
    """Put away; it may have been decided before."""


@dataclass(frozen=True, slots=True)
class Done:
    """That somebody did something, and when."""

    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan, without its document and its figures.

    Args:
        number: Counted from 1 within its plan.
        name: What the plan is called in this version.
    """

    plan_id: UUID
    number: int
    name: str
    written: Done
    decided: Done | None
    archived: Done | None

    @property
    def state(self) -> VersionState:
        """How far it has come."""
        if self.archived is not None:
            return VersionState.ARCHIVED
        return VersionState.DRAFT if self.decided is None else VersionState.DECIDED


@dataclass(frozen=True, slots=True)
class Whole:
    """A version with all that is kept of it.

    Args:
        document: The plan as its planner wrote it, in TOML.
        figures: What it gave when it was saved.
        model: Which state of the model gave it.
    """

    version: Version
    document: str
    figures: Mapping[str, Any]
    model: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan with its versions, the newest first.

    Args:
        rev: How many times something was done to it: the version of the record.
    """

    id: UUID
    rev: int
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        """What its newest version calls it."""
        return self.versions[0].name

    @property
    def decided(self) -> Version | None:
        """The newest version that is decided and not put away."""
        return next((one for one in self.versions if one.state is VersionState.DECIDED), None)

    @property
    def is_archived(self) -> bool:
        """Whether all of it is put away."""
        return all(one.state is VersionState.ARCHIVED for one in self.versions)
