"""The composition root: which keyring a deployment gets, and which it is refused."""

import pytest

from config.settings import Settings
from nyefamilier import bootstrap
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.vault.keyring import LocalKeyring


def settings(path, **words):
    return Settings(_env_file=None, keyring=path / "keyring.json", **words)


def test_a_demonstration_makes_its_keyring_on_the_first_start(tmp_path):
    provider = bootstrap._provider(settings(tmp_path / "var"))
    assert provider.health().ok


def test_a_keyring_that_others_can_read_is_a_refusal_with_the_cure(tmp_path):
    bootstrap._provider(settings(tmp_path))
    (tmp_path / "keyring.json").chmod(0o644)
    with pytest.raises(Unavailable, match="chmod 600") as refusal:
        bootstrap._provider(settings(tmp_path))
    assert refusal.value.code == "keyring-refused"


def test_production_has_no_keyring_file_unless_it_is_allowed_by_name(tmp_path):
    with pytest.raises(Unavailable) as refusal:
        bootstrap._provider(settings(tmp_path, environment="production"))
    assert refusal.value.code == "keyring-in-production"
    assert not (tmp_path / "keyring.json").exists()


def test_production_never_makes_a_keyring_by_itself(tmp_path):
    """A mistyped path would give an empty ring, and every family would be closed."""
    allowed = settings(tmp_path, environment="production", allow_local_keyring=True)
    with pytest.raises(Unavailable, match="keyring-refused"):
        bootstrap._provider(allowed)
    LocalKeyring.open(tmp_path / "keyring.json")
    assert bootstrap._provider(allowed).health().ok


# ---- a key server ----

SERVER = {"keys": "openbao", "openbao_url": "https://bao.example:8200", "environment": "production"}


def test_a_key_server_is_fit_for_production_and_makes_no_file(tmp_path):
    provider = bootstrap._provider(
        settings(tmp_path, **SERVER, openbao_token_file=tmp_path / "token")
    )
    assert provider.name == "openbao"
    assert provider.fit_for_production
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", ["openbao_url", "openbao_token_file"])
def test_a_key_server_must_be_said_where_it_is(tmp_path, missing):
    words = {**SERVER, "openbao_token_file": tmp_path / "token", missing: None}
    with pytest.raises(Unavailable, match=f"NYEFAMILIER_{missing.upper()}") as refusal:
        bootstrap._provider(settings(tmp_path, **words))
    assert refusal.value.code == "key-server-missing"


@pytest.mark.parametrize("url", ["http://bao.example:8200", "http://127.0.0.1.example", "bao"])
def test_production_sends_no_key_in_clear(tmp_path, url):
    words = {**SERVER, "openbao_token_file": tmp_path / "token", "openbao_url": url}
    with pytest.raises(Unavailable) as refusal:
        bootstrap._provider(settings(tmp_path, **words))
    assert refusal.value.code == "key-server-in-clear"


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_said(tmp_path, text):
    path = tmp_path / "ca.pem"
    if text:
        path.write_text(text)
    words = {**SERVER, "openbao_token_file": tmp_path / "token", "openbao_ca": path}
    with pytest.raises(Unavailable, match="NYEFAMILIER_OPENBAO_CA"):
        bootstrap._provider(settings(tmp_path, **words))
