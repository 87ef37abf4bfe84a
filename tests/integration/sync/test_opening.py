"""What lies in escrow is opened, held for a person to decide, and never lost or done twice."""

from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select

from nyefamilier.changes.tables import InboxRow
from nyefamilier.door import judging
from nyefamilier.families.intents import AssignNurse
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable, UnknownDevice
from nyefamilier.sync import escrow_keys, opening, revoking
from nyefamilier.sync.desk import Desk
from nyefamilier.sync.escrow import take_in
from nyefamilier.sync.opening import open_escrow
from nyefamilier.sync.tables import DeliveryRow, DeviceRow, EscrowRow
from nyefamilier.vault.escrow import new_escrow_pair, seal_to_escrow
from nyefamilier.wire.messages import Escrow, Escrowed
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import Verdict
from tests.builders import Household, send
from tests.pushes import Outbox, note


@pytest.fixture
def box(city) -> Outbox:
    return Outbox(city.programme, city.ours).enrol()


def leave(city, box, *mutations, public=None, key_id=None, text=None):
    """Leave mutations in escrow as a phone does: sealed in the very bytes that it would push."""
    with city.programme.work(SYSTEM, "test") as work:
        pair = escrow_keys.present(work)
        told = [
            Escrowed(
                id=UUID(one["id"]),
                seq=one["seq"],
                sealed=as_text(
                    seal_to_escrow(
                        public or pair.public_key,
                        UUID(one["id"]),
                        msgspec.json.encode(one) if text is None else text,
                    )
                ),
            )
            for one in mutations
        ]
        request = Escrow(
            device_id=box.phone.id, escrow_key_id=key_id or str(pair.id), mutations=told
        )
        take_in(work, work.session.get(DeviceRow, box.phone.id), request)


def opened(city, box=None):
    def open_as(actor):
        return city.programme.work(actor, "job")

    return open_escrow(open_as, None if box is None else box.phone.id)


def outcomes(city, box):
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.query(EscrowRow).filter_by(device_id=box.phone.id)
        return [row.outcome for row in rows.order_by(EscrowRow.seq)]


def delivered(city, box):
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.query(DeliveryRow).filter_by(device_id=box.phone.id)
        return [(row.seq, row.status, row.reason) for row in rows.order_by(DeliveryRow.seq)]


def inbox(city, home):
    with city.programme.work(city.ours, "test") as work:
        rows = work.session.scalars(select(InboxRow).where(InboxRow.family_id == home.id))
        return [(row.kind, row.reason) for row in rows]


def texts(city, home):
    with city.programme.work(city.ours, "test") as work:
        return [one.text for one in notes(work, home.id)]


def test_what_was_left_is_held_for_the_familys_nurse(city, home, box):
    leave(city, box, *(box.mutation(home.id, note(home)) for _ in range(2)))
    assert opened(city) == 2
    assert outcomes(city, box) == ["held", "held"]
    assert delivered(city, box) == [(1, "held", "escrow"), (2, "held", "escrow")]
    assert inbox(city, home) == [("held", "escrow")] * 2
    assert texts(city, home) == []
    assert opened(city) == 0


def test_the_phone_that_pushes_it_after_all_is_told_the_same_verdict(city, home, box):
    mutation = box.mutation(home.id, note(home))
    leave(city, box, mutation)
    opened(city, box)
    answer = box.push(mutation)
    assert [(one.seq, one.status) for one in answer.results] == [(1, Verdict.HELD)]
    following = box.push(box.mutation(home.id, note(home, "en til")))
    assert following.results[0].status is Verdict.APPLIED


def test_what_was_pushed_before_is_not_done_again(city, home, box):
    mutation = box.mutation(home.id, note(home, "en"))
    box.push(mutation)
    leave(city, box, mutation)
    assert opened(city) == 1
    assert outcomes(city, box) == ["applied"]
    assert texts(city, home) == ["en"]
    assert inbox(city, home) == []


def test_a_locked_phones_work_is_held_for_being_locked(city, home, box):
    with city.programme.work(city.ours, "test") as work:
        revoking.lock(work, box.phone.id)
    leave(city, box, box.mutation(home.id, note(home)))
    opened(city)
    assert delivered(city, box) == [(1, "held", "device-locked")]


def test_what_a_locked_phone_wrote_of_a_family_that_comes_later_is_shown_to_its_nurse(city, box):
    new, other = Household(), Outbox(city.programme, city.ours).enrol()
    with city.programme.work(city.ours, "test") as work:
        revoking.lock(work, box.phone.id)
    leave(city, box, box.mutation(new.id, note(new)), box.mutation(new.id, note(new)))
    opened(city)
    assert delivered(city, box) == [(seq, "parked", "device-locked") for seq in (1, 2)]

    other.push(other.mutation(new.id, new.registration(), base_rev=0))

    assert delivered(city, box) == [(seq, "held", "device-locked") for seq in (1, 2)]
    assert inbox(city, new) == [("held", "device-locked")] * 2
    assert texts(city, new) == []


def test_a_family_that_a_locked_phone_registers_waits_for_no_other(city, box):
    new = Household()
    leave(city, box, box.mutation(new.id, new.registration(), base_rev=0))
    opened(city)
    assert delivered(city, box) == [(1, "held", "escrow")]


def test_a_mutation_waits_a_day_for_those_before_it(city, home, box):
    lost, left = (box.mutation(home.id, note(home)) for _ in range(2))
    leave(city, box, left)
    assert opened(city) == 0
    city.clock.forward(hours=23)
    assert opened(city) == 0
    leave(city, box, lost)
    assert opened(city) == 2
    assert [seq for seq, _, _ in delivered(city, box)] == [1, 2]


def test_after_that_it_is_taken_in_and_what_comes_late_keeps_its_id(city, home, box):
    lost, left = (box.mutation(home.id, note(home)) for _ in range(2))
    leave(city, box, left)
    city.clock.forward(hours=24)
    assert opened(city) == 1
    assert delivered(city, box) == [(2, "held", "escrow")]
    with pytest.raises(UnknownDevice) as refused:
        box.push(lost)
    assert refused.value.code == "wrong-device"
    anew = Outbox(city.programme, city.ours).enrol()
    answer = anew.push(lost | {"seq": 1}, left | {"seq": 2})
    assert [one.status for one in answer.results] == [Verdict.APPLIED, Verdict.HELD]


def test_a_copy_whose_seq_is_another_mutations_by_now_is_held_all_the_same(city, home, box):
    first = box.mutation(home.id, note(home))
    other = first | {"id": str(uuid4())}
    box.push(first)
    leave(city, box, other)
    assert opened(city) == 1
    assert delivered(city, box)[1:] == [(2, "held", "escrow")]


def test_what_does_not_open_is_kept_and_said_to_be_unreadable(city, home, box, capsys):
    leave(city, box, box.mutation(home.id, note(home)), public=new_escrow_pair().public)
    assert opened(city) == 1
    assert outcomes(city, box) == ["unreadable"]
    assert delivered(city, box) == []
    assert "escrow-unreadable" in capsys.readouterr().out


@pytest.mark.parametrize("key_id", ["01a20000-0000-7000-8000-000000000000", "no id"])
def test_a_key_that_there_never_was_opens_nothing(city, home, box, key_id):
    leave(city, box, box.mutation(home.id, note(home)), key_id=key_id)
    opened(city)
    assert outcomes(city, box) == ["unreadable"]


def test_a_sealed_text_that_holds_no_mutation_is_unreadable(city, box):
    leave(city, box, {"id": str(uuid4()), "seq": 1})
    opened(city)
    assert outcomes(city, box) == ["unreadable"]


@pytest.mark.parametrize(
    "text",
    [b"", b"\x01\x02", b"\xff{}", b"{", b"[" * 5_000, b'{"id": 1' + b" " * 300_000 + b"}"],
    ids=["nothing", "noise", "no UTF-8", "half", "nested", "long"],
)
def test_a_sealed_text_that_is_no_json_is_unreadable(city, box, capsys, text):
    leave(city, box, {"id": str(uuid4()), "seq": 1}, text=text)
    assert opened(city) == 1
    assert outcomes(city, box) == ["unreadable"]
    assert "escrow-unreadable" in capsys.readouterr().out


def test_a_mutation_that_is_not_understood_is_quarantined_and_stops_no_other(city, home, box):
    odd = box.mutation(home.id) | {"ops": [{"op": "nothing.known"}]}
    leave(city, box, odd, box.mutation(home.id, note(home)))
    assert opened(city) == 2
    assert outcomes(city, box) == ["quarantined", "held"]


def test_a_key_provider_that_is_away_leaves_it_for_the_next_time(city, home, box, monkeypatch):
    def away(*_):
        raise Unavailable("key-provider-away", "Away.")

    leave(city, box, box.mutation(home.id, note(home)))
    with monkeypatch.context() as patched:
        patched.setattr(opening.escrow_keys, "private_key", away)
        assert opened(city) == 0
    assert outcomes(city, box) == [None]
    assert opened(city) == 1
    assert outcomes(city, box) == ["held"]


def test_what_follows_does_not_overtake_what_something_of_ours_holds_up(
    city, home, box, monkeypatch
):
    """It has waited for a day already: nothing but this keeps it behind what came before it."""
    left = [box.mutation(home.id, note(home)) for _ in range(3)]
    leave(city, box, *left)
    city.clock.forward(hours=25)
    real, times = opening.escrow_keys.private_key, iter((1, 2))

    def away_at_first(*more):
        if next(times, None) is not None:
            raise Unavailable("key-provider-away", "Away.")
        return real(*more)

    with monkeypatch.context() as patched:
        patched.setattr(opening.escrow_keys, "private_key", away_at_first)
        assert opened(city) == 0
    assert outcomes(city, box) == [None, None, None]
    assert opened(city) == 3
    with city.programme.work(SYSTEM, "test") as work:
        rows = work.session.query(DeliveryRow).filter_by(device_id=box.phone.id)
        came = [str(row.mutation_id) for row in rows.order_by(DeliveryRow.seq)]
    assert came == [one["id"] for one in left]


def test_where_one_cannot_be_held_the_others_are_and_it_stays_for_the_next_time(
    city, home, box, monkeypatch
):
    left = [box.mutation(home.id, note(home)) for _ in range(3)]
    leave(city, box, *left)
    real = judging.add_held

    def fails_at_the_last(dossier, sent, *more):
        if str(sent.mutation.id) == left[2]["id"]:
            raise Unavailable("key-provider-away", "Away.")
        return real(dossier, sent, *more)

    with monkeypatch.context() as patched:
        patched.setattr(judging, "add_held", fails_at_the_last)
        assert opened(city) == 2
    assert outcomes(city, box) == ["held", "held", None]
    assert opened(city) == 1
    assert [seq for seq, _, _ in delivered(city, box)] == [1, 2, 3]


def test_what_a_phone_left_is_opened_together(city, home, box, monkeypatch):
    leave(city, box, *(box.mutation(home.id, note(home)) for _ in range(5)))
    monkeypatch.setattr(Desk, "judge_alone", None)
    assert opened(city) == 5
    assert inbox(city, home) == [("held", "escrow")] * 5


def test_what_she_left_of_a_family_that_she_gave_up_is_opened_together(
    city, home, box, monkeypatch
):
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    leave(city, box, *(box.mutation(home.id, note(home)) for _ in range(3)))
    monkeypatch.setattr(Desk, "judge_alone", None)
    assert opened(city) == 3
    assert outcomes(city, box) == ["held"] * 3


def test_only_the_devices_own_is_opened_when_it_is_asked_for(city, home, box):
    other = Outbox(city.programme, city.ours).enrol()
    leave(city, box, box.mutation(home.id, note(home)))
    leave(city, other, other.mutation(home.id, note(home)))
    assert opened(city, other) == 1
    assert outcomes(city, box) == [None]
