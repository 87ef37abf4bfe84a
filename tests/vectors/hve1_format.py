"""The sealed format HVE v1, forwards only, written from ``docs/sealed-format.md`` alone.

Nothing of the programme is imported: a mistake would have to be made twice, in two ways, to go
unseen. Only AES-GCM comes from a library. What is sealed here need not be right: the vectors need
bad padding and foreign headers, honestly sealed.

Sources: docs/sealed-format.md; RFC 5869.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = bytes(range(32))
DEK = UUID(int=3)
RECORD = UUID("01920000-0000-7000-8000-0000000000a1")
FAMILY = UUID("01920000-0000-7000-8000-0000000000f1")


@dataclass(frozen=True)
class Place:
    """The context of a cell."""

    tenant: str = "oslo"
    table: str = "note"
    column: str = "text"
    record_id: UUID = RECORD
    family_id: UUID = FAMILY
    row_version: int = 1
    schema: int = 1

    def encoded(self) -> bytes:
        parts = (
            self.tenant.encode(),
            self.table.encode(),
            self.column.encode(),
            self.record_id.bytes,
            self.family_id.bytes,
            self.row_version.to_bytes(8, "big"),
            self.schema.to_bytes(4, "big"),
        )
        return b"HVEctx1" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


HERE = Place()


def header(  # noqa: PLR0917 - the header has six fields
    dek_id: UUID = DEK,
    ver: int = 1,
    magic: bytes = b"HVE",
    fmt: int = 1,
    suite: int = 1,
    flags: int = 1,
) -> bytes:
    return magic + bytes([fmt, suite, flags]) + dek_id.bytes + ver.to_bytes(4, "big")


def derive(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, bytes, bytes]:
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    first = hmac.new(key, info + b"\x01", hashlib.sha512).digest()
    second = hmac.new(key, first + info + b"\x02", hashlib.sha512).digest()
    material = first + second
    return material[0:32], material[32:44], material[44:76]


def chunk_nonce(base: bytes, number: int) -> bytes:
    counter = number.to_bytes(12, "big")
    return bytes(left ^ right for left, right in zip(base, counter, strict=True))


def bucket(length: int) -> int:
    if length <= 256:
        return 256
    exponent = 0
    while 2 ** (exponent + 1) <= length:
        exponent += 1
    size_bits = 0
    while 2**size_bits <= exponent:
        size_bits += 1
    step = 2 ** (exponent - size_bits)
    return -(-length // step) * step


def padded(plaintext: bytes) -> bytes:
    body = len(plaintext).to_bytes(4, "big") + plaintext
    return body + bytes(bucket(len(body)) - len(body))


def seal_padded(
    inside: bytes, salt: bytes, place: Place = HERE, key: bytes = KEY, head: bytes | None = None
) -> bytes:
    """Seal *inside* as it is, whether or not it is rightly padded."""
    head = header() if head is None else head
    message_key, base, commitment = derive(key, salt, head + place.encoded())
    out = [head, salt, commitment]
    for number in range(len(inside) // 16384 + 1):
        chunk = inside[number * 16384 : (number + 1) * 16384]
        out.append(AESGCM(message_key).encrypt(chunk_nonce(base, number), chunk, b""))
    return b"".join(out)


def seal(
    plaintext: bytes, salt: bytes, place: Place = HERE, key: bytes = KEY, head: bytes | None = None
) -> bytes:
    return seal_padded(padded(plaintext), salt, place, key, head)


def salt_for(words: str) -> bytes:
    return hashlib.sha256(b"hve1 salt " + words.encode()).digest()[:24]


def bytes_for(words: str, length: int) -> bytes:
    return hashlib.shake_256(b"hve1 bytes " + words.encode()).digest(length)
