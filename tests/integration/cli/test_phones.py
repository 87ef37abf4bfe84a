"""``nyefamilier device`` and ``nyefamilier sync``, as they are typed."""

import json
import sys
from datetime import timedelta

import pytest

from nyefamilier.cli.main import main
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import system_clock
from nyefamilier.sync.devices import enrol, present_epoch
from nyefamilier.sync.tables import DeviceRow, EpochRow
from tests.phones import Phone


@pytest.fixture
def command(real_city, tmp_path, monkeypatch, capsys):
    """Types a command and gives its exit code, what it said, and what it said on the side."""
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", url)
    monkeypatch.setenv("NYEFAMILIER_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("NYEFAMILIER_ENVIRONMENT", "test")

    def type_(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nyefamilier", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return type_


@pytest.fixture
def phone(real_city):
    phone = Phone()
    with real_city.programme.work(real_city.ours, "test") as work:
        enrol(work, phone.enrolment)
    return phone


def state(city, phone):
    with city.programme.work(SYSTEM, "test") as work:
        return work.session.get(DeviceRow, phone.id).state


def test_phones_are_listed_for_everybody_or_one_nurse(command, phone):
    for words in ((), ("--user", "stovner1")):
        code, out, _ = command("device", "list", "--json", *words)
        (shown,) = json.loads(out)
        assert code == 0
        assert (shown["device"], shown["nurse"]) == (str(phone.id), "stovner1")
    assert json.loads(command("device", "list", "--json", "--user", "alna1")[1]) == []
    assert command("device", "list", "--user", "nobody")[0] == 1
    assert "stovner1" in command("device", "list")[1]


@pytest.mark.parametrize(
    ("words", "after"),
    [(["lock"], "locked"), (["lock", "unlock"], "active"), (["wipe"], "wipe"),
     (["retire"], "retired")],
)  # fmt: skip
def test_a_phone_is_stopped_by_its_id(command, real_city, phone, words, after):
    for word in words:
        assert command("device", word, phone.id)[0] == 0
    assert state(real_city, phone) == after


def test_a_phone_that_there_is_not_is_refused(command):
    code, _, err = command("device", "lock", Phone().id)
    assert code == 1
    assert "wrong-device" in err


def test_another_history_begins_when_it_is_told(command, real_city, phone):
    code, out, _ = command("sync", "epoch", "--reason", "restore")
    assert code == 0
    with real_city.programme.work(SYSTEM, "test") as work:
        assert str(present_epoch(work)) == out.strip()
        assert work.session.get(EpochRow, present_epoch(work)).reason == "restore"


def test_nobody_installs_a_second_time(command):
    assert command("sync", "epoch", "--reason", "install")[0] == 2


def test_a_verified_backup_is_told_by_its_instant(command, phone):
    assert command("sync", "durable", "--backup-taken", system_clock().isoformat())[0] == 0
    later = system_clock() + timedelta(days=1)
    for slip in ("yesterday", "2026-03-02T02:00:00", later.isoformat()):
        assert command("sync", "durable", "--backup-taken", slip)[0] == 1
