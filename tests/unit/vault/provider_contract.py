"""What every key provider must do, whatever is behind it.

To plug a provider in, subclass ``ProviderContract`` and give it the two fixtures. Names of keys are
fresh in each test, so that a provider that lives on between tests can be used as well.
"""

import hmac
import logging
import os
import threading
from dataclasses import replace
from uuid import uuid4

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault.provider import Health, ProviderAway, Versions, Wrapped
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import Vault

CONTEXT = b"family 1"


class ProviderContract:
    """The suite. Subclasses give the fixtures ``provider`` and ``take_away``."""

    @pytest.fixture
    def provider(self):
        """A provider that answers."""
        raise NotImplementedError

    @pytest.fixture
    def take_away(self, provider):
        """A function after which *provider* cannot be asked."""
        raise NotImplementedError

    @pytest.fixture
    def kek(self):
        return f"kek-{uuid4().hex}"

    @pytest.fixture
    def dek(self):
        return os.urandom(32)

    def test_what_was_wrapped_unwraps(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        assert provider.unwrap(wrapped, CONTEXT) == dek

    def test_a_wrapped_key_says_by_what_it_is_wrapped_and_hides_it(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        assert (wrapped.provider, wrapped.kek, wrapped.version) == (provider.name, kek, 1)
        assert dek not in wrapped.blob

    def test_the_same_key_wraps_differently_each_time(self, provider, kek, dek):
        first, second = (provider.wrap(kek, dek, CONTEXT).blob for _ in range(2))
        assert first != second

    @pytest.mark.parametrize("context", [b"family 2", b"", b"family 1\0"])
    def test_another_context_does_not_unwrap(self, provider, kek, dek, context):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap(wrapped, context)

    def test_another_kek_does_not_unwrap(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        provider.wrap(f"{kek}-b", dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap(replace(wrapped, kek=f"{kek}-b"), CONTEXT)

    def test_a_kek_that_does_not_exist_does_not_unwrap_and_is_not_made(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap(replace(wrapped, kek=f"{kek}-c"), CONTEXT)
        with pytest.raises(ValueError, match=kek):
            provider.rotate(f"{kek}-c")

    def test_another_providers_key_does_not_unwrap(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap(replace(wrapped, provider="elsewhere"), CONTEXT)

    def test_another_version_does_not_unwrap(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        for version in (0, 2, 3):
            with pytest.raises(CannotOpen):
                provider.unwrap(replace(wrapped, version=version), CONTEXT)

    def test_damage_does_not_unwrap(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        last = wrapped.blob[-1:]
        for blob in (b"", wrapped.blob[:-1], wrapped.blob[:-1] + bytes([last[0] ^ 1])):
            with pytest.raises(CannotOpen):
                provider.unwrap(replace(wrapped, blob=blob), CONTEXT)

    @pytest.mark.parametrize("name", ["", "Kek", "kek/../x", "kek bydel", "k" * 65, "kek\n"])
    def test_a_strange_name_makes_no_key(self, provider, dek, name):
        with pytest.raises(ValueError, match="name"):
            provider.wrap(name, dek, CONTEXT)

    def test_after_a_rotation_old_and_new_unwrap(self, provider, kek, dek):
        old = provider.wrap(kek, dek, CONTEXT)
        assert provider.rotate(kek) == 2
        new = provider.wrap(kek, dek, CONTEXT)
        assert (old.version, new.version) == (1, 2)
        assert [provider.unwrap(each, CONTEXT) for each in (old, new)] == [dek, dek]

    def test_rewrapping_brings_a_key_to_the_newest_version(self, provider, kek, dek):
        old = provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        new = provider.rewrap(old, CONTEXT)
        assert (new.kek, new.version) == (kek, 2)
        assert provider.unwrap(new, CONTEXT) == dek

    def test_rewrapping_to_another_kek_moves_a_key(self, provider, kek, dek):
        moved = provider.rewrap_to(provider.wrap(kek, dek, CONTEXT), f"{kek}-b", CONTEXT)
        assert moved.kek == f"{kek}-b"
        assert provider.unwrap(moved, CONTEXT) == dek

    def test_rewrapping_needs_the_context(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.rewrap(wrapped, b"family 2")
        with pytest.raises(CannotOpen):
            provider.rewrap_to(wrapped, f"{kek}-b", b"family 2")

    def test_a_disabled_version_opens_nothing_until_it_is_enabled(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        provider.disable(kek, 1)
        for refused in (provider.unwrap, provider.rewrap):
            with pytest.raises(CannotOpen):
                refused(wrapped, CONTEXT)
        provider.enable(kek, 1)
        assert provider.unwrap(wrapped, CONTEXT) == dek

    def test_an_enabled_version_does_not_become_the_primary(self, provider, kek, dek):
        provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        provider.disable(kek, 1)
        provider.enable(kek, 1)
        assert provider.wrap(kek, dek, CONTEXT).version == 2

    def test_a_destroyed_version_opens_nothing_ever_again(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        provider.destroy(kek, 1)
        with pytest.raises(CannotOpen):
            provider.unwrap(wrapped, CONTEXT)
        with pytest.raises(ValueError, match="version 1"):
            provider.enable(kek, 1)
        assert provider.rotate(kek) == 3

    def test_a_version_in_the_middle_goes_alone_or_not_at_all(self, provider, kek, dek):
        wrapped = [provider.wrap(kek, dek, CONTEXT)]
        for _ in range(2):
            provider.rotate(kek)
            wrapped.append(provider.wrap(kek, dek, CONTEXT))
        for end in (provider.disable, provider.destroy):
            if not provider.withdraws_any:
                with pytest.raises(ValueError, match="older"):
                    end(kek, 2)
                assert provider.unwrap(wrapped[1], CONTEXT) == dek
                continue
            end(kek, 2)
            with pytest.raises(CannotOpen):
                provider.unwrap(wrapped[1], CONTEXT)
        for other in (wrapped[0], wrapped[2]):
            assert provider.unwrap(other, CONTEXT) == dek

    def test_versions_go_from_the_oldest_on_and_come_back_the_other_way(self, provider, kek, dek):
        wrapped = [provider.wrap(kek, dek, CONTEXT)]
        for _ in range(3):
            provider.rotate(kek)
            wrapped.append(provider.wrap(kek, dek, CONTEXT))
        for version in (1, 2, 2, 3):
            provider.disable(kek, version)
        if not provider.withdraws_any:
            with pytest.raises(ValueError, match="newer"):
                provider.enable(kek, 1)
        provider.destroy(kek, 1)
        for version in (3, 2, 2):
            provider.enable(kek, version)
        assert [provider.unwrap(each, CONTEXT) for each in wrapped[1:]] == [dek] * 3
        with pytest.raises(CannotOpen):
            provider.unwrap(wrapped[0], CONTEXT)

    def test_the_primary_is_neither_disabled_nor_destroyed(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        for end in (provider.disable, provider.destroy):
            with pytest.raises(ValueError, match="rotate"):
                end(kek, 1)
        assert provider.unwrap(wrapped, CONTEXT) == dek

    def test_a_version_that_does_not_exist_is_not_disabled(self, provider, kek, dek):
        provider.wrap(kek, dek, CONTEXT)
        for change in (provider.disable, provider.enable, provider.destroy):
            with pytest.raises(ValueError, match="version 7"):
                change(kek, 7)

    def test_two_hundred_keys_unwrap_in_one_batch(self, provider, kek):
        deks = [os.urandom(32) for _ in range(200)]
        items = [
            (provider.wrap(kek, dek, str(n).encode()), str(n).encode())
            for n, dek in enumerate(deks)
        ]
        assert provider.unwrap_many(items) == deks
        assert provider.unwrap_many([]) == []

    def test_one_bad_key_in_a_batch_refuses_the_batch(self, provider, kek, dek):
        good = provider.wrap(kek, dek, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap_many([(good, CONTEXT), (good, b"family 2")])

    def test_many_keys_of_several_keks_are_rewrapped_in_their_order(self, provider, kek):
        deks = [os.urandom(32) for _ in range(230)]
        items = [
            (provider.wrap(f"{kek}-{n % 2}", dek, str(n).encode()), str(n).encode())
            for n, dek in enumerate(deks)
        ]
        for n in range(2):
            provider.rotate(f"{kek}-{n}")
        brought = provider.rewrap_many(items)
        assert {(each.kek, each.version) for each in brought} == {(f"{kek}-{n}", 2) for n in (0, 1)}
        contexts = [context for _, context in items]
        assert provider.unwrap_many(list(zip(brought, contexts, strict=True))) == deks
        assert provider.rewrap_many([]) == []

    def test_one_bad_key_refuses_a_batch_that_is_rewrapped(self, provider, kek, dek):
        good = provider.wrap(kek, dek, CONTEXT)
        for bad in ((good, b"family 2"), (replace(good, version=2), CONTEXT)):
            with pytest.raises(CannotOpen):
                provider.rewrap_many([(good, CONTEXT), bad])

    def test_it_tells_which_versions_there_are_and_which_open(self, provider, kek, dek):
        provider.wrap(kek, dek, CONTEXT)
        assert provider.versions(kek) == Versions(1, frozenset({1}))
        provider.rotate(kek)
        provider.rotate(kek)
        assert provider.versions(kek) == Versions(3, frozenset({1, 2, 3}))
        provider.disable(kek, 1)
        assert provider.versions(kek) == Versions(3, frozenset({2, 3}))
        provider.destroy(kek, 1)
        assert provider.versions(kek) == Versions(3, frozenset({2, 3}))
        for name in (f"{kek}-unknown", "../mac-x"):
            with pytest.raises(ValueError, match="key"):
                provider.versions(name)

    def test_reading_goes_on_while_keys_are_rotated(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        stop, failed, opened = threading.Event(), [], []

        def read():
            while not stop.is_set():
                try:
                    fresh = provider.wrap(kek, dek, CONTEXT)
                    assert provider.unwrap(wrapped, CONTEXT) == dek
                    assert provider.unwrap(fresh, CONTEXT) == dek
                    opened.append(1)
                except Exception as failure:  # noqa: BLE001 - whatever it is, it is a failure
                    failed.append(failure)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        versions = [provider.rotate(kek) for _ in range(10)]
        stop.set()
        for reader in readers:
            reader.join()
        assert versions == list(range(2, 12))
        assert not failed
        assert opened

    def test_a_mac_is_the_same_for_the_same_data_and_another_for_another_key(self, provider, kek):
        version, digest = provider.mac(f"{kek}-mac", b"data")
        assert (version, len(digest)) == (1, 32)
        assert provider.mac(f"{kek}-mac", b"data") == (version, digest)
        assert provider.mac(f"{kek}-mac", b"other")[1] != digest
        assert provider.mac(f"{kek}-mac-b", b"data")[1] != digest

    def test_a_mac_key_is_not_the_kek_of_the_same_name(self, provider, kek, dek):
        provider.mac(kek, b"data")
        with pytest.raises(ValueError, match=kek):
            provider.rotate(kek)
        provider.wrap(kek, dek, CONTEXT)
        provider.rotate(kek)
        assert provider.mac(kek, b"data")[0] == 1

    def test_it_says_that_it_is_well(self, provider):
        assert provider.health().ok

    def test_when_it_is_away_it_says_so_and_nothing_else(self, provider, take_away, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        provider.mac(kek, b"data")
        take_away()
        calls = [
            lambda: provider.wrap(kek, dek, CONTEXT),
            lambda: provider.wrap(f"{kek}-new", dek, CONTEXT),
            lambda: provider.unwrap(wrapped, CONTEXT),
            lambda: provider.unwrap_many([(wrapped, CONTEXT)]),
            lambda: provider.rewrap(wrapped, CONTEXT),
            lambda: provider.rewrap_to(wrapped, f"{kek}-b", CONTEXT),
            lambda: provider.rewrap_many([(wrapped, CONTEXT)]),
            lambda: provider.versions(kek),
            lambda: provider.mac(kek, b"data"),
            lambda: provider.rotate(kek),
            lambda: provider.disable(kek, 1),
            lambda: provider.enable(kek, 1),
            lambda: provider.destroy(kek, 1),
        ]
        for call in calls:
            with pytest.raises(ProviderAway):
                call()
        health = provider.health()
        assert isinstance(health, Health)
        assert not health.ok

    def test_when_it_is_away_the_vault_says_unavailable(self, provider, take_away, kek):
        vault, family = Vault(provider, "oslo"), uuid4()
        key = vault.new_family_key(family, kek)
        take_away()
        for ask in (
            lambda: vault.new_family_key(family, kek),
            lambda: vault.open_family_key(family, key),
            lambda: vault.open_family_keys({family: key}),
            lambda: vault.move_family_key(family, key, f"{kek}-b"),
            lambda: vault.blind_index("fnr", "01817012345"),
            lambda: vault.secret_digest("participation", b"data"),
        ):
            with pytest.raises(Unavailable) as refusal:
                ask()
            assert refusal.value.code == "key-provider-away"
        assert not vault.healthy()

    def test_no_key_shows_in_logs_or_words(self, provider, take_away, kek, caplog):
        dek, said = b"KEYBYTES" * 4, []
        with caplog.at_level(logging.DEBUG):
            wrapped = provider.wrap(kek, dek, CONTEXT)
            with pytest.raises(CannotOpen) as refused:
                provider.unwrap(wrapped, b"family 2")
            take_away()
            with pytest.raises(ProviderAway) as away:
                provider.unwrap(wrapped, CONTEXT)
            said += [repr(provider), repr(wrapped), repr(refused.value), repr(away.value)]
        said += [provider.health().detail, caplog.text]
        for words in said:
            assert "KEYBYTES" not in words
            assert b"KEYBYTES".hex() not in words

    def test_a_wrapped_key_is_a_value(self, provider, kek, dek):
        wrapped = provider.wrap(kek, dek, CONTEXT)
        copy = Wrapped(wrapped.provider, wrapped.kek, wrapped.version, bytes(wrapped.blob))
        assert copy == wrapped
        assert hmac.compare_digest(provider.unwrap(copy, CONTEXT), dek)
