"""The key server: the contract of every provider, and what is special about a server."""

import logging
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from nyefamilier.vault.openbao import OpenBao
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.transit import Transit, token_in
from tests.unit.vault.provider_contract import ProviderContract

DEK = bytes(range(32))
CONTEXT = b"family 1"


@pytest.fixture
def server(key_server):
    yield key_server
    key_server.unseal()


@pytest.fixture
def app(server):
    """As the programme asks."""
    with closing(Transit(server.url, lambda: server.app)) as transit:
        yield OpenBao(transit)


@pytest.fixture
def keeper(server):
    """As whoever keeps the keys asks."""
    with closing(Transit(server.url, lambda: server.keeper)) as transit:
        yield OpenBao(transit)


@pytest.fixture
def withdrawer(server):
    """As whoever withdraws versions asks."""
    with closing(Transit(server.url, lambda: server.withdrawer)) as transit:
        yield OpenBao(transit)


@pytest.fixture
def everybody(server):
    """As whoever had all three tokens would ask."""
    with closing(Transit(server.url, lambda: server.all)) as transit:
        yield OpenBao(transit)


@pytest.fixture
def kek():
    return f"kek-{uuid4().hex}"


class TestContract(ProviderContract):
    @pytest.fixture
    def provider(self, everybody):
        return everybody

    @pytest.fixture
    def take_away(self, server):
        return server.seal


# ---- what the programme's token may do ----


def test_the_programmes_token_wraps_and_opens_makes_macs_and_no_more(app, kek):
    wrapped = app.wrap(kek, DEK, CONTEXT)
    assert app.unwrap(app.rewrap(wrapped, CONTEXT), CONTEXT) == DEK
    assert app.unwrap(app.rewrap_to(wrapped, f"{kek}-b", CONTEXT), CONTEXT) == DEK
    assert app.mac(kek, b"data") == app.mac(kek, b"data")
    for kept_from_it in (
        lambda: app.rotate(kek),
        lambda: app.disable(kek, 1),
        lambda: app.enable(kek, 1),
        lambda: app.destroy(kek, 1),
    ):
        with pytest.raises(ProviderAway, match="token"):
            kept_from_it()


def test_what_the_programme_wraps_the_keeper_rotates_and_brings_after_and_cannot_open(
    app, keeper, kek
):
    old = app.wrap(kek, DEK, CONTEXT)
    assert keeper.rotate(kek) == 2
    (new,) = keeper.rewrap_many([(old, CONTEXT)])
    assert (new.version, app.unwrap(new, CONTEXT)) == (2, DEK)
    for kept_from_it in (
        lambda: keeper.wrap(kek, DEK, CONTEXT),
        lambda: keeper.unwrap(new, CONTEXT),
        lambda: keeper.mac(kek, b"data"),
        lambda: keeper.disable(kek, 1),
        lambda: keeper.destroy(kek, 1),
    ):
        with pytest.raises(ProviderAway, match="token"):
            kept_from_it()


def test_versions_are_withdrawn_by_a_third_who_can_do_nothing_else(app, withdrawer, keeper, kek):
    old = app.wrap(kek, DEK, CONTEXT)
    keeper.rotate(kek)
    withdrawer.disable(kek, 1)
    with pytest.raises(CannotOpen):
        app.unwrap(old, CONTEXT)
    withdrawer.enable(kek, 1)
    assert app.unwrap(old, CONTEXT) == DEK
    withdrawer.destroy(kek, 1)
    for kept_from_it in (
        lambda: withdrawer.wrap(kek, DEK, CONTEXT),
        lambda: withdrawer.unwrap(old, CONTEXT),
        lambda: withdrawer.rewrap(old, CONTEXT),
        lambda: withdrawer.rotate(kek),
    ):
        with pytest.raises(ProviderAway, match="token"):
            kept_from_it()


FORBIDDEN = {
    "let it be exported": ("config", {"exportable": True}),
    "let it be backed up in clear": ("config", {"allow_plaintext_backup": True}),
    "let it be deleted": ("config", {"deletion_allowed": True}),
    "rotate it by the clock": ("config", {"auto_rotate_period": "1h"}),
    "put in one of their own": ("import_version", {"ciphertext": "AAAA"}),
    "make it anew": ("", {"exportable": True}),
}


@pytest.mark.parametrize("attempt", FORBIDDEN.values(), ids=FORBIDDEN)
@pytest.mark.parametrize("name", ["app", "keeper", "withdrawer", "all"])
def test_no_token_of_the_runbook_can_have_a_key_leave(server, app, kek, name, attempt):
    path, asked = attempt
    app.wrap(kek, DEK, CONTEXT)
    app.mac(kek, b"data")
    with closing(Transit(server.url, lambda: getattr(server, name))) as transit:
        for key in (f"wrap-{kek}", f"mac-{kek}"):
            with pytest.raises(ProviderAway, match="token"):
                transit.post(f"keys/{key}/{path}".rstrip("/"), asked)


@pytest.mark.parametrize("name", ["app", "keeper", "withdrawer", "all"])
def test_no_token_of_the_runbook_exports_deletes_or_touches_a_mac_key(server, app, kek, name):
    app.wrap(kek, DEK, CONTEXT)
    app.mac(kek, b"data")
    with closing(Transit(server.url, lambda: getattr(server, name))) as transit:
        for path in (f"export/encryption-key/wrap-{kek}", f"backup/wrap-{kek}", f"keys/mac-{kek}"):
            with pytest.raises(ProviderAway, match="token"):
                transit.get(path)
        for path in ("rotate", "config", "trim"):
            with pytest.raises(ProviderAway, match="token"):
                transit.post(f"keys/mac-{kek}/{path}", {"min_decryption_version": 1})


# ---- the token ----


@pytest.fixture
def token_file(tmp_path, server):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text(f"{server.app}\n")
    return path


@pytest.fixture
def with_a_file(server, token_file):
    with closing(Transit(server.url, token_in(token_file))) as transit:
        yield OpenBao(transit)


def test_a_token_is_read_from_its_file_anew_each_time(with_a_file, server, token_file, kek):
    provider = with_a_file
    wrapped = provider.wrap(kek, DEK, CONTEXT)
    token_file.write_text("s.worthless")
    with pytest.raises(ProviderAway, match="token"):
        provider.unwrap(wrapped, CONTEXT)
    token_file.write_text(server.app)
    assert provider.unwrap(wrapped, CONTEXT) == DEK


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_token_that_others_may_read_is_refused_with_the_cure(token_file, mode):
    token_file.chmod(mode)
    with pytest.raises(ProviderAway, match=f"chmod 600 {token_file}"):
        token_in(token_file)()


@pytest.mark.parametrize("text", [b"", b"\n", b"s.two\nlines", "s.blåbær".encode(), b"\xff"])
def test_a_file_that_holds_no_token_is_refused_without_its_words(token_file, text):
    token_file.write_bytes(text)
    with pytest.raises(ProviderAway, match="token") as refused:
        token_in(token_file)()
    assert "s." not in str(refused.value).replace(str(token_file), "")


def test_a_missing_token_file_is_said(tmp_path):
    with pytest.raises(ProviderAway, match="cannot be read"):
        token_in(tmp_path / "none")()


def test_a_token_shows_nowhere(server, app, kek, caplog):
    provider, said = app, []
    with caplog.at_level(logging.DEBUG):
        wrapped = provider.wrap(kek, DEK, CONTEXT)
        with pytest.raises(CannotOpen):
            provider.unwrap(wrapped, b"family 2")
        server.seal()
        with pytest.raises(ProviderAway) as away:
            provider.unwrap(wrapped, CONTEXT)
    said += [caplog.text, repr(away.value), repr(provider), server.said()]
    for words in said:
        assert server.app not in words


# ---- away, and back ----


def test_a_server_that_died_loses_nothing(server, app, kek):
    wrapped, digest = app.wrap(kek, DEK, CONTEXT), app.mac(kek, b"data")
    server.kill()
    with pytest.raises(ProviderAway, match="ConnectError"):
        app.unwrap(wrapped, CONTEXT)
    assert not app.health().ok
    server.start()
    with pytest.raises(ProviderAway, match="503"):
        app.unwrap(wrapped, CONTEXT)
    server.unseal()
    assert app.unwrap(wrapped, CONTEXT) == DEK
    assert app.mac(kek, b"data") == digest
    assert app.health().ok


ANSWERS = {
    "not JSON": httpx.Response(200, text="<html>"),
    "not an object": httpx.Response(200, json=["data"]),
    "no data": httpx.Response(200, json={}),
    "no base64": httpx.Response(200, json={"data": {"plaintext": "*"}}),
    "elsewhere": httpx.Response(307, headers={"Location": "http://127.0.0.1/"}),
    "too much": httpx.Response(429, json={"errors": ["rate limit"]}),
    "its fault": httpx.Response(500, json={"errors": ["internal error"]}),
    "no such mount": httpx.Response(404, json={"errors": []}),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_no_key_server_gives_is_no_key(monkeypatch, app, kek, answer):
    wrapped = app.wrap(kek, DEK, CONTEXT)
    monkeypatch.setattr(app._transit._client[1], "request", lambda *_, **__: answer)
    for ask in (
        lambda: app.unwrap(wrapped, CONTEXT),
        lambda: app.unwrap_many([(wrapped, CONTEXT)]),
        lambda: app.rewrap_many([(wrapped, CONTEXT)]),
        lambda: app.wrap(kek, DEK, CONTEXT),
        lambda: app.mac(kek, b"data"),
    ):
        with pytest.raises(ProviderAway):
            ask()


# ---- many, and strange names ----


def test_a_batch_of_more_than_a_request_holds_over_two_keks_keeps_its_order(app, kek):
    some = [app.wrap(f"{kek}-{n % 2}", bytes([n]) * 32, CONTEXT) for n in range(2)]
    asked = [some[n % 2] for n in range(901)]
    opened = app.unwrap_many([(each, CONTEXT) for each in asked])
    assert opened == [bytes([n % 2]) * 32 for n in range(901)]


@pytest.mark.parametrize("name", ["", "../mac-x", "kek?x=1", "kek/rotate", "kek\n"])
def test_a_strange_name_out_of_a_row_asks_the_server_nothing(app, monkeypatch, kek, name):
    wrapped = app.wrap(kek, DEK, CONTEXT)
    monkeypatch.setattr(
        app._transit._client[1], "request", lambda *_, **__: pytest.fail("it was asked")
    )
    with pytest.raises(CannotOpen):
        app.unwrap(replace(wrapped, kek=name), CONTEXT)
