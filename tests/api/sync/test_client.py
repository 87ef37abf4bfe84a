"""The reference client against the app: what is written on a phone is on the server and back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from nyefamilier.client import copies
from nyefamilier.client.transport import Unreachable
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.sync import revoking
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.wire.kinds import RECORD_KINDS
from nyefamilier.wire.verdicts import Verdict
from tests.api.conftest import FOR_A_YEAR
from tests.api.homes import Home
from tests.api.sync.phones import Nurse
from tests.builders import DAY, VESTLI


@pytest.fixture
def nurse(app, clock, tmp_path, caller):
    return Nurse(app, clock, tmp_path, caller(lifetimes=FOR_A_YEAR))


@pytest.fixture
def home(nurse):
    return Home(nurse.caller).register()


def test_a_nurses_families_are_on_her_phone_after_one_round(nurse, home):
    report = nurse.phone.round()

    shown = nurse.phone.family(UUID(home.id))
    assert (report.stopped, report.alarms) == (None, [])
    assert sorted(one.body["name"] for one in shown.of_kind("member")) == [
        "Rask Bjørk",
        "Stille Fjell",
    ]
    assert {one.kind for one in shown.records.values()} <= set(RECORD_KINDS)


def test_what_is_written_elsewhere_is_on_the_phone_after_the_next_round(nurse, home):
    nurse.phone.round()
    before = copies.cursor(nurse.phone.store, UUID(home.id)).rev
    home.offer()

    report = nurse.phone.round()

    assert [(one.since, one.rev) for one in report.received] == [(before, before + 1)]
    assert len(nurse.phone.family(UUID(home.id)).of_kind("offer")) == 1
    assert report.alarms == []


def test_an_idle_round_is_one_short_request(nurse, home):
    nurse.phone.round()
    nurse.phone.round()

    report = nurse.phone.round()

    assert report.requests == 1
    assert max(report.bytes_up, report.bytes_down) < 300


def test_a_crash_has_the_rows_proved_and_they_are_right(nurse, home):
    nurse.phone.round()
    nurse.phone.store.close()
    nurse.start()

    report = nurse.phone.round()

    assert (report.alarms, report.received) == ([], [])


def test_rows_that_were_lost_on_the_phone_are_fetched_again(nurse, home):
    nurse.phone.round()
    with nurse.phone.store.durable("changed") as cx:
        cx.execute("DELETE FROM row WHERE kind = 'member'")
    nurse.phone.store.close()
    nurse.start()

    report = nurse.phone.round()

    assert report.alarms == [f"stream-rows-differ {home.id}"]
    assert len(nurse.phone.family(UUID(home.id)).of_kind("member")) == 2


def test_the_lease_is_renewed_and_the_same_store_stays_open(nurse, home):
    nurse.phone.round()
    nurse.clock.now += timedelta(hours=48)

    report = nurse.phone.round()

    assert report.lease_renewed
    assert nurse.phone.family(UUID(home.id)).rev is not None


def test_a_note_from_the_phone_is_in_the_record_and_comes_back_as_a_row(nurse, home):
    nurse.phone.round()
    saved = nurse.note(home, "Ammer hver tredje time.")

    report = nurse.phone.round()

    assert [(one.seq, one.id, one.status) for one in report.verdicts] == [
        (saved.seq, saved.id, Verdict.APPLIED)
    ]
    assert (report.unsent, report.alarms, report.stuck) == (0, [], None)
    shown = nurse.phone.family(UUID(home.id))
    assert [(one.body["text"], one.pending) for one in shown.of_kind("note")] == [
        ("Ammer hver tredje time.", ())
    ]
    assert shown.pending == []


def test_a_family_that_was_registered_offline_is_registered(nurse):
    family, child = uuid4(), uuid4()
    op = {
        "op": "family.register",
        "members": [{"id": child, "role": "mor", "name": "Rask Bjørk"}],
        "address": {"id": uuid4(), "delbydel": VESTLI, "valid_from": str(DAY)},
    }
    nurse.phone.save("family.register", family, [op])

    report = nurse.phone.round()
    nurse.phone.round()

    assert [one.status for one in report.verdicts] == [Verdict.APPLIED]
    [member] = nurse.phone.family(family).of_kind("member")
    assert (member.id, member.body["name"]) == (child, "Rask Bjørk")


def test_a_push_whose_answer_was_lost_has_its_effect_once(nurse, home):
    nurse.phone.round()
    nurse.note(home, "Bare én gang.")
    send = nurse.phone.line.transport.send

    def lost(asked):
        got = send(asked)
        if asked.path.endswith("/push"):
            nurse.phone.line.transport.send = send
            raise Unreachable("timeout")
        return got

    nurse.phone.line.transport.send = lost
    first = nurse.phone.round()
    nurse.clock.forward(hours=1)
    second = nurse.phone.round()

    assert (first.stopped, second.stopped) == ("timeout", None)
    assert len(home.read("/notes")["items"]) == 1


def test_the_notes_of_weeks_offline_go_up_in_pushes_of_a_hundred(nurse, home):
    nurse.phone.round()
    for number in range(250):
        nurse.note(home, f"Notat nummer {number}")

    report = nurse.phone.round()

    assert (len(report.verdicts), report.unsent) == (250, 0)
    assert {one.status for one in report.verdicts} == {Verdict.APPLIED}


def test_a_family_that_another_nurse_has_now_leaves_the_phone_with_its_last_note_filed(
    nurse, home, caller
):
    nurse.phone.round()
    lead, other = caller(Role.LEAD), caller(Role.NURSE)
    moved = lead("POST", f"{home.path}/team", json={"nurse_id": str(other.identity.id)})
    assert moved.status_code == 201, moved.json
    nurse.note(home, "Skrevet uten nett.")

    report = nurse.phone.round()

    assert [one.status for one in report.verdicts] == [Verdict.APPLIED]
    assert list(report.purged) == [UUID(home.id)]
    assert report.receipts == 1
    assert copies.families(nurse.phone.store) == []
    assert nurse.phone.round().purged == {}


def test_a_locked_phone_closes_hands_over_and_opens_again(nurse, home, programme):
    nurse.phone.round()
    nurse.note(home, "Usendt.")
    device_id = nurse.phone.store.standing.device_id
    with programme.work(SYSTEM, "test") as work:
        revoking.lock(work, device_id)

    report = nurse.phone.round()

    assert (report.stopped, report.escrowed) == ("device-locked", 1)
    assert nurse.phone.store.cipher is None


def test_a_wiped_phone_leaves_no_file_and_says_so(nurse, home, programme):
    nurse.phone.round()
    nurse.note(home, "Usendt.")
    device_id = nurse.phone.store.standing.device_id
    with programme.work(SYSTEM, "test") as work:
        revoking.wipe(work, device_id)

    report = nurse.phone.round()

    assert (report.erased, report.escrowed) == (True, 1)
    assert list(nurse.folder.glob("*.db*")) == []
    with programme.work(SYSTEM, "test") as work:
        assert work.session.get(DeviceRow, device_id).state == "wiped"


def test_a_cloned_store_enrols_anew_and_both_phones_writings_arrive(nurse, home):
    nurse.phone.round()
    path = nurse.phone.store.path
    nurse.phone.close()
    copy = path.read_bytes()
    nurse.start()
    nurse.note(home, "Fra den ene.")
    nurse.phone.round()
    nurse.phone.close()
    path.write_bytes(copy)
    nurse.start()
    nurse.note(home, "Fra den andre.")

    report = nurse.phone.round()

    assert (report.enrolled_anew, report.unsent) == (True, 0)
    texts = [one["text"] for one in home.read("/notes")["items"]]
    assert sorted(texts) == ["Fra den andre.", "Fra den ene."]
