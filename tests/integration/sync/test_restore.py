"""A backup that was taken ten minutes earlier is restored: the phones bring the minutes back."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from nyefamilier.bootstrap import assemble
from nyefamilier.cli import syncing
from nyefamilier.client.client import Client
from nyefamilier.client.escrowing import send_to_escrow
from nyefamilier.client.report import Report
from nyefamilier.kernel.actors import SYSTEM, Actor
from nyefamilier.sync.opening import open_escrow
from nyefamilier.sync.tables import DeliveryRow
from nyefamilier.wire.verdicts import Verdict
from tests.builders import Household
from tests.cities import City, build_city, settle
from tests.databases import Databases
from tests.wards import Ward


@dataclass
class Town:
    """A city whose database is copied while nothing is at work in it, and put back later."""

    server: Databases
    name: str
    ward: Ward
    phones: dict[str, Client] = field(default_factory=dict)
    homes: dict[str, Household] = field(default_factory=dict)

    @property
    def city(self) -> City:
        return self.ward.city

    def backup(self) -> None:
        self.city.programme.engine.dispose()
        self.server.create(f"{self.name}b", self.name)

    def backup_again(self) -> None:
        self.server.drop(f"{self.name}b")
        self.backup()

    def restore(self) -> None:
        """The database is the backup, and what was committed since is gone."""
        before = self.city.programme
        before.engine.dispose()
        engine = self.server.engine(f"{self.name}b")
        self.ward.serve(assemble(before.settings, engine, before.vault, before.clock))

    def settles(self, who: str, nurse: Actor) -> None:
        """A family of the nurse's, and her phone with the family on it."""
        here = City(self.city.programme, self.city.clock, nurse, nurse, nurse)
        self.homes[who] = settle(here)
        self.phones[who] = self.ward.phone(nurse)
        self.phones[who].round()

    def writes(self, who: str, text: str) -> UUID:
        note = uuid4()
        home = self.homes[who]
        op = {"op": "note.write", "note_id": note, "member_id": home.mother, "text": text}
        self.phones[who].save("note.write", home.id, [op])
        return note

    def notes(self, who: str) -> list[str]:
        """The notes of a family as the server has them."""
        nurse = {"stovner": self.city.ours, "alna": self.city.theirs}[who]
        path = f"/families/{self.homes[who].id}/notes"
        return sorted(one["text"] for one in self.ward.as_person(nurse).get(path)["items"])

    def on_phone(self, who: str) -> list[str]:
        shown = self.phones[who].family(self.homes[who].id)
        assert shown.pending == []
        return sorted(one.body["text"] for one in shown.of_kind("note"))

    def rounds(self) -> dict[str, Report]:
        self.city.clock.forward(minutes=20)
        return {who: phone.round() for who, phone in self.phones.items()}


@pytest.fixture
def town(server: Databases, worker_id: str, tmp_path) -> Generator[Town, None, None]:
    """Two nurses with a family each, and a note from each before the backup and one after it."""
    name = f"{worker_id}_r{uuid4().hex[:8]}"
    server.create(name, "template")
    engine = server.engine(name)
    made = Town(server, name, Ward(build_city(engine, tmp_path), tmp_path))
    made.settles("stovner", made.city.ours)
    made.settles("alna", made.city.theirs)
    for who in made.phones:
        made.writes(who, "før")
    made.rounds()
    made.backup()
    made.city.clock.forward(minutes=10)
    for who in made.phones:
        made.writes(who, "etter")
    made.rounds()
    yield made
    made.city.programme.engine.dispose()
    server.drop(name)
    server.drop(f"{name}b")


@pytest.fixture
def says_so(town, monkeypatch) -> Callable[[], None]:
    """The operator types `nyefamilier sync epoch --reason restore`."""

    def typed() -> None:
        monkeypatch.setattr(syncing, "read_settings", lambda: None)
        monkeypatch.setattr(syncing, "bootstrap", lambda _: town.city.programme)
        syncing.epoch.main(["--reason", "restore"], standalone_mode=False)

    return typed


@pytest.fixture(params=["told", "untold"])
def restored(request, town, says_so) -> Town:
    """The town after the restore, whether the operator has told the phones of it or not."""
    town.restore()
    if request.param == "told":
        says_so()
    return town


def test_the_restored_server_lacks_the_minutes(restored):
    assert (restored.notes("stovner"), restored.notes("alna")) == (["før"], ["før"])


def test_one_round_of_each_phone_brings_them_back(restored):
    reports = restored.rounds()

    for who, report in reports.items():
        assert restored.notes(who) == ["etter", "før"]
        # Both: no backup is said to be verified. What the server has, it keeps once.
        assert (report.brought_back, report.unsent, report.stuck) == (2, 0, None)
        assert [one.status for one in report.verdicts] == [Verdict.APPLIED] * 2


def test_phones_and_server_agree_after_it_and_stay_so(restored):
    restored.rounds()
    restored.rounds()

    reports = restored.rounds()

    for who, report in reports.items():
        assert restored.on_phone(who) == restored.notes(who) == ["etter", "før"]
        assert (report.requests, report.received, report.alarms) == (1, [], [])


def test_what_was_written_meanwhile_without_network_comes_after_it(restored):
    restored.writes("stovner", "uten nett")

    restored.rounds()

    assert restored.notes("stovner") == ["etter", "før", "uten nett"]
    assert restored.on_phone("stovner") == ["etter", "før", "uten nett"]


def test_a_phone_of_which_the_backup_knows_nothing_enrols_anew_and_loses_nothing(town, says_so):
    town.phones["stovner"].close()
    town.phones["stovner"] = new = town.ward.phone(town.city.ours)
    new.round()
    town.writes("stovner", "fra den nye")
    new.round()
    town.restore()

    new.line.token = town.ward.token(town.city.ours.id)  # her sign-in is lost as well
    first = town.rounds()["stovner"]
    town.rounds()

    assert first.enrolled_anew
    assert town.notes("stovner") == town.on_phone("stovner") == ["fra den nye", "før"]


def test_what_a_restore_lost_comes_back_although_escrow_went_past_it(town):
    phone, home = town.phones["stovner"], town.homes["stovner"]
    town.backup_again()
    # It waits for a person who is not known yet, so that it leaves no trace in the family.
    op = {"op": "note.write", "note_id": uuid4(), "member_id": uuid4(), "text": "om et barn"}
    lost = phone.save("note.write", home.id, [op]).id
    assert [one.status for one in phone.round().verdicts] == [Verdict.PARKED]
    town.restore()

    # As when she is not signed in and her lease runs out; a day later it is taken in.
    town.writes("stovner", "uten å være logget inn")
    send_to_escrow(phone.store, phone.line, Report())
    town.city.clock.forward(hours=25)
    assert open_escrow(lambda actor: town.city.programme.work(actor, "job")) == 1

    reports = [town.rounds()["stovner"] for _ in range(3)]
    assert [one.enrolled_anew for one in reports].count(True) == 1
    assert (reports[-1].stopped, reports[-1].unsent) == (None, 0)
    with town.city.programme.work(SYSTEM, "test") as work:
        assert lost in work.session.scalars(select(DeliveryRow.mutation_id)).all()


def test_a_phone_that_only_reads_is_set_back_to_what_the_server_has(town):
    reader = town.ward.phone(town.city.ours)
    town.backup_again()
    town.writes("stovner", "den siste")
    town.rounds()
    reader.round()
    town.phones.clear()
    town.restore()

    report = reader.round()

    shown = reader.family(town.homes["stovner"].id)
    assert sorted(one.body["text"] for one in shown.of_kind("note")) == ["etter", "før"]
    assert (report.stopped, report.brought_back) == (None, 0)
