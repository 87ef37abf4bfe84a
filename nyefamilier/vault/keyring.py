"""The key provider that is a file: for demonstrations, tests, and sites that allow it by name.

Whoever reads the file reads everything; ``docs/adr/0005-key-hierarchy.md`` says what it is fit for.
"""

from __future__ import annotations

import hmac
import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from nyefamilier.vault import cobblestone, keyfile
from nyefamilier.vault.cobblestone import CannotOpen
from nyefamilier.vault.keyfile import Stamp
from nyefamilier.vault.provider import Health, KeyProvider, ProviderAway, Versions, Wrapped
from nyefamilier.vault.ring import Name, Ring, State, Use, Version

_NAME = re.compile(r"[a-z0-9-]{1,64}")


class LocalKeyring(KeyProvider):
    """Keys in one JSON file, shared by all processes of one user on one machine.

    Each call looks whether another process has replaced the file, so that a key made, disabled or
    destroyed there counts here at once.
    """

    name = "local"
    fit_for_production = False
    withdraws_any = True

    def __init__(self, path: Path, stamp: Stamp, ring: Ring) -> None:
        """Hold what ``open`` has read."""
        self._path = path
        self._read = (stamp, ring)

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> LocalKeyring:
        """The keyring in *path*; with *create*, an empty one is made where there is none.

        Raises:
            KeyringRefused: missing, damaged, open to other users or another's; says how to mend it.
        """
        if create and keyfile.is_missing(path):
            keyfile.make_directory(path)
            with keyfile.locked(path):
                # Another process may have made it while this one waited for the lock.
                if keyfile.is_missing(path):
                    keyfile.replace(path, Ring())
        return cls(path, *keyfile.read(path))

    def __repr__(self) -> str:
        return f"<LocalKeyring {self._path}>"

    def wrap(self, kek: str, dek: bytes, context: bytes) -> Wrapped:
        """*dek* sealed under the primary version of *kek*, which is made if it is new.

        Raises:
            ValueError: *kek* is not a key's name.
            ProviderAway: the file cannot be read or written.
        """
        primary = self._primary(Name(Use.WRAP, kek))
        bound = _bound(kek, primary.number, context)
        blob = cobblestone.encrypt(primary.key, bound, dek)
        return Wrapped(self.name, kek, primary.number, blob)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The data key inside *wrapped*.

        Raises:
            CannotOpen: wrong context, damage, or a version that is disabled, destroyed or unknown.
            ProviderAway: the file cannot be read.
        """
        version = self._ring().opener(Name(Use.WRAP, wrapped.kek), wrapped.version)
        if version is None or wrapped.provider != self.name:
            raise CannotOpen
        bound = _bound(wrapped.kek, wrapped.version, context)
        return cobblestone.decrypt(version.key, bound, wrapped.blob)

    def unwrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[bytes]:
        """The data keys inside *items*, each with its context.

        Raises:
            CannotOpen: one of them does not open.
            ProviderAway: the file cannot be read.
        """
        return [self.unwrap(wrapped, context) for wrapped, context in items]

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """The same data key under the primary version of the same kek.

        Raises:
            CannotOpen: *wrapped* does not open.
            ProviderAway: the file cannot be read or written.
        """
        return self.rewrap_to(wrapped, wrapped.kek, context)

    def rewrap_to(self, wrapped: Wrapped, kek: str, context: bytes) -> Wrapped:
        """The same data key under the primary version of *kek*.

        Raises:
            CannotOpen: *wrapped* does not open.
            ProviderAway: the file cannot be read or written.
        """
        return self.wrap(kek, self.unwrap(wrapped, context), context)

    def rewrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[Wrapped]:
        """The same data keys, each under the primary version of its kek.

        Raises:
            CannotOpen: one of them does not open.
            ProviderAway: the file cannot be read or written.
        """
        return [self.rewrap(wrapped, context) for wrapped, context in items]

    def versions(self, kek: str) -> Versions:
        """Which versions of *kek* there are just now, and which of them open.

        Raises:
            ValueError: there is no key of that name.
            ProviderAway: the file cannot be read.
        """
        ring, name = self._ring(), Name(Use.WRAP, kek)
        if name not in ring.keys:
            raise ValueError(f"there is no key {kek}")
        opening = frozenset(each.number for each in ring.keys[name] if each.opens)
        return Versions(ring.primary(name).number, opening)

    def mac(self, key_name: str, data: bytes) -> tuple[int, bytes]:
        """The version used and the HMAC-SHA256 of *data* under the MAC key of that name.

        Raises:
            ValueError: *key_name* is not a key's name.
            ProviderAway: the file cannot be read or written.
        """
        primary = self._primary(Name(Use.MAC, key_name))
        return primary.number, hmac.digest(primary.key, data, "sha256")

    def rotate(self, kek: str) -> int:
        """Make a new primary version of *kek* and return it; older versions still open.

        Raises:
            ValueError: there is no key of that name; a mistyped one must not come to be.
            ProviderAway: the file cannot be read or written.
        """
        name = Name(Use.WRAP, kek)
        if name not in self._ring().keys:
            raise ValueError(f"there is no {kek} to rotate")
        return self._change(lambda ring: ring.with_new_primary(name)).primary(name).number

    def disable(self, kek: str, version: int) -> None:
        """Stop *version* from opening anything until it is enabled again.

        Raises:
            ValueError: it is the primary (rotate first), it is destroyed, or there is none such.
            ProviderAway: the file cannot be read or written.
        """
        self._set_state(kek, version, State.DISABLED)

    def enable(self, kek: str, version: int) -> None:
        """Let a disabled *version* open again; it does not become primary.

        Raises:
            ValueError: it is the primary, it is destroyed, or there is none such.
            ProviderAway: the file cannot be read or written.
        """
        self._set_state(kek, version, State.DECRYPT_ONLY)

    def destroy(self, kek: str, version: int) -> None:
        """Delete the key material of *version*: what only it wraps is lost, backups aside.

        Raises:
            ValueError: it is the primary (rotate first), it is destroyed, or there is none such.
            ProviderAway: the file cannot be read or written.
        """
        self._set_state(kek, version, State.DESTROYED)

    def health(self) -> Health:
        """Whether the file can be read just now."""
        try:
            self._ring()
        except ProviderAway as away:
            return Health(ok=False, detail=str(away))
        return Health(ok=True, detail="local keyring")

    def _ring(self) -> Ring:
        """The ring as it is in the file now; read again only when the file was replaced."""
        seen, ring = self._read
        if keyfile.stamp(self._path) == seen:
            return ring
        self._read = keyfile.read(self._path)
        return self._read[1]

    def _primary(self, name: Name) -> Version:
        if not _NAME.fullmatch(name.name):
            raise ValueError("a key's name is 1 to 64 of a-z, 0-9 and hyphen")
        ring = self._ring()
        if name not in ring.keys:
            ring = self._change(
                lambda ring: ring if name in ring.keys else ring.with_new_primary(name)
            )
        return ring.primary(name)

    def _set_state(self, kek: str, version: int, state: State) -> None:
        name = Name(Use.WRAP, kek)
        self._change(lambda ring: ring.with_state(name, version, state))

    def _change(self, change: Callable[[Ring], Ring]) -> Ring:
        """The ring after *change*, on the disk: what a key seals must open after a crash."""
        with keyfile.locked(self._path):
            _, before = keyfile.read(self._path)
            after = change(before)
            if after is not before:
                keyfile.replace(self._path, after)
            # What is on the disk counts, and it is read while nobody else can have changed it.
            self._read = keyfile.read(self._path)
            return self._read[1]


def _bound(kek: str, version: int, context: bytes) -> bytes:
    """What a wrapped key is bound to; injective, because the name's length comes first."""
    name = kek.encode()
    return b"nyefamilier-wrap/1" + struct.pack(">HI", len(name), version) + name + context
