"""HPKE: unsent work sealed to the server's public key, which the phone itself cannot open again.

Sources: RFC 9180, base mode, single shot; DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from nyefamilier.vault.cobblestone import CannotOpen

__all__ = ["CannotOpen", "EscrowPair", "new_escrow_pair", "open_escrowed", "seal_to_escrow"]

_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO: Final = b"nyefamilier-escrow/1"
_SECRET_BYTES: Final = 32


class EscrowPair(NamedTuple):
    """A key pair: 32 bytes that are wrapped before they are stored, and what everybody may know.

    ``public`` is a SubjectPublicKeyInfo in DER.
    """

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        return "<EscrowPair>"


def new_escrow_pair() -> EscrowPair:
    """A new key pair on P-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return EscrowPair(key.private_numbers().private_value.to_bytes(_SECRET_BYTES), public)


def seal_to_escrow(public: bytes, mutation_id: UUID, mutation: bytes) -> bytes:
    """*mutation*, as it would be pushed, sealed to the server: the KEM's output, then the text.

    Raises:
        ValueError: *public* is no public key of an escrow.
    """
    key = load_der_public_key(public)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the escrow's key is on P-256")  # noqa: TRY004
    return _SUITE.encrypt(mutation, key, _info(mutation_id))


def open_escrowed(private: bytes, mutation_id: UUID, sealed: bytes) -> bytes:
    """What was sealed under this mutation's id.

    Raises:
        CannotOpen: damage, another key, or another mutation's id.
    """
    key = ec.derive_private_key(int.from_bytes(private), ec.SECP256R1())
    try:
        return _SUITE.decrypt(sealed, key, _info(mutation_id))
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def _info(mutation_id: UUID) -> bytes:
    return _INFO + mutation_id.bytes
