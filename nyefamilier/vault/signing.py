"""ECDSA on P-256: how a phone proves that a request is its own, without anybody signed in.

A public key travels as SubjectPublicKeyInfo in DER; a signature as ``r || s``, 64 bytes, which is
what browsers make and what Android's and Apple's keystores are easily brought to.

Sources: FIPS 186-5 section 6; SEC 1 v2 section 4.1; RFC 7518 section 3.4 (``r || s``).
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

SIGNATURE_BYTES: Final = 64
_ECDSA = ec.ECDSA(SHA256())
_HALF = SIGNATURE_BYTES // 2


def new_signing_key() -> bytes:
    """A new private key, as PKCS #8 in DER without a password: whoever keeps it seals it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_key_of(private_key: bytes) -> bytes:
    """The public key of a private one."""
    public = _private(private_key).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def is_public_key(told: bytes) -> bool:
    """Whether this is a public key that we take: a point on P-256, in DER and no other form."""
    try:
        key = _public(told)
    except ValueError:
        return False
    # One key has one form, so that a device is known by the very bytes that it enrolled with.
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == told


def sign(private_key: bytes, message: bytes) -> bytes:
    """The signature of *message*, with SHA-256."""
    r, s = decode_dss_signature(_private(private_key).sign(message, _ECDSA))
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def is_signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of *public_key* has signed *message*."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:])
    try:
        _public(public_key).verify(encode_dss_signature(r, s), message, _ECDSA)
    except InvalidSignature:
        return False
    return True


def _private(told: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_der_private_key(told, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a device signs with a key on P-256")
    return key


def _public(told: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(told)
    except UnsupportedAlgorithm as error:
        raise ValueError("this is no key on P-256") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("this is no key on P-256")  # noqa: TRY004 - one answer to whatever it is
    return key
