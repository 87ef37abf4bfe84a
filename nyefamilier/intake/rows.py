"""What a row says: a referral or a birth. Values only.

Two rows that say the same are equal here, however they were written: that is what makes an import
repeatable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.national_ids import NationalId
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.offers.states import Basis, Channel


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A parent."""

    role: MemberRole
    name: str
    national_id: NationalId | None
    phone: str | None = None
    language: str | None = None
    interpreter: InterpreterNeed | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Residence:
    """Where the family lives."""

    delbydel: str | None
    protection: Protection
    lines: str | None
    postal_code: str | None
    directions: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Offered:
    """The programme has been offered already."""

    on: date
    basis: Basis
    channel: Channel
    reason: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Referral:
    """A family that expects a child."""

    mother: Person
    other: Person | None
    residence: Residence
    term: date
    expected: int
    basis: Basis | None
    referred_on: date
    offered: Offered | None
    nurse: UUID | None


@dataclass(frozen=True, slots=True, repr=False)
class Child:
    """A child that was born."""

    name: str | None
    national_id: NationalId | None
    stillborn: bool


@dataclass(frozen=True, slots=True, repr=False)
class Birth:
    """The children of a pregnancy are born."""

    mother: NationalId
    term: date | None
    pregnancy: UUID | None
    born_on: date
    homecoming_on: date | None
    children: tuple[Child, ...]


Row: TypeAlias = Referral | Birth
