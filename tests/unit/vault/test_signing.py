"""A phone's signature: of these very bytes, by this very key, on P-256 and no other curve."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nyefamilier.vault.signing import (
    is_public_key,
    is_signed_by,
    new_signing_key,
    public_key_of,
    sign,
)

KEY = new_signing_key()
PUBLIC = public_key_of(KEY)
MESSAGE = b"POST /api/v1/sync/escrow"


def der(key, form=PublicFormat.SubjectPublicKeyInfo):
    return key.public_key().public_bytes(Encoding.DER, form)


def test_what_was_signed_is_known():
    assert is_signed_by(PUBLIC, sign(KEY, MESSAGE), MESSAGE)


def test_another_message_was_not_signed():
    assert not is_signed_by(PUBLIC, sign(KEY, MESSAGE), MESSAGE + b"x")


def test_another_key_has_not_signed():
    assert not is_signed_by(public_key_of(new_signing_key()), sign(KEY, MESSAGE), MESSAGE)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_flipped_byte_is_no_signature(place):
    signature = bytearray(sign(KEY, MESSAGE))
    signature[place] ^= 1
    assert not is_signed_by(PUBLIC, bytes(signature), MESSAGE)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_whatever_else_is_no_signature(signature):
    assert not is_signed_by(PUBLIC, signature, MESSAGE)


def test_a_key_on_p256_is_taken():
    assert is_public_key(PUBLIC)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"\x00" * 91,
        PUBLIC[:-1],
        PUBLIC + b"\x00",
        PUBLIC[:-1] + bytes([PUBLIC[-1] ^ 1]),  # no point on the curve
        der(ec.generate_private_key(ec.SECP384R1())),
        der(ec.generate_private_key(ec.SECP256K1())),
        der(ed25519.Ed25519PrivateKey.generate()),
        KEY,
    ],
    ids=[
        "nothing",
        "noughts",
        "cut off",
        "too long",
        "off the curve",
        "P-384",
        "secp256k1",
        "Ed25519",
        "a private key",
    ],
)
def test_no_other_key_is_taken(told):
    assert not is_public_key(told)
