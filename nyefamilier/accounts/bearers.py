"""Bearer secrets: what a cookie or an API token is made of. Only the digest is ever stored.

A plain SHA-256 is enough, since the secret has 256 random bits: there is nothing to guess.
Sources: OWASP ASVS 5.0, 7.2.3 (128 bits or more; a UUID does not qualify).
"""

from __future__ import annotations

import hashlib
import secrets

LONGEST = 100
"""No bearer of ours is longer; longer text is not even hashed."""


def new_bearer() -> str:
    """256 random bits as text for a header or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(bearer: str) -> bytes:
    """What is stored and looked up."""
    return hashlib.sha256(bearer[:LONGEST].encode("utf-8", "surrogatepass")).digest()


def attempt_digest(kind: str, *parts: str) -> bytes:
    """The key of a counter of failed attempts."""
    return hashlib.sha256("\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")).digest()
