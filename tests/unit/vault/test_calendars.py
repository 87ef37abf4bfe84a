"""Why a nurse is away opens where it was sealed, and nowhere else."""

from __future__ import annotations

from uuid import UUID

import pytest

from nyefamilier.vault.calendars import CalendarCipher, CannotOpen
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault, WrappedKey

NURSE, COLLEAGUE, ABSENCE, OTHER = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def vault(tmp_path):
    return Vault(LocalKeyring.open(tmp_path / "keyring.json"), "test")


@pytest.fixture
def key(vault) -> WrappedKey:
    return vault.new_calendar_key(NURSE)


@pytest.fixture
def cipher(vault, key) -> CalendarCipher:
    return vault.open_calendar_key(NURSE, key)


def test_a_kind_opens_again(vault, key, cipher):
    sealed = cipher.seal(ABSENCE, "sickness")
    assert vault.open_calendar_key(NURSE, key).open(ABSENCE, sealed) == "sickness"


def test_every_kind_is_sealed_to_the_same_length(cipher):
    assert len({len(cipher.seal(ABSENCE, kind)) for kind in ("leave", "sickness", "")}) == 1


def test_a_kind_does_not_open_at_another_absence_or_when_a_bit_is_turned(cipher):
    sealed = cipher.seal(ABSENCE, "leave")
    with pytest.raises(CannotOpen):
        cipher.open(OTHER, sealed)
    with pytest.raises(CannotOpen):
        cipher.open(ABSENCE, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_calendars_key_opens_for_its_own_nurse_only(vault, key):
    with pytest.raises(Exception, match="family-key-closed"):
        vault.open_calendar_key(COLLEAGUE, key)


def test_a_calendars_key_is_never_taken_for_a_phones(vault, key):
    with pytest.raises(Exception, match="family-key-closed"):
        vault.open_device_key(NURSE, key)


def test_nothing_of_the_key_or_the_kind_shows_in_a_repr(cipher):
    assert repr(cipher) == f"<CalendarCipher nurse={NURSE}>"
