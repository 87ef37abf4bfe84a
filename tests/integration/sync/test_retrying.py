"""What was parked goes through when what it waits for is here, the quarantined when mended."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.changes.bodies import InboxBody
from nyefamilier.changes.intents import Choice, DecideReview
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.reviews import reviews
from nyefamilier.families.intents import AssignNurse
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.sync import desk, retrying
from nyefamilier.sync.pushing import verdicts
from nyefamilier.sync.retrying import retry_parked, retry_quarantined
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from nyefamilier.sync.views import quarantine_size, quarantined
from nyefamilier.wire.messages import SCHEMA
from nyefamilier.wire.verdicts import Verdict
from tests.builders import Household, send
from tests.pockets import inbox_of
from tests.pushes import Outbox, note


@pytest.fixture
def box(city) -> Outbox:
    return Outbox(city.programme, city.ours).enrol()


def open_as(city):
    return lambda actor: city.programme.work(actor, "job")


def texts(city, home):
    with city.programme.work(city.ours, "test") as work:
        return [one.text for one in notes(work, home.id)]


def standing(city, box):
    with city.programme.work(box.nurse, "test") as work:
        return [(one.status, one.reason) for one in verdicts(work, box.phone.id, 1, 99).results]


def lock(city, box):
    with city.programme.work(city.ours, "test") as work:
        work.session.get_one(DeviceRow, box.phone.id).state = "locked"


def inbox(city, home):
    with city.programme.work(city.ours, "test") as work:
        rows = work.session.scalars(select(InboxRow).where(InboxRow.family_id == home.id))
        return [(row.kind, row.reason) for row in rows]


def parked_note(box, home):
    """A note about a visit that another phone has not sent yet, and the visit."""
    visit = home.child
    return box.mutation(home.id, note(home, "b", visit_id=visit)), visit


def test_what_was_parked_goes_through_when_its_family_is_written(city, box):
    new = Household()
    other = Outbox(city.programme, city.ours).enrol()
    early = other.push(other.mutation(new.id, note(new, "a"), base_rev=0))
    assert [one.status for one in early.results] == [Verdict.PARKED]
    box.push(box.mutation(new.id, new.registration(), base_rev=0))
    assert texts(city, new) == ["a"]
    assert standing(city, other) == [(Verdict.APPLIED, None)]


def test_a_replay_of_what_was_parked_is_told_as_the_first_time(city, box):
    new = Household()
    other = Outbox(city.programme, city.ours).enrol()
    body = other.body(other.mutation(new.id, note(new, "a"), base_rev=0))
    first = other.send(body)
    box.push(box.mutation(new.id, new.registration(), base_rev=0))
    assert other.send(body).results == first.results


def test_what_went_through_meanwhile_is_told_so_to_an_installation_that_brings_it_again(city, box):
    new = Household()
    other, anew = (Outbox(city.programme, city.ours).enrol() for _ in range(2))
    waits = other.mutation(new.id, note(new, "a"), base_rev=0)
    other.push(waits)
    box.push(box.mutation(new.id, new.registration(), base_rev=0))
    told = anew.push(waits).results[0]
    assert (told.status, told.rev) == (Verdict.APPLIED, 2)
    assert standing(city, anew) == [(Verdict.APPLIED, None)]
    assert texts(city, new) == ["a"]


def test_what_was_decided_meanwhile_waits_for_nobody_when_it_is_brought_again(city, home, box):
    parked, _ = parked_note(box, home)
    box.push(parked)
    with city.programme.work(SYSTEM, "test") as work:
        for row in work.session.query(DeliveryRow):
            row.settled_at = work.now
    anew = Outbox(city.programme, city.ours).enrol()
    anew.push(parked | {"seq": 1})
    with city.programme.work(SYSTEM, "test") as work:
        assert all(row.settled_at for row in work.session.query(DeliveryRow))


def test_the_job_tries_what_nothing_was_pushed_for(city, box):
    new = Household()
    box.push(box.mutation(new.id, note(new, "a"), base_rev=0))
    assert retry_parked(open_as(city)) == 0
    assert standing(city, box)[0][0] == Verdict.PARKED
    send(city.programme, city.ours, new.id, new.registration())
    assert retry_parked(open_as(city)) == 1
    assert texts(city, new) == ["a"]
    assert retry_parked(open_as(city)) == 0


def test_what_waits_for_five_days_is_shown_once_and_goes_on_waiting(city, home, box):
    mutation, _ = parked_note(box, home)
    (result,) = box.push(mutation).results
    assert result.status == Verdict.PARKED
    Outbox(city.programme, city.ours).enrol().push(mutation | {"seq": 1})
    retry_parked(open_as(city))
    assert inbox(city, home) == []
    city.clock.forward(days=5, minutes=1)
    retry_parked(open_as(city))
    retry_parked(open_as(city))
    assert inbox(city, home) == [("parked", result.reason)]
    assert standing(city, box)[0][0] == Verdict.PARKED


def test_a_mutation_of_a_version_to_come_waits_for_the_server_that_reads_it(
    city, home, box, monkeypatch
):
    box.push(box.mutation(home.id, note(home, "a"), v=SCHEMA + 1))
    assert retry_parked(open_as(city)) == 0
    monkeypatch.setattr("nyefamilier.sync.envelopes.SCHEMA", SCHEMA + 1)
    assert retry_parked(open_as(city)) == 1
    assert texts(city, home) == ["a"]


def test_what_we_could_not_process_is_listed_and_goes_through_when_that_is_mended(
    city, home, box, monkeypatch
):
    def stumbling(work, sent):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(desk, "judge_at_once", stumbling)
        patched.setattr(desk, "judge", stumbling)
        patched.setattr(retrying, "judge", stumbling)
        mutation = box.mutation(home.id, note(home, "a"))
        box.push(mutation)
        assert retry_quarantined(open_as(city)) == 0
    with city.programme.work(city.ours, "test") as work:
        (found,) = quarantined(work)
    assert (str(found.mutation_id), found.seq, found.reason) == (mutation["id"], 1, "defect")
    assert retry_quarantined(open_as(city)) == 1
    assert texts(city, home) == ["a"]
    assert standing(city, box) == [(Verdict.APPLIED, None)]


def test_what_a_stopped_phone_brought_is_held_once_the_defect_is_mended(
    city, home, box, monkeypatch
):
    def stumbling(work, sent, reason):
        raise ZeroDivisionError

    lock(city, box)
    with monkeypatch.context() as patched:
        patched.setattr(desk, "hold_at_once", stumbling)
        patched.setattr(desk, "hold", stumbling)
        patched.setattr(retrying, "hold", stumbling)
        box.push(box.mutation(home.id, note(home, "a")))
        assert retry_quarantined(open_as(city)) == 0
    assert standing(city, box) == [(Verdict.QUARANTINED, "device-locked")]
    assert retry_quarantined(open_as(city)) == 1
    assert standing(city, box) == [(Verdict.HELD, "device-locked")]
    assert texts(city, home) == []


def test_what_a_stopped_phone_brought_that_we_cannot_read_yet_is_held_once_we_can(
    city, home, box, monkeypatch
):
    lock(city, box)
    box.push(box.mutation(home.id, note(home, "a"), v=SCHEMA + 1))
    monkeypatch.setattr("nyefamilier.sync.envelopes.SCHEMA", SCHEMA + 1)
    assert retry_parked(open_as(city)) == 1
    assert standing(city, box) == [(Verdict.HELD, "device-locked")]
    assert texts(city, home) == []


def test_what_a_stopped_phone_brought_and_no_release_knew_is_held_by_the_one_that_does(
    city, home, box, monkeypatch
):
    lock(city, box)
    unknown = box.mutation(home.id, note(home, "a"))
    unknown["ops"][0]["op"] = "note.dictate"
    box.push(unknown)
    assert [status for status, _ in standing(city, box)] == [Verdict.QUARANTINED]
    known = desk.decode
    monkeypatch.setattr(desk, "decode", lambda op: known(op.replace(b"dictate", b"write")))
    assert retry_quarantined(open_as(city)) == 1
    assert standing(city, box) == [(Verdict.HELD, "device-locked")]
    assert texts(city, home) == []


def test_what_waited_and_cannot_be_processed_when_it_could_go_on_is_quarantined(
    city, home, box, monkeypatch
):
    parked, _ = parked_note(box, home)
    anew = Outbox(city.programme, city.ours).enrol()
    box.push(parked)
    anew.push(parked | {"seq": 1})

    def stumbling(work, sent):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(retrying, "judge", stumbling)
        assert retry_parked(open_as(city)) == 0
    assert [*standing(city, box), *standing(city, anew)] == [(Verdict.QUARANTINED, "defect")] * 2
    assert inbox(city, home) == [("held", "quarantined")]


def test_what_waited_stays_parked_while_something_of_ours_is_away(city, home, box, monkeypatch):
    parked, _ = parked_note(box, home)
    box.push(parked)

    def away(work, sent):
        raise Unavailable("key-provider-away", "")

    with monkeypatch.context() as patched:
        patched.setattr(retrying, "judge", away)
        retry_parked(open_as(city))
    assert standing(city, box)[0][0] == Verdict.PARKED


def test_of_what_we_could_not_process_the_present_nurse_is_told_and_shown_nothing(city, home, box):
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    op = {"op": "note.write", "note_id": str(uuid4()), "member_id": str(home.mother), "kind": "x"}
    box.push(box.mutation(home.id, ops=[op | {"text": "Hemmelig"}]))
    for _ in range(2):
        retry_parked(open_as(city))

    ((row, body),) = inbox_of(city, home.id)
    assert (row.kind, row.reason, row.sent_by) == ("held", "quarantined", city.ours.id)
    assert body == InboxBody()
    with city.programme.work(city.colleague, "test") as work:
        assert [one.reason for one in reviews(work)] == ["quarantined"]


def test_what_went_through_when_it_was_mended_is_out_of_her_inbox(city, home, box, monkeypatch):
    def stumbling(work, sent):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(desk, "judge_at_once", stumbling)
        patched.setattr(desk, "judge", stumbling)
        box.push(box.mutation(home.id, note(home, "a")))
    retry_parked(open_as(city))
    assert retry_quarantined(open_as(city)) == 1

    ((row, _),) = inbox_of(city, home.id)
    assert row.decision == "arrived"


def test_a_nurse_who_has_read_of_it_does_not_take_it_out_of_quarantine(city, home, box):
    box.push(box.mutation(home.id, ops=[{"op": "no.such"}]))
    retry_parked(open_as(city))
    ((row, _),) = inbox_of(city, home.id)
    send(city.programme, city.ours, home.id, DecideReview(row.id, Choice.DISMISS, "Lest."))

    retry_parked(open_as(city))
    assert len(inbox_of(city, home.id)) == 1
    with city.programme.work(SYSTEM, "test") as work:
        assert quarantine_size(work) == 1


def test_nobody_is_told_of_what_a_stranger_sent(city, home):
    theirs = Outbox(city.programme, city.theirs).enrol()
    theirs.push(theirs.mutation(home.id, ops=[{"op": "no.such"}]))
    retry_parked(open_as(city))

    assert inbox_of(city, home.id) == []


def test_what_has_another_ones_id_stays_in_quarantine(city, home, box):
    one = box.mutation(home.id, note(home, "a"))
    box.push(one)
    box.push(box.mutation(home.id, note(home, "b"), id=one["id"]))
    assert retry_quarantined(open_as(city)) == 0
    assert texts(city, home) == ["a"]


def test_what_can_never_go_through_keeps_nothing_behind_it_from_being_tried(
    city, home, box, monkeypatch
):
    monkeypatch.setattr(retrying, "AT_A_TIME", 2)
    for number in range(4):
        box.push(box.mutation(home.id, note(home, str(number), visit_id=uuid4())))
    new = Household()
    box.push(box.mutation(new.id, note(new, "a"), base_rev=0))
    send(city.programme, city.ours, new.id, new.registration())

    assert retry_parked(open_as(city)) == 1
    assert texts(city, new) == ["a"]


def test_what_is_nobodys_to_see_keeps_nothing_behind_it_from_being_shown(
    city, home, box, monkeypatch
):
    monkeypatch.setattr(retrying, "AT_A_TIME", 1)
    for _ in range(3):
        nowhere = Household()
        box.push(box.mutation(nowhere.id, note(nowhere, "a"), base_rev=0))
    box.push(parked_note(box, home)[0])
    city.clock.forward(days=5, minutes=1)
    retry_parked(open_as(city))

    assert [kind for kind, _ in inbox(city, home)] == ["parked"]


def test_a_quarantine_that_no_family_is_told_of_keeps_no_other_from_being_told(
    city, home, box, monkeypatch
):
    monkeypatch.setattr(retrying, "AT_A_TIME", 1)
    theirs = Outbox(city.programme, city.theirs).enrol()
    for _ in range(3):
        theirs.push(theirs.mutation(home.id, ops=[{"op": "no.such"}]))
    city.clock.forward(minutes=1)
    box.push(box.mutation(home.id, ops=[{"op": "no.such"}]))
    retry_parked(open_as(city))

    assert inbox(city, home) == [("held", "quarantined")]


def test_another_ones_ids_keep_nothing_behind_them_from_being_mended(city, home, box, monkeypatch):
    monkeypatch.setattr(retrying, "AT_A_TIME", 1)
    one = box.mutation(home.id, note(home, "a"))
    box.push(one)
    for words in ("b", "c"):
        box.push(box.mutation(home.id, note(home, words), id=one["id"]))

    def stumbling(work, sent):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(desk, "judge_at_once", stumbling)
        patched.setattr(desk, "judge", stumbling)
        box.push(box.mutation(home.id, note(home, "d")))
    assert retry_quarantined(open_as(city)) == 1
    assert texts(city, home) == ["a", "d"]
