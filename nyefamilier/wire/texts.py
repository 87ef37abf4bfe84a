"""Bytes as they travel in JSON: base64url without padding (RFC 4648 section 5)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode


def as_text(told: bytes) -> str:
    """Bytes as they travel."""
    return urlsafe_b64encode(told).rstrip(b"=").decode()


def from_text(told: str) -> bytes:
    """The bytes of what travelled.

    Raises:
        ValueError: it is not base64url without padding.
    """
    try:
        found = urlsafe_b64decode(told.encode("ascii") + b"=" * (-len(told) % 4))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    # Python passes over what is no base64; two texts of the same bytes would be taken.
    if as_text(found) != told:
        raise ValueError("not base64url")
    return found
