"""``nyefamilier keys``, as it is typed, on the keyring file and on a real key server."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from nyefamilier.cli.main import main
from nyefamilier.families.views import family
from nyefamilier.vault.openbao import OpenBao
from nyefamilier.vault.transit import Transit
from nyefamilier.vault.vault import Vault
from tests.cities import settle

BYDEL = "kek-bydel-11"


@pytest.fixture(params=["file", "openbao"])
def kept(request, real_city, tmp_path, monkeypatch):
    """The city with its keys in one provider, and the settings that say so."""
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", url)
    monkeypatch.setenv("NYEFAMILIER_ENVIRONMENT", "test")
    monkeypatch.setenv("NYEFAMILIER_TENANT", "test")
    monkeypatch.setenv("NYEFAMILIER_KEYS", request.param)
    monkeypatch.setenv("NYEFAMILIER_KEYRING", str(tmp_path / "keyring.json"))
    if request.param == "file":
        yield real_city
        return
    server = request.getfixturevalue("key_server")
    server.empty()
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(server.all)
    monkeypatch.setenv("NYEFAMILIER_OPENBAO_URL", server.url)
    monkeypatch.setenv("NYEFAMILIER_OPENBAO_TOKEN_FILE", str(token))
    with closing(Transit(server.url, lambda: server.app)) as transit:
        vault = Vault(OpenBao(transit), "test")
        yield replace(real_city, programme=replace(real_city.programme, vault=vault))


@pytest.fixture
def keys(kept, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""

    def type_(*words):
        monkeypatch.setattr(sys, "argv", ["nyefamilier", "keys", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return type_


def rows(keys):
    """What lies under which version, as the status tells it."""
    told = json.loads(keys("status", "--json")[1])["keys"]
    return {(row["kek"], row["version"], row["state"], row["use"], row["keys"]) for row in told}


def test_a_key_is_rotated_its_data_keys_follow_and_the_old_one_goes(kept, keys):
    homes = [settle(kept) for _ in range(5)]
    assert rows(keys) == {(BYDEL, 1, "primary", "family", 5)}
    assert keys("rotate", BYDEL)[:2] == (0, f"{BYDEL}\t2\n")
    assert rows(keys) == {(BYDEL, 1, "opens", "family", 5)}
    assert "key-in-use" in keys("disable", BYDEL, "1")[2]

    code, said, progress = keys("rewrap", "--batch", "2")
    assert (code, said) == (0, "5 data keys were brought to the newest version.\n")
    assert progress.splitlines() == [f"{BYDEL}\tfamily\t{n}" for n in (2, 4, 5)]
    assert rows(keys) == {(BYDEL, 2, "primary", "family", 5)}
    assert keys("rewrap")[1].startswith("0 data keys")

    assert keys("disable", BYDEL, "1")[0] == 0
    assert keys("enable", BYDEL, "1")[0] == 0
    assert keys("destroy", BYDEL, "1", "--yes")[0] == 0
    assert keys("rotate", "--all")[:2] == (0, f"{BYDEL}\t3\n")
    kept.programme.vault.forget()
    for home in homes:
        with kept.programme.work(kept.ours, "test") as work:
            assert family(work, home.id).members[0].name == "Rask Bjørk"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rotate",), 2, "Name the keys"),
        (("rotate", "kek-nowhere"), 1, "key-version"),
        (("disable", BYDEL, "1"), 1, "key-version"),
        (("destroy", BYDEL, "7", "--yes"), 1, "key-version"),
        (("enable", "../mac-x", "1"), 1, "key-version"),
    ],
)
@pytest.mark.parametrize("kept", ["file"], indirect=True)
def test_what_cannot_be_is_refused_in_words(keys, words, code, said):
    refused = keys(*words)
    assert refused[0] == code
    assert said in refused[2]
    assert "Traceback" not in refused[2]


@pytest.mark.parametrize("kept", ["openbao"], indirect=True)
def test_the_programmes_own_token_is_told_that_it_may_not(kept, keys, key_server, tmp_path):
    settle(kept)
    (tmp_path / "token").write_text(key_server.app)
    for words in (("status",), ("rotate", BYDEL), ("rewrap",), ("enable", BYDEL, "1")):
        code, _, said = keys(*words)
        assert (code, "does not let this token do that" in " ".join(said.split())) == (1, True)


@pytest.mark.parametrize("kept", ["file"], indirect=True)
def test_a_run_that_is_killed_goes_on_in_the_next(kept, keys):
    for _ in range(6):
        settle(kept)
    keys("rotate", BYDEL)
    command = [sys.executable, "-m", "nyefamilier.cli", "keys", "rewrap", "--batch", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ, text=True) as run:
        assert run.stderr.readline() == f"{BYDEL}\tfamily\t1\n"
        run.send_signal(signal.SIGKILL)
    code, said, _ = keys("rewrap")
    assert code == 0
    assert 0 <= int(said.split()[0]) <= 5
    assert rows(keys) == {(BYDEL, 2, "primary", "family", 6)}
