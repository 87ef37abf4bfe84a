"""Sealing: a cell opens in its own place, and nowhere else."""

import hashlib
import traceback
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.vault import cobblestone, sealing
from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, key_named_in, open_sealed, seal
from tests.vectors import salamander

KEY = DataKey(UUID(int=3), 1, bytes(range(32)))
HERE = Cell("note", "text", UUID(int=0xA1), UUID(int=0xF1), 1)
TEXT = b"Mor forteller at natten var bedre."
BLOB = seal(KEY, "oslo", HERE, TEXT)

names = st.text(max_size=40)
uuids = st.uuids()
cells = st.builds(
    Cell, names, names, uuids, uuids, st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1)
)
keys = st.builds(DataKey, uuids, st.integers(1, 2**32 - 1), st.binary(min_size=32, max_size=32))
texts = st.one_of(st.binary(max_size=600), st.integers(0, 40_000).map(lambda n: b"\xe5" * n))


def refused(blob, *, key=KEY, tenant="oslo", cell=HERE):
    try:
        open_sealed(key, tenant, cell, blob)
    except CannotOpen:
        return True
    return False


def test_the_known_answer_is_reproduced_byte_for_byte():
    salt = bytes(range(0x20, 0x38))
    blob = sealing._seal_with_salt(KEY, b"ctx", "Hei, blåbær".encode(), salt)
    assert len(blob) == 354
    assert hashlib.sha256(blob).hexdigest() == (
        "3598b083c42597fb4471ef75aa52a675e5da096cc93e5f7169ebbcf4e081a045"
    )
    assert sealing._open_in_context(KEY, b"ctx", blob).decode() == "Hei, blåbær"


@settings(max_examples=300, deadline=None)
@given(keys, names, cells, texts)
def test_what_was_sealed_opens_in_its_own_place(key, tenant, cell, text):
    blob = seal(key, tenant, cell, text)
    assert open_sealed(key, tenant, cell, blob) == text
    assert key_named_in(blob) == (key.id, key.version)


@settings(max_examples=300, deadline=None)
@given(names, cells, names, cells)
def test_what_was_sealed_opens_nowhere_else(tenant, cell, other_tenant, other_cell):
    blob = seal(KEY, tenant, cell, TEXT)
    same = (tenant, cell) == (other_tenant, other_cell)
    assert refused(blob, tenant=other_tenant, cell=other_cell) is not same


@pytest.mark.parametrize(
    "change",
    [
        {"table": "need"},
        {"column": "title"},
        {"record_id": UUID(int=0xA2)},
        {"family_id": UUID(int=0xF2)},
        {"row_version": 0},
        {"row_version": 2},
        {"schema": 2},
        {"table": "notet", "column": "ext"},
        {"table": "not", "column": "etext"},
        {"record_id": HERE.family_id, "family_id": HERE.record_id},
    ],
    ids=str,
)
def test_a_cell_copied_to_another_place_does_not_open(change):
    assert refused(BLOB, cell=HERE._replace(**change))


def test_a_cell_of_another_tenant_does_not_open():
    assert refused(BLOB, tenant="bergen")


@settings(max_examples=500, deadline=None)
@given(st.lists(names, min_size=3, max_size=3), st.lists(names, min_size=3, max_size=3))
def test_no_two_places_have_the_same_context(left, right):
    assert (sealing._names(*left) == sealing._names(*right)) is (left == right)


def test_no_single_bit_can_be_changed():
    for bit in range(len(BLOB) * 8):
        changed = bytearray(BLOB)
        changed[bit // 8] ^= 1 << (bit % 8)
        assert refused(bytes(changed)), f"bit {bit}"


def test_no_beginning_and_no_end_opens():
    for length in range(len(BLOB)):
        assert refused(BLOB[:length]), f"the first {length} bytes"
        assert refused(BLOB[len(BLOB) - length :]), f"the last {length} bytes"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=700))
def test_bytes_that_nobody_sealed_do_not_open(blob):
    assert refused(blob)
    assert refused(BLOB[:82] + blob)
    assert refused(BLOB + blob) is bool(blob)


def test_two_keys_never_open_the_same_bytes():
    blob, second, text, other_text = salamander.salamander()
    first_key = DataKey(KEY.id, 1, salamander.FIRST_KEY)
    place = Cell(
        "note",
        "text",
        UUID("01920000-0000-7000-8000-0000000000a1"),
        UUID("01920000-0000-7000-8000-0000000000f1"),
        1,
    )
    assert text != other_text
    assert open_sealed(first_key, "oslo", place, blob) == text
    assert refused(blob, key=DataKey(KEY.id, 1, second), cell=place)


def test_plain_aes_gcm_does_open_the_same_bytes_under_two_keys():
    # Why a commitment is needed: this is the library's own cipher, used as everybody uses it.
    blob, second, text, other_text = salamander.salamander()
    context = salamander.header() + salamander.HERE.encoded()
    sides = [
        salamander.derive(key, salamander.SALT, context) for key in (salamander.FIRST_KEY, second)
    ]
    opened = [AESGCM(key).decrypt(nonce, blob[82:], b"") for key, nonce, _ in sides]
    assert opened[0][4:] == text
    assert opened[1][4:].startswith(other_text)
    assert salamander.TEXT_A in opened[0]
    assert salamander.TEXT_B in opened[1]


def test_the_length_shows_only_as_a_bucket():
    lengths = {len(seal(KEY, "oslo", HERE, bytes(n))) for n in range(8_193)}
    assert len(lengths) == 82
    assert {len(seal(KEY, "oslo", HERE, bytes(n))) for n in range(253)} == {354}


@pytest.mark.parametrize(("length", "sealed"), [(200, 354), (2_000, 2_146), (8_000, 8_290)])
def test_the_lengths_are_those_of_the_specification(length, sealed):
    assert len(seal(KEY, "oslo", HERE, bytes(length))) == sealed


@given(st.integers(0, 2**26))
def test_a_bucket_is_not_much_longer_than_what_it_holds(length):
    bucket = sealing._bucket(length)
    assert length <= bucket
    assert bucket == 256 or bucket <= length * 1.12
    assert sealing._bucket(bucket) == bucket


def test_a_sealed_text_shows_nothing_of_itself_twice():
    assert seal(KEY, "oslo", HERE, TEXT)[26:] != BLOB[26:]


def test_a_text_longer_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(sealing, "MOST_BYTES", 1_000)
    assert seal(KEY, "oslo", HERE, bytes(1_000))
    with pytest.raises(ValueError, match="at most 1000 bytes"):
        seal(KEY, "oslo", HERE, bytes(1_001))


@pytest.mark.parametrize(
    "change", [{"row_version": -1}, {"row_version": 2**64}, {"schema": 2**32}], ids=str
)
def test_a_place_that_the_format_cannot_hold_is_refused(change):
    with pytest.raises(ValueError, match="does not fit"):
        seal(KEY, "oslo", HERE._replace(**change), TEXT)


def test_a_name_longer_than_the_format_holds_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        seal(KEY, "o" * 65_536, HERE, TEXT)


@pytest.mark.parametrize("version", [0, -1, 2**32])
def test_a_data_key_has_a_version_that_the_header_holds(version):
    with pytest.raises(ValueError, match="32 bits"):
        DataKey(UUID(int=1), version, bytes(32))


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_data_key_is_32_bytes(length):
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(UUID(int=1), 1, bytes(length))


def test_a_header_is_read_without_a_key():
    assert key_named_in(BLOB) == (KEY.id, 1)
    assert key_named_in(BLOB[:26] + bytes(len(BLOB) - 26)) == (KEY.id, 1)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("value", [0, 2, 3, 255])
def test_an_unknown_header_is_refused_before_any_key_is_asked_for(place, value):
    changed = BLOB[:place] + bytes([value]) + BLOB[place + 1 :]
    with pytest.raises(CannotOpen):
        key_named_in(changed)


@pytest.mark.parametrize("length", [0, 1, 25, 26, 81, 82, 97, 98, 353, 355, 82 + 16_400])
def test_a_length_that_no_sealing_gives_is_refused_before_any_key_is_asked_for(length):
    with pytest.raises(CannotOpen):
        key_named_in((BLOB + bytes(20_000))[:length])


def test_every_refusal_says_the_same():
    said = set()
    short = BLOB[:-1]
    for blob, key in ((short, KEY), (BLOB, DataKey(KEY.id, 1, bytes(32))), (b"", KEY)):
        with pytest.raises(CannotOpen) as refusal:
            open_sealed(key, "oslo", HERE, blob)
        assert refusal.value.__cause__ is None
        said.add(str(refusal.value))
    assert len(said) == 1


def test_no_key_shows_in_a_repr_or_a_traceback():
    key = DataKey(UUID(int=1), 1, b"KEYBYTES" * 4)
    try:
        open_sealed(key, "oslo", HERE, seal(key, "oslo", HERE, TEXT)[:-1] + b"?")
    except CannotOpen as refusal:
        shown = "".join(traceback.format_exception(refusal)) + repr(key) + str(key) + repr(refusal)
    else:
        raise AssertionError
    assert "KEYBYTES" not in shown
    assert b"KEYBYTES".hex() not in shown


def test_the_overhead_is_what_the_format_says():
    assert len(BLOB) == 26 + cobblestone.OVERHEAD_BYTES + 256
