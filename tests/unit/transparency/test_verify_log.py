"""Ed25519 as the verifier has it: RFC 8032's own vectors, a library's, and hostile ones."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from nyefamilier.transparency.checkpoints import Signer, checkpoint, size_of, verifier_key
from nyefamilier.transparency.verify_log import DoesNotHold, is_signed, read_checkpoint
from nyefamilier.vault.heads import new_head_key, public_head_key, sign_head

ORDER = 2**252 + 27742317777372353535851937790883648493
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
            "f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("key", "text", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold_and_none_of_their_bits_may_change(key, text, signature):
    told = [bytes.fromhex(one) for one in (key, text, signature)]
    assert is_signed(*told)
    for place, part in enumerate(told):
        for bit in range(0, 8 * len(part), 37):
            harmed = bytearray(part)
            harmed[bit // 8] ^= 1 << bit % 8
            assert not is_signed(*told[:place], bytes(harmed), *told[place + 1 :])


def test_it_agrees_with_the_library():
    for number in range(20):
        key = Ed25519PrivateKey.generate()
        text = b"text" * number
        assert is_signed(key.public_key().public_bytes_raw(), text, key.sign(text))
        assert not is_signed(key.public_key().public_bytes_raw(), text + b".", key.sign(text))


def test_hostile_keys_and_signatures_are_refused_and_break_nothing():
    private = new_head_key()
    key, signature = public_head_key(private), sign_head(private, b"text")
    assert is_signed(key, b"text", signature)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(key, b"text", signature[:32] + scalar.to_bytes(32, "little"))
    for wrong in (b"", b"\x00" * 31, b"\xff" * 32, b"\x02" + b"\x00" * 31):
        assert not is_signed(wrong, b"text", signature)
        assert not is_signed(key, b"text", wrong + signature[32:])
    assert not is_signed(key, b"text", signature + b"\x00")


@pytest.fixture
def signed():
    private = new_head_key()
    signer = Signer("a/log", public_head_key(private), lambda text: sign_head(private, text))
    return signer.verifier_key, checkpoint(signer, 12, b"\x07" * 32)


def test_a_checkpoint_is_read_as_it_was_written(signed):
    key, note = signed
    found = read_checkpoint(note, key)
    assert (found.size, found.head) == (12, b"\x07" * 32)
    assert size_of(note) == 12
    assert note.splitlines()[0] == "a/log"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12", "13"),
        ("12", "012"),
        ("12", "twelve"),
        ("a/log", "b/log"),
        ("—", "-"),
        ("\n\n", "\n"),
        ("BwcH", "BwcI"),
        ("=\n", "AAA\n"),
        ("a/log\n", ""),
    ],
)
def test_a_checkpoint_that_was_changed_is_none(signed, old, new):
    key, note = signed
    assert old in note
    for harmed in (note.replace(old, new), note.replace(old, new, 1), ""):
        with pytest.raises(DoesNotHold):
            read_checkpoint(harmed, key)


def test_what_is_no_key_is_none(signed):
    key, note = signed
    other = verifier_key("a/log", public_head_key(new_head_key()))
    for wrong in ("", "a/log", key.replace("+", "-"), key[:-4] + "AAA=", other, "a+b+c"):
        with pytest.raises(DoesNotHold):
            read_checkpoint(note, wrong)
    with pytest.raises(ValueError, match="no checkpoint"):
        size_of("nothing")
