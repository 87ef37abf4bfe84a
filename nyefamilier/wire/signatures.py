"""What a phone signs when it sends a request that nobody needs to be signed in for."""

from __future__ import annotations

from hashlib import sha256


def signed_text(method: str, path: str, body: bytes) -> bytes:
    """The bytes whose signature travels as ``Sync-Signature``.

    Args:
        method: In capital letters.
        path: Without the query.
        body: As it travels.
    """
    digest = sha256(body).hexdigest()
    return f"nyefamilier-request/1\n{method}\n{path}\n{digest}".encode()
