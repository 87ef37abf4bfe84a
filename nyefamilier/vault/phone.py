"""The key of a phone's own store, and the seal on what lies in it.

The key comes from two halves: a secret that never leaves the phone, and a share that the server
lends for the time of a lease. A phone that is lost is closed by destroying the share.

Sources: RFC 5869 (HKDF).
"""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nyefamilier.vault.cobblestone import KEY_BYTES, CannotOpen
from nyefamilier.vault.sealing import Cell, DataKey, open_sealed, seal

__all__ = [
    "SECRET_BYTES",
    "CannotOpen",
    "StoreCipher",
    "new_secret",
    "store_cipher",
    "waiting_cipher",
]

_STORE: Final = b"nyefamilier-store/1"
_WAITING: Final = b"nyefamilier-share/1"
_TENANT: Final = "phone"
SECRET_BYTES: Final = KEY_BYTES


class StoreCipher:
    """Seals and opens the cells of one phone's store."""

    __slots__ = ("_key", "device_id")

    def __init__(self, device_id: UUID, key: bytes) -> None:
        self.device_id = device_id
        self._key = DataKey(device_id, 1, key)

    def __repr__(self) -> str:
        return f"<StoreCipher device={self.device_id}>"

    def seal(self, table: str, record_id: UUID, owner: UUID, version: int, body: bytes) -> bytes:
        """*body* sealed to this one row of this store.

        Raises:
            ValueError: too long, or a name or number that the sealed format cannot hold.
        """
        return seal(self._key, _TENANT, Cell(table, "body", record_id, owner, version), body)

    def open(self, table: str, record_id: UUID, owner: UUID, version: int, blob: bytes) -> bytes:
        """What was sealed to this row.

        Raises:
            CannotOpen: damage, another key, another row, or another version of it.
        """
        return open_sealed(self._key, _TENANT, Cell(table, "body", record_id, owner, version), blob)


def new_secret() -> bytes:
    """A phone's own half: random, made once, never sent."""
    return secrets.token_bytes(SECRET_BYTES)


def store_cipher(device_id: UUID, secret: bytes, share: bytes) -> StoreCipher:
    """The cipher of a store, from both halves of its key."""
    return StoreCipher(device_id, _derived(secret + share, _STORE + device_id.bytes))


def waiting_cipher(device_id: UUID, secret: bytes) -> StoreCipher:
    """What keeps the lent share between two starts of the app, from the phone's half alone."""
    return StoreCipher(device_id, _derived(secret, _WAITING + device_id.bytes))


def _derived(material: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(material)
