"""What a nurse's calendar says about her alone, sealed under the calendar's own data key."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, open_sealed, seal

__all__ = ["CalendarCipher", "CannotOpen"]

_TABLE: Final = "absence"
_COLUMN: Final = "kind"


class CalendarCipher:
    """Seals and opens why a nurse is away. Holds a data key: keep it no longer than the work."""

    __slots__ = ("_key", "_nurse_id", "_tenant")

    def __init__(self, nurse_id: UUID, key: DataKey, tenant: str) -> None:
        self._nurse_id = nurse_id
        self._key = key
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<CalendarCipher nurse={self._nurse_id}>"

    def seal(self, absence_id: UUID, kind: str) -> bytes:
        """The kind of one absence, sealed to it. Every kind is sealed to the same length."""
        return seal(self._key, self._tenant, self._cell(absence_id), kind.encode())

    def open(self, absence_id: UUID, blob: bytes) -> str:
        """The kind that was sealed to this absence.

        Raises:
            CannotOpen: damage, another key, or another absence.
        """
        return open_sealed(self._key, self._tenant, self._cell(absence_id), blob).decode()

    def _cell(self, absence_id: UUID) -> Cell:
        # The nurse stands where the family stands in a family's cells.
        return Cell(_TABLE, _COLUMN, absence_id, self._nurse_id, 0)
