"""What merging looks at, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from nyefamilier.door.mutations import Operation
from nyefamilier.door.touching import Touch, told
from nyefamilier.families.dossier import Dossier
from nyefamilier.families.states import LOSSES
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.storage.base import FamilyRecord

Row = TypeVar("Row", bound=FamilyRecord)

Same: TypeAlias = tuple[str, UUID, UUID]
"""A record's kind, the id under which it was told, and the one under which it is here."""


class Waits(Exception):  # noqa: N818 - it will be tried again, nothing is wrong
    """Something that an operation speaks of is not here yet.

    Args:
        record_id: What it waits for.
        reason: The stable name of why.
        pointer: Where the operation speaks of it.
    """

    def __init__(self, record_id: UUID, reason: str, pointer: str) -> None:
        super().__init__(reason)
        self.record_id = record_id
        self.reason = reason
        self.pointer = pointer


@dataclass(frozen=True, slots=True, repr=False)
class Contested:
    """A value on which two devices differ. What stands goes on standing; both are kept.

    Args:
        touch: The value.
        reason: The stable name of why.
        operation: What would make the proposed value the current one, if anything would.
        current: The value that stands.
        proposed: The value that was sent.
    """

    touch: Touch
    reason: str
    operation: Operation | None
    current: dict[str, Any]
    proposed: dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Merged:
    """What is to be done about one operation.

    Args:
        do: What is safe to carry out; nothing, where all that was meant is so already.
        contested: What a person must decide.
        reason: The stable name of what is remarkable about it.
        same: Records that were told under an id of their own and are here under another.
    """

    do: tuple[Operation, ...] = ()
    contested: tuple[Contested, ...] = ()
    reason: str | None = None
    same: tuple[Same, ...] = ()


@dataclass(slots=True)
class Standing:
    """How the family stands, and what other devices wrote since the sender looked.

    Args:
        dossier: The family.
        ask: Finds out what others wrote; asked at most once, and not at all for most notes.
        device_id: The sender's.
        same: Ids that are known to mean records with other ids.
    """

    dossier: Dossier
    ask: Callable[[], Mapping[str, int]] = dict
    device_id: UUID | None = None
    same: dict[UUID, UUID] = field(default_factory=dict)
    _others: Mapping[str, int] | None = None

    @property
    def others(self) -> Mapping[str, int]:
        """The revision that last touched a value, of those that others touched since."""
        if self._others is None:
            self._others = self.ask()
        return self._others

    def changed(self, touch: Touch) -> bool:
        """Whether another device wrote this value since the sender looked."""
        return told(touch) in self.others

    def find(self, kind: type[Row], record_id: UUID) -> Row | None:
        """The family's record; None while it is not here."""
        return self.dossier.find(kind, record_id)

    def ended(self) -> str | None:
        """Why nothing is to be scheduled any more that was meant without knowing, if so."""
        for touch in self.others:
            kind, record_id, group = touch.split(":", 2)
            if group == "death":
                return "member-died"
            if group == "protection":
                return "address-protected"
            if group == "outcome" and kind == "pregnancy" and self._is_lost(UUID(record_id)):
                return "programme-ended"
        return None

    def _is_lost(self, pregnancy_id: UUID) -> bool:
        row = self.find(PregnancyRow, pregnancy_id)
        return row is not None and row.outcome in LOSSES


def plain(**values: object) -> dict[str, Any]:
    """Values as they travel."""
    made: dict[str, Any] = msgspec.to_builtins(values)
    return made
