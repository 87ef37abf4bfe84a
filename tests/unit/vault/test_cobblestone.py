"""Our Cobblestone-256 against the library's, which was written by other people."""

import os

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.vault import cobblestone
from nyefamilier.vault.cobblestone import CannotOpen

KEY = bytes(range(32))
LENGTHS = st.one_of(
    st.integers(0, 300),
    st.sampled_from([16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 50_000]),
)
EDGES = [0, 1, 16_383, 16_384, 16_385, 32_768, 70_000, 257 * 16_384 + 5]


def library_seals(key, context, message):
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(message) + encryptor.finalize()


def library_opens(key, context, sealed):
    decryptor = Cobblestone256Decryptor(key, context)
    return decryptor.update(sealed) + decryptor.finalize()


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), LENGTHS)
def test_each_opens_what_the_other_seals(key, context, length):
    message = os.urandom(length)
    assert library_opens(key, context, cobblestone.encrypt(key, context, message)) == message
    assert cobblestone.decrypt(key, context, library_seals(key, context, message)) == message


@pytest.mark.parametrize("length", EDGES)
def test_with_the_same_salt_both_give_the_same_bytes(length):
    message = os.urandom(length)
    theirs = library_seals(KEY, b"context", message)
    salt = theirs[: cobblestone.SALT_BYTES]
    assert cobblestone.encrypt_with_salt(KEY, b"context", message, salt) == theirs


@pytest.mark.parametrize("length", EDGES)
def test_the_length_of_the_message_is_known_from_the_length_of_what_was_sealed(length):
    sealed = cobblestone.encrypt(KEY, b"", bytes(length))
    assert cobblestone.message_bytes(len(sealed)) == length


def test_both_refuse_what_was_changed():
    sealed = bytearray(cobblestone.encrypt(KEY, b"context", b"words"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        library_opens(KEY, b"context", bytes(sealed))
    with pytest.raises(CannotOpen):
        cobblestone.decrypt(KEY, b"context", bytes(sealed))


def test_chunks_in_another_order_are_refused():
    sealed = cobblestone.encrypt(KEY, b"", os.urandom(40_000))
    first, second = sealed[56 : 56 + 16_400], sealed[56 + 16_400 : 56 + 32_800]
    swapped = sealed[:56] + second + first + sealed[56 + 32_800 :]
    with pytest.raises(CannotOpen):
        cobblestone.decrypt(KEY, b"", swapped)


@pytest.mark.parametrize("lost", [1, 16, 17, 7_232, 16_400 + 7_248, 2 * 16_400])
def test_a_message_of_several_chunks_cannot_be_cut(lost):
    sealed = cobblestone.encrypt(KEY, b"", os.urandom(40_000))
    with pytest.raises(CannotOpen):
        cobblestone.decrypt(KEY, b"", sealed[:-lost])


def test_a_salt_is_never_used_twice():
    salts = {cobblestone.encrypt(KEY, b"", b"")[: cobblestone.SALT_BYTES] for _ in range(2_000)}
    assert len(salts) == 2_000
