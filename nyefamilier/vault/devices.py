"""What is kept for one device alone, sealed and digested under the device's own data key."""

from __future__ import annotations

import hmac
from typing import Final
from uuid import UUID

from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, open_sealed, seal

__all__ = ["CannotOpen", "DeviceCipher"]

_TABLE: Final = "device"
_DIGEST: Final = b"nyefamilier-device-digest/1"


class DeviceCipher:
    """Seals and opens one device's cells. Holds its data key: keep it no longer than the work."""

    __slots__ = ("_key", "_tenant", "device_id")

    def __init__(self, device_id: UUID, key: DataKey, tenant: str) -> None:
        self.device_id = device_id
        self._key = key
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<DeviceCipher device={self.device_id}>"

    def seal(self, column: str, record_id: UUID, plaintext: bytes) -> bytes:
        """*plaintext* sealed to this one place of this device.

        Args:
            column: Which value it is, as ``delivery.raw``.
            record_id: Of which record.
            plaintext: What is sealed.

        Raises:
            ValueError: too long, or a name that the sealed format cannot hold.
        """
        return seal(self._key, self._tenant, self._cell(column, record_id), plaintext)

    def open(self, column: str, record_id: UUID, blob: bytes) -> bytes:
        """What was sealed to this place.

        Raises:
            CannotOpen: damage, another key, or another place.
        """
        return open_sealed(self._key, self._tenant, self._cell(column, record_id), blob)

    def digest(self, raw: bytes) -> bytes:
        """32 bytes by which the same content is known again, and no guess at it can be checked."""
        key = hmac.digest(self._key.key, _DIGEST, "sha256")
        return hmac.digest(key, raw, "sha256")

    def _cell(self, column: str, record_id: UUID) -> Cell:
        # The device stands where the family stands in a family's cells.
        return Cell(_TABLE, column, record_id, self.device_id, 0)
