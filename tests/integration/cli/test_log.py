"""``nyefamilier log`` and ``nyefamilier check log``, as they are typed."""

import json
import sys
from uuid import uuid4

import pytest

from nyefamilier.cli.main import main
from nyefamilier.transparency import verify_log
from tests.cities import settle
from tests.transparency import as_owner, reads


@pytest.fixture
def home(real_city):
    found = settle(real_city)
    reads(real_city, found.id, times=3)
    return found


@pytest.fixture
def type_(real_city, tmp_path, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", url)
    monkeypatch.setenv("NYEFAMILIER_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("NYEFAMILIER_ENVIRONMENT", "test")
    monkeypatch.setenv("NYEFAMILIER_LOG_FOLDER", str(tmp_path / "heads"))

    def typed(*words):
        monkeypatch.setattr(sys, "argv", ["nyefamilier", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr()

    return typed


def told(answer):
    return json.loads(answer[1].out)


def test_the_log_is_sealed_looked_at_and_an_extract_of_it_checked(home, type_, tmp_path):
    before = told(type_("log", "status", "--json"))
    assert (before["sealed"], before["sealed_at"], before["places"]) == (0, None, {"folder": 0})
    assert type_("log", "seal")[0] == 0
    after = told(type_("log", "status", "--json"))
    assert after["sealed"] == after["places"]["folder"] == before["not_sealed"]["access"]
    assert after["not_sealed"] == {"access": 0, "export": 0}
    assert type_("check", "log")[0] == 0
    (head,) = (tmp_path / "heads").iterdir()

    to = tmp_path / "extract.json"
    code, said = type_("log", "extract", home.id, "--to", to, "--checkpoint", head)
    assert code == 0
    assert to.stat().st_mode & 0o777 == 0o600
    assert str(to) in said.out
    assert verify_log.main([str(to), "--key", after["key"], "--checkpoint", str(head)]) == 0
    assert type_("log", "extract", home.id, "--to", to)[0] == 2
    assert len(json.loads(to.read_text(encoding="utf-8"))["entries"]) >= 3


def test_a_row_that_was_changed_and_a_head_of_another_log_are_told(real_city, home, type_):
    type_("log", "seal")
    as_owner(real_city, "UPDATE access_log SET actor_id = family_id WHERE id = 2")
    code, said = type_("check", "log")
    assert (code, said.out) == (1, "flaw\twhere\nentry-changed\taccess 2\n")
    as_owner(real_city, "DELETE FROM log_leaf", "DELETE FROM log_checkpoint")
    as_owner(real_city, "DELETE FROM log_mark", "DELETE FROM log_subtree")
    answer = type_("check", "log", "--json")
    assert answer[0] == 1
    assert [one["flaw"] for one in told(answer)["findings"]] == ["log-cut"]


def test_status_says_that_nobody_outside_has_the_head(home, type_, monkeypatch):
    monkeypatch.delenv("NYEFAMILIER_LOG_FOLDER")
    code, said = type_("log", "status")
    assert code == 0
    assert "No place outside of the database" in said.err
    assert said.out.splitlines()[0] == "sealed\t0"


def test_a_place_that_refuses_is_told_and_costs_the_exit_code(home, type_, tmp_path):
    (tmp_path / "heads").write_text("no folder")
    code, said = type_("log", "seal")
    assert code == 1
    assert "folder: AnchorAway" in said.err
    assert told(type_("log", "status", "--json"))["sealed"] > 0


def test_what_is_no_checkpoint_and_whom_nobody_read(home, type_, tmp_path):
    type_("log", "seal")
    (tmp_path / "no.checkpoint").write_text("nothing")
    asked = ("log", "extract", uuid4(), "--to", tmp_path / "x.json")
    assert type_(*asked, "--checkpoint", tmp_path / "no.checkpoint")[0] == 2
    assert not (tmp_path / "x.json").exists()
    assert type_(*asked)[0] == 0
