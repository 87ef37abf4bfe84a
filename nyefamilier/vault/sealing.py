"""HVE v1: seal one cell of one row, so that it opens in that place and no other.

The whole format, with a worked example, is in ``docs/sealed-format.md``. A sealed cell names its
data key in clear; everything else that identifies it (tenant, table, column, record, family, row
version) is bound as context and comes from the database row, never from the sealed bytes.

Sources: https://c2sp.org/chunked-encryption; Padmé: Nikitin et al., PETS 2019, section 4.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from nyefamilier.vault import cobblestone
from nyefamilier.vault.cobblestone import CannotOpen

__all__ = ["MOST_BYTES", "CannotOpen", "Cell", "DataKey", "key_named_in", "open_sealed", "seal"]

MOST_BYTES = 16 * 1024 * 1024
"""The longest plaintext that is sealed: far over any note, and far under what memory bears."""

_MAGIC = b"HVE\x01\x01\x01"
"""Magic, format version 1, suite 1 (Cobblestone-256), flags: length-bucketed."""
_HEADER = struct.Struct(">6s16sI")
_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">H16sH16sHQHI")
_LEAST_BUCKET = 256
_LEAST_SEALED = _HEADER.size + cobblestone.OVERHEAD_BYTES + _LEAST_BUCKET


class Cell(NamedTuple):
    """The one place where a sealed value belongs. Nothing of it is stored in the sealed bytes."""

    table: str
    column: str
    record_id: UUID
    family_id: UUID
    row_version: int
    schema: int = 1


@dataclass(frozen=True, slots=True)
class DataKey:
    """A family's data key. Its 32 bytes never appear in a repr.

    Raises:
        ValueError: the key is not 32 bytes, or the version does not fit in 32 bits.
    """

    id: UUID
    version: int
    key: bytes = field(repr=False)
    header: bytes = field(init=False, repr=False, compare=False)
    """What every cell that is sealed under it begins with."""
    expander: cobblestone.Expander = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.key) != cobblestone.KEY_BYTES:
            raise ValueError("a data key is 32 bytes")
        if not 0 < self.version < 2**32:
            raise ValueError("a data key's version is 1 or more and fits in 32 bits")
        object.__setattr__(self, "expander", cobblestone.Expander(self.key))
        object.__setattr__(self, "header", _HEADER.pack(_MAGIC, self.id.bytes, self.version))


def seal(key: DataKey, tenant: str, cell: Cell, plaintext: bytes) -> bytes:
    """*plaintext* sealed to *cell*; its length shows only as a bucket.

    Raises:
        ValueError: more than ``MOST_BYTES``, or a part of *cell* that the format cannot hold.
    """
    context = _context(tenant, cell)
    return _seal_with_salt(key, context, plaintext, os.urandom(cobblestone.SALT_BYTES))


def open_sealed(key: DataKey, tenant: str, cell: Cell, blob: bytes) -> bytes:
    """What was sealed to *cell* under *key*.

    Raises:
        CannotOpen: damage, another key, another place, an older row version or an unknown format.
        ValueError: a part of *cell* that the format cannot hold.
    """
    # Another format is refused as another key is, and a length that no sealing gives by what lies
    # inside: nothing is asked of a blob twice.
    if len(blob) < _LEAST_SEALED or not _is_under(key, blob[: _HEADER.size]):
        raise CannotOpen
    return _open_in_context(key, _context(tenant, cell), blob)


def key_named_in(blob: bytes) -> tuple[UUID, int]:
    """The data key's id and version that *blob* names; read before any key is asked for.

    Raises:
        CannotOpen: not HVE v1, an unknown suite or flag, or a length that no sealing gives.
    """
    if len(blob) < _HEADER.size:
        raise CannotOpen
    magic, key_id, version = _HEADER.unpack_from(blob)
    inside = cobblestone.message_bytes(len(blob) - _HEADER.size)
    if not _is_hve1(magic) or not _is_bucket(inside):
        raise CannotOpen
    return UUID(bytes=key_id), version


def _seal_with_salt(key: DataKey, context: bytes, plaintext: bytes, salt: bytes) -> bytes:
    header = key.header
    padded = _padded(plaintext)
    return header + cobblestone.encrypt_by(key.expander, header + context, padded, salt)


def _open_in_context(key: DataKey, context: bytes, blob: bytes) -> bytes:
    header, sealed = blob[: _HEADER.size], blob[_HEADER.size :]
    return _unpadded(cobblestone.decrypt_by(key.expander, header + context, sealed))


def _is_under(key: DataKey, header: bytes) -> bool:
    return header == key.header


def _padded(plaintext: bytes) -> bytes:
    length = len(plaintext)
    if length > MOST_BYTES:
        raise ValueError(f"a sealed value holds at most {MOST_BYTES} bytes")
    return (_LENGTH.pack(length) + plaintext).ljust(_bucket(_LENGTH.size + length), b"\x00")


def _unpadded(padded: bytes) -> bytes:
    (length,) = _LENGTH.unpack_from(padded)
    end = _LENGTH.size + length
    if not _fits(end, len(padded)) or not _is_zero_from(padded, end):
        raise CannotOpen
    return padded[_LENGTH.size : end]


def _context(tenant: str, cell: Cell) -> bytes:
    try:
        return _names(tenant, cell.table, cell.column) + _PLACE.pack(
            16, cell.record_id.bytes, 16, cell.family_id.bytes, 8, cell.row_version, 4, cell.schema
        )
    except struct.error as error:
        raise ValueError("a part of the cell does not fit in the sealed format") from error


def _is_zero_from(padded: bytes, start: int) -> bool:
    # One plaintext has one sealed form: padding that could vary would be a hidden channel.
    return padded.count(0, start) == len(padded) - start


def _bucket(length: int) -> int:
    """The padded length: at least 256, then Padmé, which tells O(log log) bits of the length."""
    if length <= _LEAST_BUCKET:
        return _LEAST_BUCKET
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def _is_bucket(length: int) -> bool:
    return _fits(length, length)


def _fits(length: int, padded: int) -> bool:
    return _bucket(length) == padded


def _is_hve1(magic: bytes) -> bool:
    # An unknown suite or flag is refused, never tried as the nearest known one.
    return magic == _MAGIC


@lru_cache(maxsize=1024)
def _names(*names: str) -> bytes:
    # A length before each part: ("a", "bc") and ("ab", "c") must not give the same context.
    parts = [name.encode() for name in names]
    return b"HVEctx1" + b"".join(struct.pack(">H", len(part)) + part for part in parts)
