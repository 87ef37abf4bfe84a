"""How a body tells that it arrived whole: the ``Content-Digest`` header.

Sources: RFC 9530 section 2; RFC 8941 section 3.3.5 (byte sequences).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final

_SHA256: Final = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?=,|;|$)")


def content_digest(body: bytes) -> str:
    """The header's value for *body* as it travels, after compression."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def told_digest(header: str) -> bytes | None:
    """The SHA-256 that the header's value tells; None where it tells none.

    Other algorithms beside it are passed over, as RFC 9530 asks.
    """
    found = _SHA256.search(header)
    return None if found is None else b64decode(found[1])


def is_whole(body: bytes, told: bytes) -> bool:
    """Whether *body* has the digest that was told of it."""
    return sha256(body).digest() == told
