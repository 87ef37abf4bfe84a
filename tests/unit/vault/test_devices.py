"""What is kept for a device opens for that device, in its place, with its key."""

from dataclasses import replace
from uuid import uuid4

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import DEVICE_KEK, Vault

PHONE, OTHER, RECORD = uuid4(), uuid4(), uuid4()


@pytest.fixture
def vault(tmp_path):
    return Vault(LocalKeyring.open(tmp_path / "keyring.json"), "oslo")


@pytest.fixture
def key(vault):
    return vault.new_device_key(PHONE)


@pytest.fixture
def cipher(vault, key):
    return vault.open_device_key(PHONE, key)


def test_a_value_opens_in_its_place(cipher):
    assert cipher.open("delivery.raw", RECORD, cipher.seal("delivery.raw", RECORD, b"x")) == b"x"


def test_a_value_opens_in_no_other_place(cipher):
    sealed = cipher.seal("delivery.raw", RECORD, b"x")
    for column, record in (("device.share", RECORD), ("delivery.raw", OTHER)):
        with pytest.raises(CannotOpen):
            cipher.open(column, record, sealed)


def test_a_key_opens_for_its_own_device_only(vault, key):
    with pytest.raises(Unavailable) as refused:
        vault.open_device_key(OTHER, key)
    assert refused.value.code == "family-key-closed"


def test_a_devices_key_is_no_familys(vault, key):
    with pytest.raises(Unavailable):
        vault.open_family_key(PHONE, key)
    family = vault.new_family_key(PHONE, DEVICE_KEK)
    with pytest.raises(Unavailable):
        vault.open_device_key(PHONE, family)


def test_a_key_is_asked_for_again_after_it_was_forgotten(vault, key, cipher):
    assert vault.open_device_key(PHONE, key) is cipher
    vault.forget()
    assert vault.open_device_key(PHONE, key) is not cipher


def test_a_digest_is_the_same_for_the_same_bytes_and_device_only(vault, key, cipher):
    other = vault.open_device_key(OTHER, vault.new_device_key(OTHER))
    assert len(cipher.digest(b"x")) == 32
    assert cipher.digest(b"x") == cipher.digest(b"x")
    assert len({cipher.digest(b"x"), cipher.digest(b"y"), other.digest(b"x")}) == 3


def test_nothing_secret_is_in_its_repr(cipher):
    assert repr(cipher) == f"<DeviceCipher device={PHONE}>"


def test_an_escrow_key_opens_under_its_own_id_only(vault):
    wrapped = vault.wrap_escrow_key(RECORD, bytes(32))
    assert vault.open_escrow_key(RECORD, wrapped) == bytes(32)
    for id_, what in ((OTHER, wrapped), (RECORD, replace(wrapped, kek=DEVICE_KEK))):
        with pytest.raises(Unavailable):
            vault.open_escrow_key(id_, what)
