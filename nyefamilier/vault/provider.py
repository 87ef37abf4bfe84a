"""What the vault asks of whoever holds the key-encryption keys: a file, OpenBao, an HSM.

Sources: docs/adr/0005-key-hierarchy.md. Every implementation passes the same suite,
``tests/unit/vault/provider_contract.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class ProviderAway(Exception):  # noqa: N818 - the agreed name; it reads as what it says
    """The key provider cannot be asked just now. Nothing is lost, and nothing opens."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key, sealed under one version of a key-encryption key; fit to lie in the database."""

    provider: str
    kek: str
    version: int
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Versions:
    """Which versions of a key-encryption key there are."""

    newest: int
    """The primary: the one that wraps."""
    opening: frozenset[int]
    """Those that open what they wrapped, the primary among them."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the provider answers, and what it says of itself. Holds nothing secret."""

    ok: bool
    detail: str


class KeyProvider(Protocol):
    """Holds key-encryption and MAC keys by name, in versions, and never gives one out.

    A name is made on first use. The *context* given to wrap must be given to unwrap again. Every
    method may raise ``ProviderAway``; a wrong context, a damaged blob and a version that is
    disabled, destroyed or unknown are one and the same ``CannotOpen``.
    """

    @property
    def name(self) -> str:
        """Which provider this is; stored with every wrapped key."""

    @property
    def fit_for_production(self) -> bool:
        """Whether real families' keys may lie here without being allowed by name."""

    @property
    def withdraws_any(self) -> bool:
        """Whether any version but the primary can be disabled, enabled and destroyed by itself.

        A provider that cannot withdraws from the oldest on: it refuses, with ``ValueError``, to
        disable or destroy a version while an older one is not, and to enable one while a newer
        one is disabled. Never does a version go that was not named.
        """

    def wrap(self, kek: str, dek: bytes, context: bytes) -> Wrapped:
        """*dek* sealed under the primary version of *kek*.

        Raises:
            ValueError: *kek* is not 1 to 64 of a-z, 0-9 and hyphen; so for every name.
            ProviderAway: see the class.
        """

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The data key inside *wrapped*.

        Raises:
            CannotOpen, ProviderAway: see the class.
        """

    def unwrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[bytes]:
        """The data keys inside *items*, each with its context, in one round trip where possible.

        Raises:
            CannotOpen, ProviderAway: see the class.
        """

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """The same data key under the primary version of the same kek.

        Raises:
            CannotOpen, ProviderAway: see the class.
        """

    def rewrap_to(self, wrapped: Wrapped, kek: str, context: bytes) -> Wrapped:
        """The same data key under the primary version of another kek.

        Raises:
            CannotOpen, ProviderAway: see the class.
        """

    def rewrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[Wrapped]:
        """What ``rewrap`` gives for each of *items*, in as few round trips as possible.

        Raises:
            CannotOpen, ProviderAway: see the class.
        """

    def versions(self, kek: str) -> Versions:
        """Which versions of *kek* there are just now, and which of them open.

        Raises:
            ValueError: there is no key of that name.
            ProviderAway: see the class; or whoever asks may not know.
        """

    def mac(self, key_name: str, data: bytes) -> tuple[int, bytes]:
        """The version used and the HMAC-SHA256 of *data* under the MAC key of that name.

        Raises:
            ProviderAway: see the class.
        """

    def rotate(self, kek: str) -> int:
        """Make a new primary version of *kek* and return it; older versions still open.

        Raises:
            ValueError: there is no key of that name.
            ProviderAway: see the class.
        """

    def disable(self, kek: str, version: int) -> None:
        """Stop *version* from opening anything until it is enabled again.

        Raises:
            ValueError: it is the primary (rotate first), it is destroyed, or there is none such.
            ProviderAway: see the class.
        """

    def enable(self, kek: str, version: int) -> None:
        """Let a disabled *version* open again; it does not become primary.

        Raises:
            ValueError: it is destroyed, or there is none such.
            ProviderAway: see the class.
        """

    def destroy(self, kek: str, version: int) -> None:
        """Delete the key material of *version*: what only it wraps is lost, for good.

        Raises:
            ValueError: it is the primary (rotate first), or there is none such.
            ProviderAway: see the class.
        """

    def health(self) -> Health:
        """Whether keys can be used just now. Raises nothing."""

    def close(self) -> None:
        """Let go of what is held open; whoever asks again opens it again."""
