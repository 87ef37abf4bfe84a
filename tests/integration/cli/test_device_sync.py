"""`nyefamilier device sync` as it is typed, against a server that answers over a socket."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Generator
from uuid import uuid4

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from api.app import create_app
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.cli.main import main
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber

PASSWORD = "fire ganske vanlige ord"


class Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Says nothing of each request."""


@pytest.fixture
def address(real_city) -> Generator[str, None, None]:
    """Where the app of a city is served, by a thread."""
    with real_city.programme.work(SYSTEM, "test") as work:
        account = NewAccount("telefonisten", "Rask Bjørk", Role.NURSE, BydelNumber("11"), PASSWORD)
        create_account(work, account)
    app = create_app(real_city.programme)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sync(address, tmp_path, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""

    def type_(*words: object, server: str = address) -> tuple[int, str, str]:
        store = tmp_path / "phone.db"
        told = ["nyefamilier", "device", "sync", "--server", server, "--store", store, *words]
        monkeypatch.setattr(sys, "argv", [*map(str, told)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return type_


@pytest.fixture
def signed_in(sync, monkeypatch):
    monkeypatch.setenv("NYEFAMILIER_PASSWORD", PASSWORD)
    return lambda *words: sync("--username", "telefonisten", *words)


def test_a_new_phone_enrols_and_makes_a_round(signed_in, real_city):
    code, out, _ = signed_in("--json")

    report = json.loads(out.splitlines()[-1])
    assert (code, report["stopped"], report["unsent"]) == (0, None, 0)


def test_the_same_store_is_the_same_phone_the_next_time(signed_in, real_city):
    signed_in()

    code, out, _ = signed_in()

    assert code == 0
    assert "0 sent, 0 unsent" in out


def test_its_key_is_for_its_owner_only(signed_in, tmp_path):
    signed_in()

    assert (tmp_path / "phone.db.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "phone.db.key").chmod(0o644)
    code, _, err = signed_in()
    assert code == 1
    assert "chmod 600" in err


def test_a_server_that_is_not_there_is_told_in_words(sync):
    code, _, err = sync(
        "--username", "telefonisten", "--password", "x", server="http://127.0.0.1:9"
    )

    assert (code, err.strip()) == (1, "no-connection")


def test_a_wrong_password_is_told_in_words(sync):
    code, _, err = sync("--username", "telefonisten", "--password", "feil")

    assert (code, err.strip()) == (1, "sign-in-failed")


def test_what_is_written_is_kept_although_the_server_is_gone(signed_in, sync, tmp_path):
    signed_in()
    note = {"op": "note.write", "note_id": str(uuid4()), "member_id": str(uuid4()), "text": "Hei"}
    told = {"type": "note.write", "family": str(uuid4()), "ops": [note]}
    (tmp_path / "note.json").write_text(json.dumps(told))

    code, out, _ = sync("--write", tmp_path / "note.json", server="http://127.0.0.1:9")

    assert code == 1
    assert "1 unsent" in out


def test_a_file_that_holds_no_mutation_is_refused(signed_in, tmp_path):
    signed_in()
    (tmp_path / "note.json").write_text('{"type": 1}')

    assert signed_in("--write", tmp_path / "note.json")[0] == 2
