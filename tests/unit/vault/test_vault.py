"""The vault: one data key for each family, opened for that family only."""

import hashlib
import hmac
import itertools
import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.sealing import CannotOpen, key_named_in
from nyefamilier.vault.vault import CITY_KEK, PROTECTED_KEK, Vault, bydel_kek

ANNA, BENI = UUID(int=0xA), UUID(int=0xB)
NOTE = UUID(int=0xC)
TEXT = "Mor ønsker hjelp til amming.".encode()
STOVNER = bydel_kek("11")


class Watch:
    """A stopwatch that a test moves."""

    seconds = 0.0

    def __call__(self):
        return self.seconds


class CountedKeyring(LocalKeyring):
    """A keyring that counts how often it is asked to unwrap, and how often for many at once."""

    unwrapped = batches = 0

    def unwrap(self, wrapped, context):
        self.unwrapped += 1
        return super().unwrap(wrapped, context)

    def unwrap_many(self, items):
        self.batches += 1
        return super().unwrap_many(items)


@pytest.fixture
def keyring(tmp_path):
    return CountedKeyring.open(tmp_path / "keyring.json")


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def vault(keyring, watch):
    return Vault(keyring, "oslo", stopwatch=watch)


def test_the_names_of_the_keks_are_agreed():
    assert (STOVNER, PROTECTED_KEK, CITY_KEK) == ("kek-bydel-11", "kek-protected", "kek-city")


def test_a_family_reads_what_was_sealed_for_it(vault):
    cipher = vault.open_family_key(ANNA, vault.new_family_key(ANNA, STOVNER))
    blob = cipher.seal("note", "text", NOTE, 3, TEXT)
    assert cipher.open("note", "text", NOTE, 3, blob) == TEXT
    assert key_named_in(blob) == (cipher.key_id, cipher.key_version)
    assert cipher.family_id == ANNA


def test_what_was_sealed_opens_in_another_process(vault, keyring):
    key = vault.new_family_key(ANNA, STOVNER)
    blob = vault.open_family_key(ANNA, key).seal("note", "text", NOTE, 1, TEXT)
    later = Vault(keyring, "oslo")
    assert later.open_family_key(ANNA, key).open("note", "text", NOTE, 1, blob) == TEXT


@pytest.mark.parametrize(
    "place",
    [
        ("need", "text", NOTE, 3),
        ("note", "title", NOTE, 3),
        ("note", "text", UUID(int=1), 3),
        ("note", "text", NOTE, 2),
    ],
)
def test_a_cell_of_the_same_family_opens_in_its_own_place_only(vault, place):
    cipher = vault.open_family_key(ANNA, vault.new_family_key(ANNA, STOVNER))
    blob = cipher.seal("note", "text", NOTE, 3, TEXT)
    with pytest.raises(CannotOpen):
        cipher.open(*place, blob)


def test_one_family_cannot_read_anothers_cell(vault):
    anna, beni = (
        vault.open_family_key(family, vault.new_family_key(family, STOVNER))
        for family in (ANNA, BENI)
    )
    blob = anna.seal("note", "text", NOTE, 1, TEXT)
    with pytest.raises(CannotOpen):
        beni.open("note", "text", NOTE, 1, blob)


def test_one_familys_key_does_not_open_for_another(vault):
    key = vault.new_family_key(ANNA, STOVNER)
    with pytest.raises(Unavailable) as refusal:
        vault.open_family_key(BENI, key)
    assert refusal.value.code == "family-key-closed"


def test_one_tenants_key_does_not_open_for_another(vault, keyring):
    key = vault.new_family_key(ANNA, STOVNER)
    with pytest.raises(Unavailable):
        Vault(keyring, "bergen").open_family_key(ANNA, key)


@pytest.mark.parametrize("change", [{"id": UUID(int=9)}, {"version": 2}], ids=str)
def test_a_wrapped_key_under_another_id_or_version_does_not_open(vault, change):
    key = replace(vault.new_family_key(ANNA, STOVNER), **change)
    with pytest.raises(Unavailable):
        vault.open_family_key(ANNA, key)


def test_a_family_that_moves_keeps_its_key_and_its_notes(vault, keyring):
    key = vault.new_family_key(ANNA, STOVNER)
    blob = vault.open_family_key(ANNA, key).seal("note", "text", NOTE, 1, TEXT)
    moved = vault.move_family_key(ANNA, key, PROTECTED_KEK)
    assert (moved.id, moved.version, moved.wrapped.kek) == (key.id, key.version, PROTECTED_KEK)
    cipher = Vault(keyring, "oslo").open_family_key(ANNA, moved)
    assert cipher.open("note", "text", NOTE, 1, blob) == TEXT


def test_every_new_key_is_another(vault):
    keys = [vault.new_family_key(ANNA, STOVNER) for _ in range(200)]
    ciphers = [vault.open_family_key(ANNA, key) for key in keys]
    assert len({key.id for key in keys}) == len({cipher._key.key for cipher in ciphers}) == 200


# ---- memory ----


def test_an_opened_key_is_remembered_for_five_minutes(vault, keyring, watch):
    key = vault.new_family_key(ANNA, STOVNER)
    for _ in range(10):
        vault.open_family_key(ANNA, key)
    assert keyring.unwrapped == 1
    watch.seconds = 299.9
    vault.open_family_key(ANNA, key)
    assert keyring.unwrapped == 1
    watch.seconds = 300.0
    vault.open_family_key(ANNA, key)
    assert keyring.unwrapped == 2


def test_being_used_does_not_make_a_key_remembered_for_longer(vault, keyring, watch):
    key = vault.new_family_key(ANNA, STOVNER)
    for second in range(0, 310, 10):
        watch.seconds = float(second)
        vault.open_family_key(ANNA, key)
    assert keyring.unwrapped == 2


def test_at_most_five_thousand_keys_are_remembered(vault, keyring):
    families = [uuid4() for _ in range(5_001)]
    keys = {family: vault.new_family_key(family, STOVNER) for family in families}
    for family, key in keys.items():
        vault.open_family_key(family, key)
    assert len(vault._ciphers) == 5_000
    vault.open_family_key(families[-1], keys[families[-1]])
    assert keyring.unwrapped == 5_001
    vault.open_family_key(families[0], keys[families[0]])
    assert keyring.unwrapped == 5_002


def test_a_vault_told_to_forget_asks_again(vault, keyring):
    key = vault.new_family_key(ANNA, STOVNER)
    vault.open_family_key(ANNA, key)
    keyring.rotate(STOVNER)
    keyring.disable(STOVNER, 1)
    assert vault.open_family_key(ANNA, key)
    vault.forget()
    with pytest.raises(Unavailable) as refusal:
        vault.open_family_key(ANNA, key)
    assert refusal.value.code == "family-key-closed"


def test_a_remembered_key_does_not_answer_for_another_wrapping(vault, keyring):
    key = vault.new_family_key(ANNA, STOVNER)
    vault.open_family_key(ANNA, key)
    forged = replace(key, wrapped=replace(key.wrapped, kek=CITY_KEK))
    with pytest.raises(Unavailable):
        vault.open_family_key(ANNA, forged)


def test_many_keys_are_asked_for_at_once_and_only_those_not_remembered(vault, keyring):
    keys = {family: vault.new_family_key(family, STOVNER) for family in (ANNA, BENI, NOTE)}
    vault.open_family_key(ANNA, keys[ANNA])
    ciphers = vault.open_family_keys(keys)
    assert list(ciphers) == [ANNA, BENI, NOTE]
    assert all(cipher.family_id == family for family, cipher in ciphers.items())
    assert (keyring.batches, keyring.unwrapped) == (1, 3)
    assert vault.open_family_keys(keys) == ciphers
    assert vault.open_family_keys({}) == {}
    assert keyring.batches == 1


# ---- digests ----


def test_a_blind_index_finds_the_same_value_and_no_other(vault, keyring):
    found = vault.blind_index("fnr", "01817012345")
    assert (found.version, len(found.digest)) == (1, 16)
    assert Vault(keyring, "oslo").blind_index("fnr", "01817012345") == found
    assert vault.blind_index("fnr", "01817012346").digest != found.digest
    assert vault.blind_index("phone", "01817012345").digest != found.digest


def test_a_blind_index_is_what_the_documents_say(vault, keyring, tmp_path):
    found = vault.blind_index("fnr", "01817012345")
    document = json.loads((tmp_path / "keyring.json").read_bytes())
    key = bytes.fromhex(document["mac"]["bidx-fnr"][0]["key"])
    whole = hmac.new(key, b"fnr\x0001817012345", hashlib.sha256).digest()
    assert found.digest == whole[:16]


def test_a_secret_digest_is_of_32_bytes_and_depends_on_purpose_and_data(vault):
    purposes, data = ("participation", "export"), (b"", b"family", b"\0family")
    digests = [vault.secret_digest(*pair) for pair in itertools.product(purposes, data)]
    assert {len(digest) for digest in digests} == {32}
    assert len(set(digests)) == 6
    assert vault.secret_digest("participation", b"family") == digests[1]


def test_a_secret_digest_is_not_the_blind_index_of_the_same(vault):
    assert vault.secret_digest("fnr", b"1")[:16] != vault.blind_index("fnr", "1").digest


# ---- silence ----


def test_nothing_that_is_shown_holds_a_key(vault):
    key = vault.new_family_key(ANNA, STOVNER)
    cipher = vault.open_family_key(ANNA, key)
    secret = cipher._key.key
    shown = "".join(map(repr, (vault, key, cipher, cipher._key, vault._ciphers)))
    assert secret.hex() not in shown
    assert repr(secret)[2:-1] not in shown


def test_a_refusal_names_no_file_and_no_key(vault, tmp_path):
    key = vault.new_family_key(ANNA, STOVNER)
    (tmp_path / "keyring.json").unlink()
    with pytest.raises(Unavailable) as refusal:
        vault.open_family_key(ANNA, key)
    assert str(tmp_path) not in refusal.value.detail
    assert not vault.healthy()


def test_it_is_healthy_while_the_provider_answers(vault):
    assert vault.healthy()
