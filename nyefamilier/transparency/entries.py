"""How an entry of a log is written down as bytes, so that whoever has it can work out its hash.

Canonical JSON: an object whose names are sorted, without spaces, in UTF-8; its values are strings,
whole numbers and null (a part of RFC 8785). The nonce is drawn for each entry, so that the hash of
an entry that somebody may see tells nothing of those that she may not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

NONCE_BYTES: Final = 16
Value: TypeAlias = str | int | None
Entry: TypeAlias = dict[str, Value]


class Log(StrEnum):
    """The logs whose entries are leaves of the tree."""

    ACCESS = "access"
    EXPORT = "export"


def new_nonce() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(NONCE_BYTES)


def entry_of(log: Log, row: Mapping[str, object]) -> Entry:
    """An entry as it is shown: all columns of its row, and which log it is of."""
    return {"log": str(log)} | {name: _value(told) for name, told in row.items()}


def leaf_bytes(entry: Mapping[str, Value], nonce: bytes) -> bytes:
    """What is hashed."""
    told = {**entry, "nonce": nonce.hex()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _value(told: object) -> Value:
    if isinstance(told, datetime):
        return told.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(told, UUID):
        return str(told)
    if told is None or isinstance(told, str | int):
        return told
    raise TypeError(f"a log holds no {type(told).__name__}")
