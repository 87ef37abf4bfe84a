"""What a nurse wrote is seen at once, marked for what it is, and never mistaken for the record."""

from uuid import UUID, uuid4

import pytest

from nyefamilier.client.report import Report
from nyefamilier.client.showing import Standing
from nyefamilier.wire.verdicts import Verdict
from tests.unit.client.phones import FAMILY

VISIT, NEED, MOTHER = UUID(int=21), UUID(int=22), UUID(int=1)


@pytest.fixture
def known(world):
    """A family with a visit that is planned and a need that is open."""
    family = world.server.families[FAMILY]
    family.write("visit", VISIT, {"state": "planned", "place": "hjemme"})
    family.write("need", NEED, {"state": "open", "words": "Å få sove"})
    world.phone.round()
    return world


def test_a_note_is_shown_as_unsent_until_the_server_has_it(known):
    saved = known.note("Hun sover godt.")

    shown = known.phone.family(FAMILY)
    [note] = shown.of_kind("note")

    assert (note.body["text"], note.rev, note.pending) == ("Hun sover godt.", None, (saved.id,))
    assert [one.standing for one in shown.pending] == [Standing.UNSENT]


def test_a_note_that_the_server_has_is_shown_without_a_flicker_until_it_is_in_the_rows(known):
    known.note("Hun sover godt.")
    known.phone._push(report := Report())

    between = known.phone.family(FAMILY)
    known.phone.round()
    after = known.phone.family(FAMILY)

    assert len(report.verdicts) == 1
    assert [one.standing for one in between.pending] == [Standing.SENT]
    assert [one.body["text"] for one in between.of_kind("note")] == ["Hun sover godt."]
    assert after.pending == []
    assert [(one.body["text"], one.pending) for one in after.of_kind("note")] == [
        ("Hun sover godt.", ())
    ]


@pytest.mark.parametrize(
    ("op", "kind", "record_id", "told"),
    [
        (
            {"op": "visit.record", "visit_id": VISIT, "outcome": "done", "minutes": 55},
            "visit",
            VISIT,
            {"state": "done", "minutes": 55, "place": "hjemme"},
        ),
        (
            {"op": "visit.cancel", "visit_id": VISIT, "by": "family"},
            "visit",
            VISIT,
            {"state": "cancelled_by_family"},
        ),
        (
            {"op": "visit.book", "visit_id": VISIT, "at": "2026-03-04T09:00:00Z"},
            "visit",
            VISIT,
            {"state": "booked", "at": "2026-03-04T09:00:00Z"},
        ),
        (
            {"op": "need.close", "review_id": UUID(int=5), "need_id": NEED, "state": "met"},
            "need",
            NEED,
            {"state": "met", "words": "Å få sove"},
        ),
        (
            {"op": "member.update", "member_id": MOTHER, "phone": "+47 00 00 00 00"},
            "member",
            MOTHER,
            {"name": "Kari Prøve", "phone": "+47 00 00 00 00"},
        ),
    ],
)
def test_the_plain_effect_of_an_operation_is_laid_over_the_record(known, op, kind, record_id, told):
    saved = known.phone.save(op["op"], FAMILY, [op])

    shown = known.phone.family(FAMILY).records[kind, record_id]

    assert told.items() <= shown.body.items()
    assert shown.pending == (saved.id,)


def test_an_operation_without_a_plain_effect_is_among_what_is_pending_and_changes_nothing(known):
    before = known.phone.family(FAMILY).records
    known.phone.save("offer.make", FAMILY, [{"op": "offer.make", "offer_id": uuid4()}])

    shown = known.phone.family(FAMILY)

    assert [one.type for one in shown.pending] == ["offer.make"]
    assert [one.body for one in shown.records.values()] == [one.body for one in before.values()]


def test_what_a_person_must_decide_is_shown_as_waiting_and_not_as_done(known):
    known.server.judge = lambda _: {"status": Verdict.HELD, "reason": "not-hers"}
    known.phone.save("visit.cancel", FAMILY, [{"op": "visit.cancel", "visit_id": VISIT}])
    known.phone.round()

    shown = known.phone.family(FAMILY)

    assert [(one.standing, one.verdict, one.reason) for one in shown.pending] == [
        (Standing.WAITING, Verdict.HELD, "not-hers")
    ]
    assert shown.records["visit", VISIT].body["state"] == "planned"


def test_a_family_that_is_only_on_this_phone_is_shown(known):
    new = UUID(int=0x99)
    known.note("Ny familie", family=new)

    assert new in known.phone.families()
    assert known.phone.family(new).rev is None


def test_what_only_the_server_can_read_is_shown_as_that(known):
    saved = known.note("i kjelleren")
    with known.store.durable("sealed-off") as cx:
        cx.execute("UPDATE outbox SET raw = NULL, refused = 'too-large'")

    [one] = known.phone.family(FAMILY).pending

    assert (one.id, one.standing, one.reason) == (saved.id, Standing.ESCROW_ONLY, "too-large")
