"""What a phone pushes is taken in once, in order, and never lost."""

from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select
from structlog.testing import capture_logs

from nyefamilier.changes.tables import MutationRow
from nyefamilier.journal.tables import NoteRow
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, UnknownDevice
from nyefamilier.sync.keeping import raw_of
from nyefamilier.sync.pushing import verdicts
from nyefamilier.sync.tables import DeliveryRow, DeviceRow, SyncEventRow
from nyefamilier.wire.messages import SCHEMA
from nyefamilier.wire.verdicts import Verdict
from tests.builders import Household
from tests.pushes import Outbox, note


@pytest.fixture
def box(city) -> Outbox:
    return Outbox(city.programme, city.ours).enrol()


def texts(city, home):
    with city.programme.work(city.ours, "test") as work:
        return [one.text for one in notes(work, home.id)]


def statuses(answer):
    return [one.status for one in answer.results]


def refused(box, *mutations, **more):
    with pytest.raises(Conflict) as conflict:
        box.push(*mutations, **more)
    return conflict.value.code, conflict.value.members


def deliveries(city, box):
    with city.programme.work(city.ours, "test") as work:
        query = select(DeliveryRow).where(DeliveryRow.device_id == box.phone.id)
        return list(work.session.scalars(query.order_by(DeliveryRow.seq)))


def test_mutations_are_applied_in_order_and_named_with_their_revision(city, home, box):
    told = [box.mutation(home.id, note(home, text)) for text in ("en", "to", "fire")]
    answer = box.push(*told)
    assert statuses(answer) == [Verdict.APPLIED] * 3
    first = answer.results[0].rev
    assert [one.rev for one in answer.results] == [first, first + 1, first + 2]
    assert [(str(one.id), one.seq) for one in answer.results] == [
        (one["id"], one["seq"]) for one in told
    ]
    assert answer.last_seq == 3
    assert texts(city, home) == ["en", "to", "fire"]


def test_a_push_that_is_sent_again_is_answered_byte_for_byte_and_done_once(city, home, box):
    body = box.body(*(box.mutation(home.id, note(home)) for _ in range(3)))
    first, again = box.send(body), box.send(body)
    assert msgspec.json.encode(again.results) == msgspec.json.encode(first.results)
    assert again.last_seq == 3
    assert len(texts(city, home)) == 3


def test_a_push_that_overlaps_with_the_one_before_goes_on_where_that_ended(city, home, box):
    told = [box.mutation(home.id, note(home, text)) for text in ("en", "to", "fire")]
    box.push(*told[:2])
    answer = box.push(*told[1:])
    assert [one.seq for one in answer.results] == [2, 3]
    assert texts(city, home) == ["en", "to", "fire"]


def test_an_empty_push_tells_where_the_device_stands(box):
    answer = box.push()
    assert (answer.last_seq, answer.durable_seq, answer.results) == (0, 0, [])


def test_a_gap_is_refused_with_what_came_before_it_kept(city, home, box):
    first, _lost, third = (box.mutation(home.id, note(home, text)) for text in "abc")
    code, members = refused(box, first, third)
    assert code == "sequence-gap"
    assert members["expected_seq"] == 2
    assert [(one["seq"], one["status"]) for one in members["results"]] == [(1, "applied")]
    assert members["last_seq"] == 1
    assert texts(city, home) == ["a"]


def test_what_is_lost_is_voided_and_what_follows_it_goes_through(city, home, box):
    box.push(box.mutation(home.id, note(home, "a")))
    answer = box.push(box.void(3), box.mutation(home.id, note(home, "b")))
    assert [(one.seq, one.status, one.reason) for one in answer.results] == [
        (2, Verdict.APPLIED, "void"),
        (5, Verdict.APPLIED, None),
    ]
    assert answer.last_seq == 5
    assert texts(city, home) == ["a", "b"]


def test_what_is_voided_is_written_down_once_and_rings_an_alarm(city, home, box):
    body = box.body(box.void(3), box.mutation(home.id, note(home, "b")))
    with capture_logs() as logged:
        box.send(body)
        box.send(body)

    alarms = [one for one in logged if one["event"] == "mutations-lost-on-phone"]
    assert [(one["count"], one["log_level"]) for one in alarms] == [(3, "error")]
    with city.programme.work(SYSTEM, "test") as work:
        told = select(SyncEventRow.count).where(SyncEventRow.event == "voided")
        assert list(work.session.scalars(told)) == [3]


def test_what_was_voided_and_is_found_again_is_another_installation(city, home, box):
    found = box.mutation(home.id, note(home)) | {"seq": 2}
    box.seq = 0
    box.push(box.void(3))
    code, members = refused(box, found)
    assert (code, members["seq"]) == ("seq-reuse", 2)


def test_the_same_seq_with_other_bytes_is_refused_and_nothing_after_it_is_taken_in(city, home, box):
    first = box.mutation(home.id, note(home, "a"))
    box.push(first)
    other = first | {"occurred_at": "2026-03-01T10:00:00Z"}
    code, members = refused(box, other, box.mutation(home.id, note(home, "b")))
    assert (code, members["seq"], members["results"]) == ("seq-reuse", 1, [])
    assert texts(city, home) == ["a"]


def test_a_restored_server_says_that_it_has_lost_what_it_told(city, home, box):
    box.push(box.mutation(home.id, note(home)))
    code, members = refused(box, box.mutation(home.id, note(home)), acked_seq=7)
    assert code == "server-regressed"
    assert members["last_seq"] == 1
    assert members["results"] == []
    assert len(deliveries(city, box)) == 1


def test_a_phone_of_somebody_else_pushes_nothing(city, home, box):
    with pytest.raises(UnknownDevice):
        Outbox(city.programme, city.colleague, box.phone).push()


def test_a_phone_that_enrolled_anew_sends_again_and_nothing_is_done_twice(city, home, box):
    old = [box.mutation(home.id, note(home, text)) for text in "ab"]
    first = box.push(old[0])
    anew = Outbox(city.programme, city.ours).enrol()
    told = [one | {"seq": seq} for seq, one in enumerate(old, start=1)]
    answer = anew.push(*told)
    assert statuses(answer) == [Verdict.APPLIED, Verdict.APPLIED]
    assert answer.results[0].rev == first.results[0].rev
    assert texts(city, home) == ["a", "b"]
    assert anew.push(*told).results == answer.results


def test_what_waits_is_told_to_every_installation_that_brings_it_in_whatever_order(city, box):
    """Its bytes lie with the delivery that came first, and not with the one that began first."""
    waits = box.mutation(uuid4(), note(Household()), base_rev=0)
    box.push(waits)
    city.clock.forward(minutes=-5)  # one that began earlier, and had to wait for its turn
    second, third = (Outbox(city.programme, city.ours).enrol() for _ in range(2))
    for installation in (second, third):
        assert statuses(installation.push(waits)) == [Verdict.PARKED]
    with city.programme.work(city.ours, "test") as work:
        assert len({raw_of(work, one) for one in work.session.query(DeliveryRow)}) == 1


def test_the_same_mutation_under_two_seqs_is_done_once(city, home, box):
    one = box.mutation(home.id, note(home))
    answer = box.push(one, one | {"seq": 2})
    assert statuses(answer) == [Verdict.APPLIED] * 2
    assert answer.results[0].rev == answer.results[1].rev
    assert len(texts(city, home)) == 1


def test_another_mutation_under_a_known_id_is_kept_and_not_done(city, home, box):
    one = box.mutation(home.id, note(home, "a"))
    box.push(one)
    answer = box.push(box.mutation(home.id, note(home, "b"), id=one["id"]))
    (result,) = answer.results
    assert (result.status, result.reason) == (Verdict.QUARANTINED, "mutation-id-reused")
    assert deliveries(city, box)[1].raw is not None
    assert texts(city, home) == ["a"]


def test_a_mutations_id_tells_nobody_else_what_became_of_it(city, home, box):
    one = box.mutation(home.id, note(home))
    box.push(one)
    theirs = Outbox(city.programme, city.theirs).enrol()
    (result,) = theirs.push(one).results
    assert (result.status, result.reason) == (Verdict.QUARANTINED, "mutation-id-reused")
    assert result.rev is None


def test_a_family_that_is_somebody_elses_is_answered_like_none(city, home):
    theirs = Outbox(city.programme, city.theirs).enrol()
    first, second = (theirs.mutation(one, note(home)) for one in (home.id, uuid4()))
    pushed = theirs.push(first, second).results
    with city.programme.work(city.theirs, "test") as work:
        asked = verdicts(work, theirs.phone.id, 1, 2).results

    for hers, nobodys in (pushed, asked):
        assert replace(hers, id=nobodys.id, seq=nobodys.seq) == nobodys
    assert {one.status for one in pushed} == {Verdict.PARKED}


def test_a_mutation_that_cannot_be_read_stops_no_other(city, home, box):
    answer = box.push(
        box.mutation(home.id, note(home), base_rev=-1),
        box.mutation(home.id, ops=[{"op": "no.such"}]),
        box.mutation(home.id, ops=[]),
        box.mutation(home.id, ops=[{"op": "note.write"}] * 41),
        box.mutation(home.id, note(home, "a")),
    )
    assert statuses(answer) == [Verdict.QUARANTINED] * 4 + [Verdict.APPLIED]
    assert [one.pointer for one in answer.results[:4]] == ["/base_rev", "/ops/0/op", "/ops", "/ops"]
    assert texts(city, home) == ["a"]


def test_a_mutation_of_a_version_to_come_is_parked_and_stops_no_other(city, home, box):
    newer = box.mutation(home.id, v=SCHEMA + 1, ops=..., shape=1)
    newer.pop("ops")
    answer = box.push(newer, box.mutation(home.id, note(home, "a")))
    assert [(one.status, one.reason) for one in answer.results] == [
        (Verdict.PARKED, "newer-version"),
        (Verdict.APPLIED, None),
    ]


def test_nothing_that_was_pushed_lies_in_clear(city, home, box):
    box.push(box.mutation(home.id, note(home, "Ammer")), box.mutation(uuid4(), note(home, "Sover")))
    with city.programme.work(city.ours, "test") as work:
        for kind in (DeliveryRow, MutationRow, NoteRow):
            for row in work.session.scalars(select(kind)):
                assert b"Ammer" not in repr(vars(row)).encode()
                assert b"Sover" not in repr(vars(row)).encode()


def test_the_very_bytes_are_kept_and_open_again(city, home, box):
    applied = box.mutation(home.id, note(home))
    unknown = box.mutation(uuid4(), note(home))
    broken = box.mutation(home.id, ops=[{"op": "no.such"}])
    told = [applied, unknown, broken, box.void()]
    box.push(*told)
    rows = deliveries(city, box)
    with city.programme.work(city.ours, "test") as work:
        assert [raw_of(work, row) for row in rows] == [msgspec.json.encode(one) for one in told]
    assert [row.sealed_by for row in rows[2:]] == ["family", "device"]


def test_what_a_stopped_phone_brings_is_held(city, home, box):
    with city.programme.work(city.ours, "test") as work:
        work.session.get_one(DeviceRow, box.phone.id).state = "locked"
    (result,) = box.push(box.mutation(home.id, note(home))).results
    assert (result.status, result.reason) == (Verdict.HELD, "device-locked")
    assert texts(city, home) == []


def test_verdicts_are_told_again_by_their_seqs(city, home, box):
    answer = box.push(*(box.mutation(home.id, note(home)) for _ in range(3)))
    with city.programme.work(city.ours, "test") as work:
        assert verdicts(work, box.phone.id, 2, 9).results == answer.results[1:]


def test_a_family_that_is_registered_on_the_phone_can_be_written_to_in_the_same_push(city, box):
    new = Household()
    answer = box.push(
        box.mutation(new.id, new.registration(), base_rev=0),
        box.mutation(new.id, note(new, "a"), base_rev=0),
    )
    assert statuses(answer) == [Verdict.APPLIED] * 2
    assert [one.rev for one in answer.results] == [1, 2]
    assert texts(city, new) == ["a"]
