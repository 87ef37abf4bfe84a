"""One message that AES-GCM opens under two keys, to two texts: what a commitment is there to stop.

Sources: Dodis, Grubbs, Ristenpart, Woodage: Fast Message Franking (CRYPTO 2018), section 3; Len,
Grubbs, Ristenpart: Partitioning Oracle Attacks (USENIX Security 2021); NIST SP 800-38D.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.hve1_format import HERE, derive, header, salt_for

FIRST_KEY = hashlib.sha256(b"hve1 salamander A").digest()
SALT = salt_for("salamander")
FOUND = 37_343_197
"""The number that makes the second key's first four bytes of key stream fit; found by counting."""
TEXT_A = b"Barnet trives godt. "
TEXT_B = b"Alvorlig bekymring. "


def second_key(number: int) -> bytes:
    return hashlib.sha256(b"hve1 salamander B" + number.to_bytes(8, "big")).digest()


def block(key: bytes, value: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the raw block
    return encryptor.update(value) + encryptor.finalize()


def key_stream(key: bytes, nonce: bytes, length: int) -> bytes:
    return AESGCM(key).encrypt(nonce, bytes(length), b"")[:length]


def multiply(left: int, right: int) -> int:
    """The product in GF(2^128), with GCM's order of bits."""
    product = 0
    for bit in range(127, -1, -1):
        if right >> bit & 1:
            product ^= left
        left = left >> 1 ^ (0xE1 << 120 if left & 1 else 0)
    return product


def power(base: int, exponent: int) -> int:
    result = 1 << 127
    while exponent:
        if exponent & 1:
            result = multiply(result, base)
        base, exponent = multiply(base, base), exponent >> 1
    return result


def ghash(key: bytes, blocks: list[int]) -> int:
    subkey = int.from_bytes(block(key, bytes(16)), "big")
    total = 0
    for value in blocks:
        total = multiply(total ^ value, subkey)
    return total


def forged(sides: list[tuple[bytes, bytes]], ciphertext: bytearray, free: int) -> bytes:
    """*ciphertext* with block number *free* chosen so that one tag fits both (key, nonce) sides."""
    ciphertext[free * 16 : free * 16 + 16] = bytes(16)
    blocks = [
        int.from_bytes(ciphertext[at : at + 16], "big") for at in range(0, len(ciphertext), 16)
    ]
    blocks.append(len(ciphertext) * 8)
    difference, factor = 0, 0
    for key, nonce in sides:
        mask = int.from_bytes(block(key, nonce + b"\0\0\0\x01"), "big")
        difference ^= mask ^ ghash(key, blocks)
        factor ^= power(int.from_bytes(block(key, bytes(16)), "big"), len(blocks) - free)
    blocks[free] = multiply(difference, power(factor, 2**128 - 2))
    ciphertext[free * 16 : free * 16 + 16] = blocks[free].to_bytes(16, "big")
    key, nonce = sides[0]
    tag = int.from_bytes(block(key, nonce + b"\0\0\0\x01"), "big") ^ ghash(key, blocks)
    return bytes(ciphertext) + tag.to_bytes(16, "big")


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=False))


def salamander() -> tuple[bytes, bytes, bytes, bytes]:
    """The blob, the second key, and the text that each of the two keys gives."""
    first, second = FIRST_KEY, second_key(FOUND)
    context = header() + HERE.encoded()
    key_a, nonce_a, commitment = derive(first, SALT, context)
    key_b, nonce_b, _ = derive(second, SALT, context)
    stream_a, stream_b = key_stream(key_a, nonce_a, 256), key_stream(key_b, nonce_b, 256)
    # First key: the length of a full bucket, so that nothing need be zero. The search made the
    # second key's length come out under it; from there on the second key must see zeros.
    message = bytearray(256)
    message[:4] = xor((252).to_bytes(4, "big"), stream_a)
    length_b = int.from_bytes(xor(bytes(message[:4]), stream_b), "big")
    message[4:24] = xor(TEXT_A, stream_a[4:])
    message[24:44] = xor(TEXT_B, stream_b[24:])
    message[4 + length_b :] = stream_b[4 + length_b :]
    sealed = forged([(key_a, nonce_a), (key_b, nonce_b)], message, free=3)
    blob = header() + SALT + commitment + sealed
    text_a = xor(sealed[:256], stream_a)[4:]
    return blob, second, text_a, xor(sealed[:256], stream_b)[4 : 4 + length_b]
