"""Unsent work in escrow opens with the server's key, under its own id, and in no other way."""

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nyefamilier.vault.escrow import CannotOpen, new_escrow_pair, open_escrowed, seal_to_escrow

PAIR = new_escrow_pair()
ID = uuid4()
TEXT = "Mor ønsker hjelp til amming.".encode()
SEALED = seal_to_escrow(PAIR.public, ID, TEXT)


def test_what_was_sealed_opens():
    assert open_escrowed(PAIR.private, ID, SEALED) == TEXT


def test_sealing_twice_gives_two_texts():
    assert seal_to_escrow(PAIR.public, ID, TEXT) != SEALED


def test_it_opens_under_no_other_mutations_id():
    with pytest.raises(CannotOpen):
        open_escrowed(PAIR.private, uuid4(), SEALED)


def test_it_opens_with_no_other_key():
    with pytest.raises(CannotOpen):
        open_escrowed(new_escrow_pair().private, ID, SEALED)


@pytest.mark.parametrize("place", [0, 1, 64, 65, len(SEALED) - 1])
def test_a_flipped_byte_does_not_open(place):
    damaged = bytearray(SEALED)
    damaged[place] ^= 1
    with pytest.raises(CannotOpen):
        open_escrowed(PAIR.private, ID, bytes(damaged))


@pytest.mark.parametrize("length", [0, 1, 64, 65, 80])
def test_a_cut_text_does_not_open(length):
    with pytest.raises(CannotOpen):
        open_escrowed(PAIR.private, ID, SEALED[:length])


@pytest.mark.parametrize(
    "other", [ec.generate_private_key(ec.SECP384R1()), x25519.X25519PrivateKey.generate()]
)
def test_nothing_is_sealed_to_a_key_of_another_kind(other):
    public = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ValueError, match="P-256"):
        seal_to_escrow(public, ID, TEXT)


def test_the_private_key_is_not_in_its_repr():
    assert repr(PAIR) == "<EscrowPair>"
