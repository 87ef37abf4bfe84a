"""Each guard of the vault is what stops its attack: with the guard taken away, the attack succeeds.

A guard that could be removed without a test going red would be removed one day. So each is named
here with an attack; the attack is refused while the guard stands, and works when it is gone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from uuid import UUID

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault import cobblestone, keyfile, keyring, ring, sealing
from nyefamilier.vault.keyfile import KeyringRefused
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, key_named_in, open_sealed, seal
from nyefamilier.vault.vault import Vault
from tests.vectors import hve1_format as hve1
from tests.vectors import salamander

KEY = DataKey(hve1.DEK, 1, hve1.KEY)
HERE = Cell("note", "text", hve1.RECORD, hve1.FAMILY, 1)
SALT = bytes(24)
TEXT = b"Barnet trives."
REFUSALS = (CannotOpen, KeyringRefused, Unavailable)


class Anything:
    """Equal to everything: what a comparison becomes when nobody makes it."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


@dataclass(frozen=True)
class Guard:
    """Where a guard stands, what is there when it is gone, and the attack that it stops."""

    module: ModuleType
    name: str
    gone: Callable
    attack: Callable


# ---- the attacks: each returns when it succeeds, and is refused otherwise ----


def reads_one_message_as_two_texts(_):
    blob, second, text, other_text = salamander.salamander()
    first = open_sealed(DataKey(KEY.id, 1, salamander.FIRST_KEY), "oslo", HERE, blob)
    other = open_sealed(DataKey(KEY.id, 1, second), "oslo", HERE, blob)
    assert (first, other) == (text, other_text)
    assert salamander.TEXT_A in first
    assert salamander.TEXT_B in other


def hides_words_in_the_padding(_):
    inside = hve1.padded(TEXT)[:100] + b"hidden" + bytes(150)
    assert open_sealed(KEY, "oslo", HERE, hve1.seal_padded(inside, SALT)) == TEXT


def shows_by_its_length_what_it_is(_):
    inside = hve1.padded(TEXT).ljust(512, b"\0")
    assert open_sealed(KEY, "oslo", HERE, hve1.seal_padded(inside, SALT)) == TEXT


def moves_a_note_to_another_child(_):
    elsewhere = Cell("note", "text", UUID(int=1), HERE.family_id, 1)
    assert open_sealed(KEY, "oslo", elsewhere, seal(KEY, "oslo", HERE, TEXT)) == TEXT


def brings_back_what_was_corrected(_):
    newer = Cell("note", "text", HERE.record_id, HERE.family_id, 2)
    assert open_sealed(KEY, "oslo", newer, seal(KEY, "oslo", HERE, TEXT)) == TEXT


def lets_names_run_together(_):
    shifted = Cell("not", "etext", HERE.record_id, HERE.family_id, 1)
    assert open_sealed(KEY, "oslo", shifted, seal(KEY, "oslo", HERE, TEXT)) == TEXT


def names_a_suite_that_is_not_there(_):
    blob = hve1.seal(TEXT, SALT, head=hve1.header(suite=2))
    assert open_sealed(KEY, "oslo", HERE, blob) == TEXT


def names_another_key_than_it_was_sealed_with(_):
    blob = hve1.seal(TEXT, SALT, head=hve1.header(ver=2))
    assert open_sealed(KEY, "oslo", HERE, blob) == TEXT


def asks_for_a_key_by_a_suite_that_is_not_there(_):
    assert key_named_in(hve1.seal(TEXT, SALT, head=hve1.header(suite=2)))


def cuts_a_message_at_a_chunk(_):
    sealed = cobblestone.encrypt(KEY.key, b"", bytes(20_000))
    assert cobblestone.decrypt(KEY.key, b"", sealed[: 56 + 16_400]) == bytes(16_384)


def gives_one_familys_key_to_another(path):
    vault = Vault(LocalKeyring.open(path), "oslo")
    key = vault.new_family_key(UUID(int=1), "kek-city")
    assert vault.open_family_key(UUID(int=2), key)


def reads_keys_that_everybody_can_read(path):
    LocalKeyring.open(path)
    path.chmod(0o644)
    assert LocalKeyring.open(path)


def wraps_with_a_key_that_rotted(path):
    LocalKeyring.open(path).wrap("kek-city", bytes(32), b"")
    document = json.loads(path.read_bytes())
    document["wrap"]["kek-city"][0]["key"] = "00" * 32
    path.write_text(json.dumps(document))
    assert LocalKeyring.open(path).wrap("kek-city", bytes(32), b"")


def opens_with_a_key_that_was_disabled(path):
    ring_file = LocalKeyring.open(path)
    wrapped = ring_file.wrap("kek-city", bytes(32), b"")
    other = LocalKeyring.open(path)
    other.rotate("kek-city")
    other.disable("kek-city", 1)
    assert ring_file.unwrap(wrapped, b"") == bytes(32)


GUARDS = [
    Guard(cobblestone, "_commits", lambda *_: True, reads_one_message_as_two_texts),
    Guard(cobblestone, "message_bytes", lambda _: 0, cuts_a_message_at_a_chunk),
    Guard(sealing, "_is_zero_from", lambda *_: True, hides_words_in_the_padding),
    Guard(sealing, "_fits", lambda *_: True, shows_by_its_length_what_it_is),
    Guard(sealing, "_context", lambda *_: b"", moves_a_note_to_another_child),
    Guard(sealing, "_context", lambda *_: b"", brings_back_what_was_corrected),
    Guard(sealing, "_names", lambda *names: "".join(names).encode(), lets_names_run_together),
    Guard(sealing, "_is_under", lambda *_: True, names_a_suite_that_is_not_there),
    Guard(sealing, "_is_under", lambda *_: True, names_another_key_than_it_was_sealed_with),
    Guard(sealing, "_is_hve1", lambda _: True, asks_for_a_key_by_a_suite_that_is_not_there),
    Guard(keyring, "_bound", lambda *_: b"", gives_one_familys_key_to_another),
    Guard(keyfile, "_demand_private", lambda *_: None, reads_keys_that_everybody_can_read),
    Guard(ring, "_check", lambda *_: Anything(), wraps_with_a_key_that_rotted),
    Guard(keyfile, "stamp", lambda _: Anything(), opens_with_a_key_that_was_disabled),
]


def named(guard):
    return f"{guard.module.__name__.rpartition('.')[2]}.{guard.name}-{guard.attack.__name__}"


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_the_attack_is_refused_while_the_guard_stands(guard, tmp_path):
    with pytest.raises(REFUSALS):
        guard.attack(tmp_path / "keyring.json")


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_the_attack_succeeds_when_the_guard_is_gone(guard, tmp_path, monkeypatch):
    if guard.module is ring:
        # The file must be written by a sound ring before the unsound one reads it.
        LocalKeyring.open(tmp_path / "keyring.json").wrap("kek-city", bytes(32), b"")
    monkeypatch.setattr(guard.module, guard.name, guard.gone)
    guard.attack(tmp_path / "keyring.json")
