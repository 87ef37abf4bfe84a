"""What lies sealed in a family's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InterpreterNeed:
    """What kind of interpreter a person needs."""

    language: str
    dialect: str | None = None
    gender_wish: str | None = None

    def __repr__(self) -> str:
        return "<InterpreterNeed>"


@dataclass(frozen=True, slots=True)
class MemberBody:
    """Who a person is."""

    name: str
    national_id: str | None = None
    national_id_type: str | None = None
    phone: str | None = None
    language: str | None = None
    interpreter: InterpreterNeed | None = None
    no_texts: bool = False
    """She wants no texts from us."""

    def __repr__(self) -> str:
        return "<MemberBody>"


@dataclass(frozen=True, slots=True)
class PregnancyBody:
    """The key under which statistics know this pregnancy. Nothing else joins the two.

    Args:
        participation: The key.
        offered_on: When the programme was first offered. Statistics are told of weeks since then
            and must not know the day, and no visit can be asked to look for it.
    """

    participation: UUID
    offered_on: date | None = None

    def __repr__(self) -> str:
        return "<PregnancyBody>"


@dataclass(frozen=True, slots=True)
class AddressBody:
    """Where the family can be visited."""

    lines: str
    postal_code: str | None = None
    directions: str | None = None

    def __repr__(self) -> str:
        return "<AddressBody>"


@dataclass(frozen=True, slots=True)
class MoveBody:
    """What the old team tells the new one."""

    summary: str | None = None

    def __repr__(self) -> str:
        return "<MoveBody>"


@dataclass(frozen=True, slots=True)
class EmergencyBody:
    """Why a nurse had to read a family that is not hers, and what was found afterwards."""

    reason: str
    remark: str | None = None

    def __repr__(self) -> str:
        return "<EmergencyBody>"
