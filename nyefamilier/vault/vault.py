"""The vault: a data key for each family, and the cipher that it gives.

A family's notes and names are sealed under the family's own data key; the data key lies in the
database, wrapped by the key of its bydel, or by a key of its own kind for protected addresses.

Sources: docs/adr/0005-key-hierarchy.md.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from uuid import UUID, uuid4

from nyefamilier.kernel.clock import Stopwatch, stopwatch
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault.cache import Cache
from nyefamilier.vault.calendars import CalendarCipher
from nyefamilier.vault.devices import DeviceCipher
from nyefamilier.vault.provider import KeyProvider, ProviderAway, Wrapped
from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, open_sealed, seal

PROTECTED_KEK = "kek-protected"
"""Wraps the keys of families with a protected address, whatever their bydel."""
CITY_KEK = "kek-city"
"""Wraps what belongs to the city and to no bydel."""
DEVICE_KEK = "kek-device"
"""Wraps the keys under which lies what belongs to one phone alone."""
STAFF_KEK = "kek-staff"
"""Wraps the keys under which lies what is about somebody who works here."""
ESCROW_KEK = "kek-escrow"
LOG_KEK = "kek-log"
"""Wraps the private keys to which phones seal their unsent work."""

_CACHED_KEYS = 5_000
_CACHE_SECONDS = 300.0


class KeyUse(Enum):
    """Whose data key it is. Begins its context: none is taken for another's of the same id."""

    FAMILY = b"HVEdek1"
    DEVICE = b"HVEdev1"
    CALENDAR = b"HVEcal1"
    ESCROW = b"HVEesc1"
    LOG = b"HVElog1"


def bydel_kek(bydel: str) -> str:
    """The name of the key that wraps the data keys of the families of *bydel*."""
    return f"kek-bydel-{bydel}"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A family's data key as it lies in the database."""

    id: UUID
    version: int
    wrapped: Wrapped


class BlindIndex(NamedTuple):
    """A keyed digest by which a value is found without being stored."""

    version: int
    digest: bytes


class FamilyCipher:
    """Seals and opens one family's cells. Holds the data key: keep it no longer than the work."""

    __slots__ = ("_key", "_tenant", "family_id")

    def __init__(self, family_id: UUID, key: DataKey, tenant: str) -> None:
        self.family_id = family_id
        self._key = key
        self._tenant = tenant

    def __repr__(self) -> str:
        return f"<FamilyCipher family={self.family_id} key={self.key_id}/{self.key_version}>"

    @property
    def key_id(self) -> UUID:
        """The data key's id, as sealed cells name it."""
        return self._key.id

    @property
    def key_version(self) -> int:
        """The data key's version, as sealed cells name it."""
        return self._key.version

    def seal(
        self, table: str, column: str, record_id: UUID, row_version: int, plaintext: bytes
    ) -> bytes:
        """*plaintext* sealed to this one cell of this family, at this version of the row.

        Raises:
            ValueError: too long, or a name or number that the sealed format cannot hold.
        """
        cell = Cell(table, column, record_id, self.family_id, row_version)
        return seal(self._key, self._tenant, cell, plaintext)

    def open(
        self, table: str, column: str, record_id: UUID, row_version: int, blob: bytes
    ) -> bytes:
        """What was sealed to this cell.

        Raises:
            CannotOpen: damage, another key, another cell, or another version of the row.
        """
        cell = Cell(table, column, record_id, self.family_id, row_version)
        return open_sealed(self._key, self._tenant, cell, blob)


class Vault:
    """Makes, opens and moves families' keys. One for each process; safe to share by threads."""

    def __init__(
        self, provider: KeyProvider, tenant: str, *, stopwatch: Stopwatch = stopwatch
    ) -> None:
        """Ask *provider* for keys, and bind everything to *tenant*."""
        self.provider = provider
        self._tenant = tenant
        self._ciphers: Cache[FamilyCipher] = Cache(_CACHED_KEYS, _CACHE_SECONDS, stopwatch)
        self._devices: Cache[DeviceCipher] = Cache(_CACHED_KEYS, _CACHE_SECONDS, stopwatch)

    def __repr__(self) -> str:
        return f"<Vault provider={self.provider.name} tenant={self._tenant}>"

    def new_family_key(self, family_id: UUID, kek: str) -> WrappedKey:
        """A new random data key for a family, wrapped by *kek*.

        Raises:
            Unavailable: the key provider is away.
        """
        return self._new_key(kek, family_id, KeyUse.FAMILY)

    def open_family_key(self, family_id: UUID, key: WrappedKey) -> FamilyCipher:
        """The cipher of a family; from memory when it was opened in the last five minutes.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        kept = self._ciphers.get(_place(family_id, key))
        if kept is not None:
            return kept
        with _provider_asked():
            dek = self.provider.unwrap(key.wrapped, self._context(family_id, key.id, key.version))
        return self._keep(family_id, key, dek)

    def open_family_keys(self, keys: dict[UUID, WrappedKey]) -> dict[UUID, FamilyCipher]:
        """The ciphers of many families, by family, asking the provider once.

        Raises:
            Unavailable: the key provider is away, or will not open one of the keys.
        """
        kept = {family: self._ciphers.get(_place(family, key)) for family, key in keys.items()}
        asked = [family for family, cipher in kept.items() if cipher is None]
        items = [
            (keys[family].wrapped, self._context(family, keys[family].id, keys[family].version))
            for family in asked
        ]
        with _provider_asked():
            deks = self.provider.unwrap_many(items) if items else []
        opened = {
            family: self._keep(family, keys[family], dek)
            for family, dek in zip(asked, deks, strict=True)
        }
        return {family: cipher or opened[family] for family, cipher in kept.items()}

    def move_family_key(self, family_id: UUID, key: WrappedKey, kek: str) -> WrappedKey:
        """The same data key, wrapped by another kek: a family that moves, or becomes protected.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        context = self._context(family_id, key.id, key.version)
        with _provider_asked():
            wrapped = self.provider.rewrap_to(key.wrapped, kek, context)
        return WrappedKey(key.id, key.version, wrapped)

    def new_device_key(self, device_id: UUID) -> WrappedKey:
        """A new random data key for a device.

        Raises:
            Unavailable: the key provider is away.
        """
        return self._new_key(DEVICE_KEK, device_id, KeyUse.DEVICE)

    def open_device_key(self, device_id: UUID, key: WrappedKey) -> DeviceCipher:
        """The cipher of a device; from memory when it was opened in the last five minutes.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        kept = self._devices.get(_place(device_id, key))
        if kept is not None:
            return kept
        context = self._context(device_id, key.id, key.version, KeyUse.DEVICE)
        with _provider_asked():
            dek = self.provider.unwrap(key.wrapped, context)
        cipher = DeviceCipher(device_id, DataKey(key.id, key.version, dek), self._tenant)
        self._devices.put(_place(device_id, key), cipher)
        return cipher

    def new_calendar_key(self, nurse_id: UUID) -> WrappedKey:
        """A new random data key for a nurse's calendar.

        Raises:
            Unavailable: the key provider is away.
        """
        return self._new_key(STAFF_KEK, nurse_id, KeyUse.CALENDAR)

    def open_calendar_key(self, nurse_id: UUID, key: WrappedKey) -> CalendarCipher:
        """The cipher of a nurse's calendar. It is never kept in memory: it is seldom needed.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        context = self._context(nurse_id, key.id, key.version, KeyUse.CALENDAR)
        with _provider_asked():
            dek = self.provider.unwrap(key.wrapped, context)
        return CalendarCipher(nurse_id, DataKey(key.id, key.version, dek), self._tenant)

    def wrap_escrow_key(self, key_id: UUID, private: bytes) -> Wrapped:
        """An escrow's private key, fit to lie in the database.

        Raises:
            Unavailable: the key provider is away.
        """
        with _provider_asked():
            return self.provider.wrap(
                ESCROW_KEK, private, self._private_context(KeyUse.ESCROW, key_id)
            )

    def open_escrow_key(self, key_id: UUID, wrapped: Wrapped) -> bytes:
        """An escrow's private key. It is never kept in memory: it is seldom needed.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        with _provider_asked():
            return self.provider.unwrap(wrapped, self._private_context(KeyUse.ESCROW, key_id))

    def rewrap_keys(
        self, use: KeyUse, keys: Sequence[tuple[UUID, WrappedKey]]
    ) -> list[Wrapped | None]:
        """The data keys of some owners under the newest versions; None for one that is closed.

        Raises:
            Unavailable: the key provider is away.
        """
        items = [(key.wrapped, self._bound(use, owner, key)) for owner, key in keys]
        with _provider_asked():
            try:
                return list(self.provider.rewrap_many(items))
            except CannotOpen:
                return [self._rewrapped(*item) for item in items]

    def wrap_log_key(self, key_id: UUID, private: bytes) -> Wrapped:
        """The key that signs the log's heads, fit to lie in the database.

        Raises:
            Unavailable: the key provider is away.
        """
        with _provider_asked():
            return self.provider.wrap(LOG_KEK, private, self._private_context(KeyUse.LOG, key_id))

    def open_log_key(self, key_id: UUID, wrapped: Wrapped) -> bytes:
        """The key that signs the log's heads; never kept in memory.

        Raises:
            Unavailable: the key provider is away, or will not open this key.
        """
        with _provider_asked():
            return self.provider.unwrap(wrapped, self._private_context(KeyUse.LOG, key_id))

    def blind_index(self, purpose: str, value: str) -> BlindIndex:
        """A keyed digest of *value*, equal for equal values, by which a row is found.

        The caller normalises *value*. Another purpose gives another digest.

        Raises:
            Unavailable: the key provider is away.
        """
        with _provider_asked():
            version, digest = self.provider.mac(f"bidx-{purpose}", _labelled(purpose, value))
        return BlindIndex(version, digest[:16])

    def secret_digest(self, purpose: str, data: bytes) -> bytes:
        """A keyed digest of 32 bytes that nobody without the key can make or guess.

        Raises:
            Unavailable: the key provider is away.
        """
        with _provider_asked():
            return self.provider.mac(f"digest-{purpose}", purpose.encode() + b"\0" + data)[1]

    def forget(self) -> None:
        """Drop every key from memory; after a key was disabled or destroyed, say."""
        self._ciphers.clear()
        self._devices.clear()

    def healthy(self) -> bool:
        """Whether the key provider answers."""
        return self.provider.health().ok

    def _new_key(self, kek: str, owner: UUID, use: KeyUse) -> WrappedKey:
        key_id, version = uuid4(), 1
        context = self._context(owner, key_id, version, use)
        with _provider_asked():
            wrapped = self.provider.wrap(kek, secrets.token_bytes(32), context)
        return WrappedKey(key_id, version, wrapped)

    def _keep(self, family_id: UUID, key: WrappedKey, dek: bytes) -> FamilyCipher:
        cipher = FamilyCipher(family_id, DataKey(key.id, key.version, dek), self._tenant)
        self._ciphers.put(_place(family_id, key), cipher)
        return cipher

    def _context(
        self, owner: UUID, key_id: UUID, version: int, use: KeyUse = KeyUse.FAMILY
    ) -> bytes:
        """What a wrapped data key is bound to: it opens for its own family, or device, only."""
        tenant = self._tenant.encode()
        parts = (struct.pack(">HI", len(tenant), version), tenant, owner.bytes, key_id.bytes)
        return use.value + b"".join(parts)

    def _bound(self, use: KeyUse, owner: UUID, key: WrappedKey) -> bytes:
        if use in {KeyUse.ESCROW, KeyUse.LOG}:
            return self._private_context(use, owner)
        return self._context(owner, key.id, key.version, use)

    def _rewrapped(self, wrapped: Wrapped, context: bytes) -> Wrapped | None:
        try:
            return self.provider.rewrap(wrapped, context)
        except CannotOpen:
            return None

    def _private_context(self, use: KeyUse, key_id: UUID) -> bytes:
        """What a private key is bound to that is wrapped itself, and seals nothing."""
        return use.value + self._tenant.encode() + b"\0" + key_id.bytes


def _place(family_id: UUID, key: WrappedKey) -> tuple[UUID, UUID, int, str]:
    # With the kek's name: a key that moved to the protected domain is asked for there.
    return family_id, key.id, key.version, key.wrapped.kek


def _labelled(purpose: str, value: str) -> bytes:
    return f"{purpose}\0{value}".encode()


@contextmanager
def _provider_asked() -> Generator[None, None, None]:
    try:
        yield
    except ProviderAway as away:
        detail = "The keys cannot be reached just now. Nothing is lost; try again in a minute."
        raise Unavailable("key-provider-away", detail) from away
    except CannotOpen as closed:
        detail = "The key provider does not open this family's key. Tell whoever keeps the keys."
        raise Unavailable("family-key-closed", detail) from closed
