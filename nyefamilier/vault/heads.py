"""Ed25519: how the log's heads are signed.

Sources: RFC 8032 section 5.1. The private key is the seed of 32 bytes, the public key its 32.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def new_head_key() -> bytes:
    """A new private key, 32 bytes: whoever keeps it wraps it."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_head_key(private: bytes) -> bytes:
    """The public key of a private one, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign_head(private: bytes, text: bytes) -> bytes:
    """The signature of *text*, 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(text)
