"""A family moves from Stovner to Alna while its old nurse's phone is off: `docs/handover.md`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from nyefamilier.client.client import Client
from nyefamilier.client.report import Report
from nyefamilier.kernel.actors import Role
from nyefamilier.needs.intents import StateNeed
from nyefamilier.sync.copies import OutstandingCopy, copies_outstanding
from nyefamilier.wire.verdicts import Verdict
from tests.builders import TEISEN, Household, lead, send
from tests.cities import settle
from tests.wards import Person, Ward

NOTE = "Mor sover dårlig; vi avtalte å ringe i helgen."
NEED = "Noen å snakke med om natten"


@dataclass
class Story:
    """The family, both nurses with their phones, and what has happened so far."""

    ward: Ward
    home: Household
    old: Client
    new: Client
    need: UUID = field(default_factory=uuid4)
    note: UUID = field(default_factory=uuid4)
    review: UUID = field(default_factory=uuid4)
    visit: UUID = field(default_factory=uuid4)

    def edits_without_network(self) -> None:
        """The old nurse writes a note, follows a need up, and books a visit."""
        at = self.ward.city.clock.now + timedelta(days=5)
        for op in (
            {"op": "note.write", "note_id": self.note, "member_id": self.home.mother, "text": NOTE},
            {
                "op": "need.review",
                "review_id": self.review,
                "need_id": self.need,
                "state": "being_met",
            },
            {"op": "visit.book", "visit_id": self.visit, "at": at, "place": "hjemme"},
        ):
            self.old.save(op["op"], self.home.id, [op])

    def moves(self) -> None:
        """The lead of Stovner moves the family to a nurse in Alna."""
        self.ward.person(Role.LEAD, "11").post(
            f"/families/{self.home.id}/moves",
            address={"delbydel": TEISEN, "valid_from": str(self.ward.city.clock.today)},
            to_nurse=str(self.ward.city.theirs.id),
            summary="Flyttet til Teisen. Vil ha besøk hjemme.",
        )

    def is_told(self) -> None:
        self.edits_without_network()
        self.moves()
        self.ward.city.clock.forward(hours=3)

    def shown(self, phone: Client, kind: str) -> dict[UUID, dict[str, Any]]:
        return {one.id: one.body for one in phone.family(self.home.id).of_kind(kind)}

    def inbox(self) -> dict[str, dict[str, Any]]:
        """What waits for the new nurse, by what it is about; a late note is there to be seen."""
        items = self.alna.get("/sync/reviews")["items"]
        return {" ".join(op["op"] for op in one["operations"]) or "seen": one for one in items}

    def decides(self, about: str, **choice: str) -> None:
        self.alna.post("/sync/reviews", review_id=self.inbox()[about]["id"], **choice)

    def outstanding(self) -> list[OutstandingCopy]:
        """What the lead of Stovner sees of copies that should be gone."""
        with self.ward.city.programme.work(lead("11"), "test") as work:
            return copies_outstanding(work)

    @property
    def alna(self) -> Person:
        return self.ward.as_person(self.ward.city.theirs)

    def log(self) -> list[tuple[str, str, str]]:
        """The family's access log, oldest first: who, what was done, on what ground."""
        officer = self.ward.person(Role.PRIVACY_OFFICER)
        items = officer.get(f"/access-log?limit=100&family_id={self.home.id}")["items"]
        names = {str(self.ward.city.ours.id): "stovner", str(self.ward.city.theirs.id): "alna"}
        return [
            (names.get(one["actor_id"], one["role"]), f"{one['action']} {one['object']}",
             one["ground"])
            for one in reversed(items)
        ]  # fmt: skip


@pytest.fixture
def story(real_city, tmp_path) -> Story:
    """Before anything goes wrong: the family is on its nurse's phone, with a need."""
    ward = Ward(real_city, tmp_path)
    made = Story(ward, settle(real_city), ward.phone(real_city.ours), ward.phone(real_city.theirs))
    stated = StateNeed(made.need, made.home.mother, NEED)
    send(real_city.programme, real_city.ours, made.home.id, stated)
    made.old.round()
    made.new.round()
    real_city.clock.forward(hours=1)
    return made


def met(report: Report) -> list[tuple[str, str | None]]:
    return [(one.status, one.reason) for one in report.verdicts]


def test_the_new_nurse_has_the_family_at_once_whatever_the_old_phone_does(story):
    story.edits_without_network()
    story.moves()

    story.new.round()

    assert story.new.families() == [story.home.id]
    assert story.shown(story.new, "need")[story.need]["words"] == NEED
    [move] = story.shown(story.new, "move").values()
    assert move["summary"] == "Flyttet til Teisen. Vil ha besøk hjemme."


def test_until_its_contact_the_lead_sees_that_a_copy_is_on_the_old_phone(story):
    story.is_told()
    assert [(one.nurse_id, one.asked_at) for one in story.outstanding()] == [
        (story.ward.city.ours.id, None)
    ]

    story.old.round()

    assert story.outstanding() == []


def test_the_note_is_filed_late_and_the_other_edits_wait_for_the_new_nurse(story):
    story.is_told()

    report = story.old.round()

    assert met(report) == [
        (Verdict.APPLIED, "late"),
        (Verdict.HELD, "no-longer-hers"),
        (Verdict.HELD, "no-longer-hers"),
    ]
    story.new.round()
    note = story.shown(story.new, "note")[story.note]
    assert (note["text"], note["signed_by"]) == (NOTE, str(story.ward.city.ours.id))
    assert note["filing"]["late"]
    assert story.shown(story.new, "review") == {}
    assert story.shown(story.new, "visit").get(story.visit) is None
    inbox = story.inbox()
    assert {about: (one["kind"], one["filed"]) for about, one in inbox.items()} == {
        "seen": ("held", [str(story.note)]),
        "need.review": ("held", []),
        "visit.book": ("held", []),
    }


def test_the_new_nurse_decides_and_what_she_files_is_signed_by_who_meant_it(story):
    story.is_told()
    story.old.round()

    story.decides("need.review", choose="file_held")
    story.decides("visit.book", choose="dismiss", reason="Passer ikke.")
    story.decides("seen", choose="dismiss", reason="Lest.")

    story.new.round()
    filed = story.shown(story.new, "review")[story.review]
    assert (filed["state"], filed["reviewed_by"]) == ("being_met", str(story.ward.city.ours.id))
    assert story.shown(story.new, "visit").get(story.visit) is None
    assert story.inbox() == {}
    assert story.log().count(("alna", "write DecideReview", "primary_nurse")) == 3


def test_the_old_phone_is_empty_after_its_next_contact(story):
    story.is_told()

    report = story.old.round()

    assert (list(report.purged), report.receipts, report.unsent) == ([story.home.id], 1, 0)
    assert (report.stopped, report.stuck, report.alarms) == (None, None, [])
    read = story.old.store.read
    for table in ("row", "cursor", "arrival", "arrived", "scope", "outbox", "leaving"):
        assert read(f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608 - our own names
    assert read("SELECT count(*), count(raw) FROM journal") == [(3, 0)]
    assert story.old.families() == []
    for path in story.ward.folder.glob(f"{story.old.store.path.name}*"):
        assert NOTE.encode() not in path.read_bytes()


def test_the_old_phone_is_told_nothing_of_the_family_after_the_move(story):
    story.is_told()
    before = len(story.old.line.transport.heard)

    story.old.round()

    for _, got in story.old.line.transport.heard[before:]:
        for word in ("Teisen", "Rask", NEED, str(story.ward.city.theirs.id)):
            assert word.encode() not in got.body


def test_the_parents_log_shows_each_step(story):
    story.is_told()
    story.new.round()
    story.old.round()

    log = story.log()
    assert log[log.index(("stovner", "read sync", "primary_nurse")) :] == [
        ("stovner", "read sync", "primary_nurse"),
        ("lead", "assign MoveFamily", "lead_of_bydel"),
        ("alna", "read sync", "primary_nurse"),
        ("stovner", "write mutation", "former_nurse"),
        ("stovner", "write mutation", "former_nurse"),
        ("stovner", "write mutation", "former_nurse"),
        ("stovner", "purge copy-asked-back", "former_nurse"),
        ("stovner", "purge copy-deleted", "former_nurse"),
    ]


def test_three_edits_that_were_one_visit_are_held_as_one_with_its_note_filed(story):
    ops = [
        {"op": "note.write", "note_id": story.note, "member_id": story.home.mother, "text": NOTE},
        {"op": "need.review", "review_id": story.review, "need_id": story.need,
         "state": "being_met"},
    ]  # fmt: skip
    story.old.save("visit.record", story.home.id, ops)
    story.moves()

    [verdict] = story.old.round().verdicts

    assert (verdict.status, verdict.filed) == (Verdict.HELD, [story.note])
    assert story.inbox()["need.review"]["filed"] == [str(story.note)]
