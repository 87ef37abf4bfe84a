"""The local keyring: the contract of every provider, and what is special about a file."""

import json
import multiprocessing
import os
import stat
import time

import pytest

from nyefamilier.vault import keyfile
from nyefamilier.vault.keyfile import KeyringRefused
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.vault.sealing import CannotOpen
from tests.unit.vault.provider_contract import ProviderContract

DEK = bytes(range(32))
CONTEXT = b"family 1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keyring.json"


@pytest.fixture
def keyring(path):
    return LocalKeyring.open(path)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class TestContract(ProviderContract):
    @pytest.fixture
    def provider(self, path):
        return LocalKeyring.open(path)

    @pytest.fixture
    def take_away(self, path):
        return path.unlink


# ---- the file is private ----


def test_the_file_is_made_for_its_owner_only(path):
    before = os.umask(0)
    try:
        LocalKeyring.open(path).wrap("kek-city", DEK, CONTEXT)
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert {mode(each) for each in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("open_to", [0o640, 0o644, 0o604, 0o660, 0o610, 0o601])
def test_a_file_that_is_open_to_others_is_refused_with_the_cure(keyring, path, open_to):
    path.chmod(open_to)
    with pytest.raises(KeyringRefused, match=f"chmod 600 {path}"):
        LocalKeyring.open(path)
    path.chmod(0o600)
    assert LocalKeyring.open(path).health().ok


def test_a_file_that_its_owner_may_only_read_is_enough_to_read(keyring, path):
    wrapped = keyring.wrap("kek-city", DEK, CONTEXT)
    path.chmod(0o400)
    assert LocalKeyring.open(path).unwrap(wrapped, CONTEXT) == DEK


def test_a_file_that_is_opened_to_others_later_is_refused_then(keyring, path):
    wrapped = keyring.wrap("kek-city", DEK, CONTEXT)
    path.chmod(0o644)
    with pytest.raises(ProviderAway, match="chmod 600"):
        keyring.unwrap(wrapped, CONTEXT)
    assert not keyring.health().ok


def test_a_file_of_another_user_is_refused_with_the_cure(keyring, path, monkeypatch):
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    with pytest.raises(KeyringRefused, match=f"chown {somebody} {path}"):
        LocalKeyring.open(path)


def test_a_directory_in_its_place_is_refused(path):
    path.mkdir(mode=0o700)
    with pytest.raises(KeyringRefused, match="cannot be read"):
        LocalKeyring.open(path)


def test_a_pipe_in_its_place_is_refused(path):
    os.mkfifo(path, 0o600)
    holder = os.open(path, os.O_RDWR)
    try:
        with pytest.raises(KeyringRefused, match="not a plain file"):
            LocalKeyring.open(path)
    finally:
        os.close(holder)


def test_a_link_that_leads_nowhere_is_refused_and_nothing_is_made(path):
    path.symlink_to(path.with_name("gone.json"))
    with pytest.raises(KeyringRefused, match="cannot be read"):
        LocalKeyring.open(path)
    assert not path.with_name("gone.json").exists()


# ---- the file is whole ----


def test_a_missing_file_is_refused_when_it_may_not_be_made(path):
    with pytest.raises(KeyringRefused, match="No such file"):
        LocalKeyring.open(path, create=False)
    assert not path.exists()


def test_a_missing_directory_is_made_on_the_first_start(path):
    inside = path.parent / "var" / "nyefamilier" / "keyring.json"
    wrapped = LocalKeyring.open(inside).wrap("kek-city", DEK, CONTEXT)
    assert LocalKeyring.open(inside).unwrap(wrapped, CONTEXT) == DEK


def test_a_directory_that_cannot_be_made_is_refused_in_words(path):
    path.write_text("a file where a directory should be")
    with pytest.raises(KeyringRefused, match="cannot be"):
        LocalKeyring.open(path / "var" / "keyring.json")


def test_a_file_that_disappears_is_not_made_anew(keyring, path):
    path.unlink()
    with pytest.raises(ProviderAway):
        keyring.wrap("kek-city", DEK, CONTEXT)
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"format": "nyefamilier-keyring/2", "wrap": {}, "mac": {}}',
        b'{"format": "nyefamilier-keyring/1", "wrap": {}}',
        b'{"format": "nyefamilier-keyring/1", "wrap": {"kek-city": []}, "mac": {}}',
        b'{"format": "nyefamilier-keyring/1", "wrap": {"kek-city": [{}]}, "mac": {}}',
        b'{"format": "nyefamilier-keyring/1", "wrap": [], "mac": {}}',
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path, text):
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(KeyringRefused, match="Restore it from its backup"):
        LocalKeyring.open(path)
    assert path.read_bytes() == text


def test_a_file_cut_anywhere_is_refused(keyring, path):
    keyring.wrap("kek-city", DEK, CONTEXT)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(KeyringRefused):
            LocalKeyring.open(path)


def altered(path, change):
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document))
    return path


DISORDER = {
    "another key": lambda versions: versions[0].update(key="00" * 32),
    "the other version's key": lambda versions: versions[0].update(key=versions[1]["key"]),
    "a short key": lambda versions: versions[0].update(key="00" * 16),
    "a key that is no hex": lambda versions: versions[0].update(key="not hex"),
    "no key": lambda versions: versions[0].update(key=None),
    "an unknown state": lambda versions: versions[0].update(state="retired"),
    "two primaries": lambda versions: versions[0].update(state="primary"),
    "no primary": lambda versions: versions[1].update(state="decrypt_only"),
    "destroyed with a key": lambda versions: versions[0].update(state="destroyed"),
    "one number twice": lambda versions: versions[0].update(version=2),
    "a number as text": lambda versions: versions[0].update(version="1"),
    "the wrong order": lambda versions: versions.reverse(),
    "a missing version": lambda versions: versions.pop(0),
    "no check": lambda versions: versions[0].pop("check"),
}


@pytest.mark.parametrize("disorder", DISORDER)
def test_a_ring_that_does_not_hang_together_is_refused(keyring, path, disorder):
    keyring.wrap("kek-city", DEK, CONTEXT)
    keyring.rotate("kek-city")
    altered(path, lambda document: DISORDER[disorder](document["wrap"]["kek-city"]))
    with pytest.raises(KeyringRefused, match="Restore it from its backup"):
        LocalKeyring.open(path)


def test_a_key_put_under_another_name_is_refused(keyring, path):
    keyring.wrap("kek-city", DEK, CONTEXT)
    altered(path, lambda document: document["wrap"].update(b=document["wrap"].pop("kek-city")))
    with pytest.raises(KeyringRefused):
        LocalKeyring.open(path)


def test_a_refusal_says_nothing_of_what_is_in_the_file(keyring, path):
    keyring.wrap("kek-city", DEK, CONTEXT)
    secret = json.loads(path.read_bytes())["wrap"]["kek-city"][0]["key"]
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(KeyringRefused) as refusal:
        LocalKeyring.open(path)
    assert refusal.value.__cause__ is None
    assert secret not in str(refusal.value)
    assert secret not in repr(keyring)
    assert secret not in repr(keyring._read)
    assert bytes.fromhex(secret) not in repr(keyring._read).encode("latin-1")


# ---- what is used is on the disk, and what is on the disk is used ----


def test_a_key_is_on_the_disk_before_it_is_used(keyring, path):
    wrapped = keyring.wrap("kek-city", DEK, CONTEXT)
    assert LocalKeyring.open(path).unwrap(wrapped, CONTEXT) == DEK


@pytest.mark.parametrize("fails", ["_write_private", "_sync_directory"])
def test_a_key_that_cannot_be_written_is_not_used(keyring, path, monkeypatch, fails):
    keyring.wrap("kek-city", DEK, CONTEXT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keyfile, fails, full)
    with pytest.raises(ProviderAway, match="No space left on device"):
        keyring.wrap("kek-bydel-11", DEK, CONTEXT)
    monkeypatch.undo()
    wrapped = keyring.wrap("kek-bydel-11", DEK, CONTEXT)
    assert LocalKeyring.open(path).unwrap(wrapped, CONTEXT) == DEK


def test_a_file_half_written_before_a_crash_does_no_harm(keyring, path):
    path.with_name("keyring.json.new").write_bytes(b'{"format": "nyefam')
    wrapped = keyring.wrap("kek-city", DEK, CONTEXT)
    assert LocalKeyring.open(path).unwrap(wrapped, CONTEXT) == DEK
    assert not path.with_name("keyring.json.new").exists()


def test_a_key_made_by_another_process_is_found(keyring, path):
    wrapped = LocalKeyring.open(path).wrap("kek-bydel-11", DEK, CONTEXT)
    assert keyring.unwrap(wrapped, CONTEXT) == DEK


def test_a_key_disabled_by_another_process_opens_nothing_here(keyring, path):
    wrapped = keyring.wrap("kek-city", DEK, CONTEXT)
    other = LocalKeyring.open(path)
    other.rotate("kek-city")
    other.disable("kek-city", 1)
    with pytest.raises(CannotOpen):
        keyring.unwrap(wrapped, CONTEXT)
    assert keyring.wrap("kek-city", DEK, CONTEXT).version == 2


def test_each_replacement_is_newer_even_when_the_clock_stands_still(keyring, path):
    keyring.wrap("kek-city", DEK, CONTEXT)
    keyring.rotate("kek-city")
    future = time.time_ns() + 10**12
    os.utime(path, ns=(future, future))
    seen = [path.stat().st_mtime_ns]
    for change in (keyring.disable, keyring.enable, keyring.disable):
        change("kek-city", 1)
        seen.append(path.stat().st_mtime_ns)
    assert seen == sorted(set(seen))


def test_a_destroyed_key_is_gone_from_the_file(keyring, path):
    keyring.wrap("kek-city", DEK, CONTEXT)
    keyring.rotate("kek-city")
    secret = json.loads(path.read_bytes())["wrap"]["kek-city"][0]["key"]
    keyring.destroy("kek-city", 1)
    assert secret not in path.read_text()
    assert LocalKeyring.open(path).health().ok


def test_it_is_not_fit_for_production(keyring):
    assert keyring.fit_for_production is False


# ---- two processes at once ----


def make_and_wrap(path, start, answers, number):
    """In a process of its own: open or make the ring, then make keys, some of them shared."""
    start.wait()
    keyring = LocalKeyring.open(path)
    made = []
    for turn in range(20):
        keks = (f"kek-shared-{turn}", f"kek-own-{number}-{turn}")
        made += [keyring.wrap(kek, DEK, CONTEXT) for kek in keks]
        keyring.mac(f"bidx-{turn}", b"data")
    answers.put(made)


def test_processes_that_make_the_ring_and_its_keys_at_once_lose_none(path):
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Event(), spawn.Queue()
    workers = [
        spawn.Process(target=make_and_wrap, args=(path, start, answers, number))
        for number in range(2)
    ]
    for worker in workers:
        worker.start()
    start.set()
    wrapped = [each for _ in workers for each in answers.get(timeout=60)]
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    keyring = LocalKeyring.open(path)
    assert len(wrapped) == 80
    assert all(keyring.unwrap(each, CONTEXT) == DEK for each in wrapped)
    document = json.loads(path.read_bytes())
    assert len(document["wrap"]) == 60
    assert all(len(versions) == 1 for versions in document["wrap"].values())
    assert len(document["mac"]) == 20
