"""A phone's own half of its key is made once, and lies where only its owner reads it."""

import pytest

from nyefamilier.client.keyfile import KeyRefused, secret_at


def test_a_secret_is_made_once(tmp_path):
    first = secret_at(tmp_path / "key")

    assert len(first) == 32
    assert secret_at(tmp_path / "key") == first
    assert secret_at(tmp_path / "other") != first


def test_only_its_owner_may_read_it(tmp_path):
    secret_at(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(KeyRefused, match="chmod 600"):
        secret_at(tmp_path / "key")


def test_a_file_that_is_no_key_is_left_as_it_is(tmp_path):
    (tmp_path / "key").write_bytes(b"notes")
    (tmp_path / "key").chmod(0o600)

    with pytest.raises(KeyRefused):
        secret_at(tmp_path / "key")
    assert (tmp_path / "key").read_bytes() == b"notes"
