"""Cobblestone-256: authenticated, key-committing encryption of one message under one key.

Written out on HKDF and AES-GCM, not taken from a library, so that known-answer vectors can fix the
salt; ``tests/unit/vault/test_cobblestone.py`` holds it against the library's own implementation.

Sources: https://c2sp.org/chunked-encryption (@v1, SHA-512 and AES-256-GCM); NIST SP 800-38D.
"""

from __future__ import annotations

import os
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC

KEY_BYTES = 32
SALT_BYTES = 24
TAG_BYTES = 16
CHUNK_BYTES = 16 * 1024
OVERHEAD_BYTES = SALT_BYTES + 32 + TAG_BYTES
"""What sealing adds to a message that is shorter than one chunk."""

_LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
_PREFIX_BYTES = SALT_BYTES + 32
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


class CannotOpen(Exception):  # noqa: N818 - the agreed name; it reads as what it says
    """The sealed bytes do not open here.

    Damage, another key, another context and an unknown format look alike on purpose: whoever can
    tell them apart can ask questions of the key.
    """

    def __init__(self) -> None:
        super().__init__("The sealed bytes do not open with this key in this place.")


class Expander:
    """Gives the keys of single messages, from the one key that they are sealed under.

    What depends on the key alone is done once: every row that is read or written passes here.
    """

    __slots__ = ("_mac",)

    def __init__(self, key: bytes) -> None:
        self._mac = HMAC(key, SHA512())

    def keys(self, context: bytes, salt: bytes) -> tuple[bytes, bytes, bytes]:
        """The message's key, nonce and commitment: 76 bytes of HKDF-Expand, in two blocks.

        Sources: RFC 5869 section 2.3.
        """
        info = b"".join((_LABEL, salt, context))
        first = self._block(info + b"\x01")
        second = self._block(b"".join((first, info, b"\x02")))
        return first[:32], first[32:44], first[44:] + second[:12]

    def _block(self, message: bytes) -> bytes:
        mac = self._mac.copy()
        mac.update(message)
        return mac.finalize()


def encrypt(key: bytes, context: bytes, message: bytes) -> bytes:
    """*message* sealed under a fresh random salt: salt, commitment, chunks."""
    return encrypt_with_salt(key, context, message, os.urandom(SALT_BYTES))


def encrypt_with_salt(key: bytes, context: bytes, message: bytes, salt: bytes) -> bytes:
    """*message* sealed under *salt*, which must never repeat for a key; for vectors only."""
    return encrypt_by(Expander(key), context, message, salt)


def encrypt_by(expander: Expander, context: bytes, message: bytes, salt: bytes) -> bytes:
    """The same by a expander that is at hand."""
    message_key, nonce, commitment = expander.keys(context, salt)
    gcm = AESGCM(message_key)
    if len(message) < CHUNK_BYTES:
        return salt + commitment + gcm.encrypt(nonce, message, None)
    starts = range(0, len(message) + 1, CHUNK_BYTES)
    chunks = [
        gcm.encrypt(_nonce(nonce, number), message[start : start + CHUNK_BYTES], None)
        for number, start in enumerate(starts)
    ]
    return b"".join((salt, commitment, *chunks))


def decrypt(key: bytes, context: bytes, sealed: bytes) -> bytes:
    """The message that was sealed under *key* and *context*.

    Raises:
        CannotOpen: see the class.
    """
    return decrypt_by(Expander(key), context, sealed)


def decrypt_by(expander: Expander, context: bytes, sealed: bytes) -> bytes:
    """The same by a expander that is at hand.

    Raises:
        CannotOpen: see the class.
    """
    message_bytes(len(sealed))
    message_key, nonce, commitment = expander.keys(context, sealed[:SALT_BYTES])
    if not _commits(commitment, sealed[SALT_BYTES:_PREFIX_BYTES]):
        raise CannotOpen
    gcm = AESGCM(message_key)
    try:
        if len(sealed) - _PREFIX_BYTES < _SEALED_CHUNK_BYTES:
            return gcm.decrypt(nonce, sealed[_PREFIX_BYTES:], None)
        starts = range(_PREFIX_BYTES, len(sealed), _SEALED_CHUNK_BYTES)
        return b"".join(
            gcm.decrypt(_nonce(nonce, number), sealed[start : start + _SEALED_CHUNK_BYTES], None)
            for number, start in enumerate(starts)
        )
    except InvalidTag:
        raise CannotOpen from None


def message_bytes(sealed_bytes: int) -> int:
    """The length of the message inside *sealed_bytes*: there is exactly one chunking.

    Raises:
        CannotOpen: no message seals to this length; the last chunk must be a short one.
    """
    full, rest = divmod(sealed_bytes - _PREFIX_BYTES, _SEALED_CHUNK_BYTES)
    if full < 0 or rest < TAG_BYTES:
        raise CannotOpen
    return full * CHUNK_BYTES + rest - TAG_BYTES


def _commits(expected: bytes, found: bytes) -> bool:
    # AES-GCM alone lets one ciphertext open under two keys; this is what binds it to one.
    return compare_digest(expected, found)


def _nonce(base: bytes, number: int) -> bytes:
    return (int.from_bytes(base) ^ number).to_bytes(12)
