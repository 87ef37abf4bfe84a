"""What the checkers look at: plain values, gathered from phones, server tables and the wire.

Nothing here knows how they were gathered, so a checker can be shown to fail on values made by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

Op = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Saved:
    """A mutation that a phone said was safe."""

    phone: str
    device: UUID
    seq: int
    id: UUID
    family: UUID
    base_rev: int
    ops: tuple[Op, ...]
    content: bytes = b""
    """What the nurse meant, in bytes that do not depend on the seq."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One row of the server's deliveries, opened. ``content`` as in `Saved`; None: not kept."""

    device: UUID
    seq: int
    id: UUID
    family: UUID | None
    status: str
    reason: str | None
    rev: int | None
    content: bytes | None
    filed: tuple[UUID, ...] = ()
    settled: bool = False
    review: UUID | None = None
    waits_for: UUID | None = None
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One row of the mutation log, opened as far as a phone wrote it."""

    family: UUID
    rev: int
    id: UUID
    device: UUID | None
    status: str
    request: bytes
    link: bytes | None
    chain: bytes | None
    base_rev: int | None = None
    ops: tuple[Op, ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a family, opened."""

    family: UUID
    kind: str
    id: UUID
    rev: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """A family as the server has it. ``phones`` are the nurses whose phones may have it now."""

    family: UUID
    rev: int
    chain: bytes | None
    checksum: int | None
    nurses: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """A family as a phone has it."""

    rev: int
    chain: bytes
    rows: Mapping[tuple[str, UUID], tuple[int, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the server knows it."""

    id: UUID
    nurse: UUID
    state: str
    last_seq: int


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone at the end. ``counts``: it is in use, so that it must be up to date."""

    name: str
    nurse: UUID
    device: UUID | None
    counts: bool
    outbox: frozenset[UUID] = frozenset()
    copies: Mapping[UUID, Copy] = field(default_factory=dict)
    remains: frozenset[UUID] = frozenset()
    """Families of which anything at all lies in its tables."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One row of the ledger of copies."""

    device: UUID
    family: UUID
    gone: bool


@dataclass
class Evidence:
    """All there is to know of one world when its faults are off and everything is quiet."""

    saved: list[Saved] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    escrowed: frozenset[UUID] = frozenset()
    followed: frozenset[tuple[UUID, UUID]] = frozenset()
    """Each family with each nurse who follows it or ever did."""
    reviews: frozenset[UUID] = frozenset()
    """Mutations that stand in the inbox, open or decided."""
    contested: frozenset[tuple[UUID, str, str]] = frozenset()
    """Each conflict's mutation with the record and the group of values that it is about."""
    history: list[dict[str, Any]] = field(default_factory=list)

    def told(self, what: str) -> list[dict[str, Any]]:
        """The history's events of one sort."""
        return [event for event in self.history if event["what"] == what]


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that does not hold, and where that shows."""

    property: str
    detail: str

    def __str__(self) -> str:
        return f"{self.property}: {self.detail}"
