"""One round brings up what is unsent and down what has changed, whatever happens on the way."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from nyefamilier.client import copies, outbox
from nyefamilier.client.client import CannotKeep
from nyefamilier.client.standing import State
from nyefamilier.client.steps import Step
from nyefamilier.client.talking import Refused
from nyefamilier.client.transport import Got, Unreachable
from nyefamilier.vault.phone import CannotOpen
from nyefamilier.wire import limits
from nyefamilier.wire.messages import Result
from nyefamilier.wire.verdicts import Verdict
from tests.unit.client.phones import FAMILY, Time
from tests.unit.client.servers import Family, ok, once, problem, unpacked


def lost_answer(world, path):
    """The server hears the next request to *path*, and the phone never hears the answer."""

    def twist(asked):
        if not asked.path.endswith(path):
            return
        world.server.answer(asked)
        raise Unreachable("timeout")

    return twist


def copy_is_the_servers(world, family=FAMILY):
    here = copies.cursor(world.phone.store, family)
    there = world.server.families[family]
    assert (here.rev, here.chain) == (there.rev, there.chain_at(there.rev))
    assert copies.checksum(world.phone.store, family) == there.checksum == here.checksum


def test_a_round_sends_what_is_unsent_and_brings_the_family_up_to_date(world):
    saved = world.note("Hun sover godt.")

    report = world.phone.round()

    assert [(one.seq, one.id, one.status) for one in report.verdicts] == [
        (saved.seq, saved.id, Verdict.APPLIED)
    ]
    assert world.texts() == ["Hun sover godt."]
    assert (report.unsent, report.stopped, report.stuck, report.alarms) == (0, None, None, [])
    copy_is_the_servers(world)


def test_the_next_round_tells_only_a_hash_and_brings_only_what_is_new(world):
    world.phone.round()
    world.server.families[FAMILY].write("visit", UUID(int=2), {"state": "booked"})
    world.server.asked.clear()

    report = world.phone.round()

    pulls = [told for name, told in world.server.asked if name == "pull"]
    assert ["have" in told for told in pulls] == [False, True]
    assert [(one.since, one.rev, one.items) for one in report.received] == [(1, 2, 1)]
    copy_is_the_servers(world)


def test_an_idle_round_is_two_short_bodies(world):
    world.phone.round()

    report = world.phone.round()

    assert world.server.paths()[-1] == "pull"
    assert report.requests == 1
    assert max(report.bytes_up, report.bytes_down) < 300


@pytest.mark.parametrize("path", ["/push", "/pull", "/lease"])
def test_an_answer_that_is_lost_costs_nothing_but_another_round(world, path):
    world.note("Hun sover godt.")
    world.time.passes(timedelta(hours=50))
    world.server.twists.append(lost_answer(world, path))

    first = world.phone.round()
    world.time.passes(timedelta(hours=1))
    second = world.phone.round()

    assert (first.stopped, second.stopped) == ("timeout", None)
    assert world.texts() == ["Hun sover godt."]
    assert outbox.unsent(world.phone.store) == []
    copy_is_the_servers(world)


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("answer-not-ours", Got(200, b"<html>Log in to the hotel", {"content-type": "text/html"})),
        ("answer-damaged", Got(200, b'{"epoch": "0000', {"content-type": "application/json"})),
        ("answer-damaged", Got(200, b"[]", {"content-type": "application/json"})),
        (
            "answer-damaged",
            Got(
                200,
                b"{}",
                {
                    "content-type": "application/json",
                    "content-digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
                },
            ),
        ),
        ("answer-not-ours", Got(502, b"<html>Bad Gateway", {"content-type": "text/html"})),
    ],
)
@pytest.mark.parametrize("path", ["/push", "/pull"])
def test_what_is_not_the_servers_own_whole_answer_is_no_answer(world, path, name, got):
    world.note()
    world.server.twists.append(once(path, got))

    report = world.phone.round()

    assert report.stopped == name
    assert report.wait > 0
    assert len(outbox.unsent(world.phone.store)) == (path == "/push")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_as_long_as_it_asks_and_a_while_drawn_by_lot(world, status):
    world.note()
    world.server.twists.append(once("/push", problem(status, "overloaded", after=60)))

    report = world.phone.round()
    again = world.phone.round()
    world.time.passes(timedelta(seconds=report.wait))

    assert report.wait == 60 + 0.5 * 2
    assert (again.stopped, again.requests) == ("quiet", 0)
    assert world.phone.round().unsent == 0


def test_a_busy_servers_verdicts_so_far_are_taken_in(world):
    one, two = world.note("en"), world.note("to")
    told = Result(seq=one.seq, id=one.id, status=Verdict.APPLIED, rev=2)
    world.server.twists.append(once("/push", problem(503, "overloaded", results=[told])))

    world.phone.round()

    assert [left.seq for left in outbox.unsent(world.phone.store)] == [two.seq]


def test_a_server_may_ask_for_quiet_with_a_good_answer(world):
    world.phone.round()

    def with_backoff(asked):
        got = world.server.answer(asked)
        return Got(got.status, got.body, {**got.headers, "sync-backoff": "900"})

    world.server.twists.append(with_backoff)

    report = world.phone.round()

    assert 900 <= report.wait <= 1080


def test_without_anybody_signed_in_everything_is_kept(world):
    world.note()
    world.server.twists.append(once("/push", problem(401, "not-signed-in")))

    report = world.phone.round()

    assert (report.stopped, report.unsent) == ("not-signed-in", 1)
    assert world.phone.round().unsent == 0


def test_a_push_that_is_too_large_is_halved_until_it_goes_through(world):
    for number in range(8):
        world.note(f"note {number}")

    def at_most_two(asked):
        if not asked.path.endswith("/push"):
            return None
        told = msgspec.json.decode(unpacked(asked))
        return problem(413, "too-large") if len(told["mutations"]) > 2 else None

    world.server.always = at_most_two

    assert world.phone.round().unsent == 0
    assert len(world.texts()) == 8


@pytest.mark.parametrize("code", ["malformed-mutation", "mutation-too-large"])
def test_one_mutation_that_is_refused_delays_nobody_and_goes_to_escrow(world, code):
    world.note("før")
    poison = world.note("gift")
    world.note("etter")

    def refuse(asked):
        if asked.path.endswith("/push") and b"gift" in unpacked(asked):
            return problem(413 if "large" in code else 400, code)
        return None

    world.server.always = refuse

    report = world.phone.round()

    assert world.texts() == ["etter", "før"]
    assert b"gift" in world.server.escrow[poison.id]
    assert [one.status for one in report.verdicts] == ["applied", "held", "applied"]
    assert report.alarms == [f"{code} {poison.seq}"]
    assert report.unsent == 0


def test_a_restored_server_is_told_again_what_it_has_lost(world):
    for text in ("en", "to", "fem"):
        world.note(text)
    world.phone.round()
    device = next(iter(world.server.devices.values()))
    kept = world.server.families[FAMILY]
    world.server.families[FAMILY] = Family(kept.links[:2], dict(list(kept.rows.items())[:2]))
    for seq in (2, 3):
        world.server.known.pop(device.taken.pop(seq)[1].id)
    device.last_seq, world.server.epoch = 1, UUID(int=0xE2)
    world.note("fire")

    report = world.phone.round()

    assert world.texts() == ["en", "fem", "fire", "to"]
    assert (report.brought_back, report.unsent) == (2 + 1, 0)  # one that it has is told again
    assert "server-regressed 1" in report.alarms
    copy_is_the_servers(world)


def test_a_clock_that_was_set_ahead_makes_no_phone_forget_what_no_backup_has(world):
    saved = world.note("en")
    world.phone.round()
    world.server.time = Time()
    world.time.wall += timedelta(days=365)
    world.phone.round()
    device = next(iter(world.server.devices.values()))
    device.last_seq = 0
    device.taken.clear()
    world.server.known.clear()

    report = world.phone.round()

    assert (report.brought_back, list(world.server.known)) == (1, [saved.id])


def test_what_a_refusal_names_is_kept_by_the_servers_clock_too(world):
    world.server.time = Time()
    world.time.wall -= timedelta(days=365)
    saved = world.note("en")
    told = Result(seq=saved.seq, id=saved.id, status=Verdict.HELD)
    busy = problem(503, "overloaded", results=[told], server_time=world.server.time.wall)
    world.server.twists.append(once("/push", busy))
    world.phone.round()
    next(iter(world.server.devices.values())).last_seq = saved.seq
    world.time.passes(timedelta(minutes=1))

    world.phone.round()

    assert outbox.count_beyond(world.phone.store, 0) == 1


def test_a_restored_server_is_noticed_by_a_phone_that_only_reads(world):
    world.note("en")
    world.phone.round()
    device = next(iter(world.server.devices.values()))
    device.last_seq = 0
    world.server.known.clear()
    device.taken.clear()
    world.server.families[FAMILY] = Family()
    world.server.families[FAMILY].write("member", UUID(int=1), {"name": "Kari Prøve"})

    world.phone.round()
    world.phone.round()

    assert world.texts() == ["en"]
    copy_is_the_servers(world)


def test_a_server_that_has_lost_the_device_itself_is_given_everything_under_a_new_one(world):
    world.note("en")
    world.phone.round()
    world.note("to")
    old = outbox.standing_of(world.phone.store).device_id
    world.server.devices.clear()
    world.server.known.clear()
    world.server.families[FAMILY] = Family()
    world.server.families[FAMILY].write("member", UUID(int=1), {"name": "Kari Prøve"})

    first, second = world.phone.round(), world.phone.round()

    assert first.enrolled_anew
    assert outbox.standing_of(world.phone.store).device_id != old
    assert world.texts() == ["en", "to"]
    assert second.unsent == 0
    copy_is_the_servers(world)


def test_a_server_that_knows_no_key_of_the_phone_gets_what_is_only_in_escrow_copies_too(world):
    """Nothing is pushed before them, and on an unknown device's word nothing is answered."""
    world.phone.round()
    saved = world.note("bare i kopi")
    outbox.seal_off(world.phone.store, saved.seq, "damaged")
    world.server.devices.clear()

    first, second = world.phone.round(), world.phone.round()

    assert (first.stopped, first.enrolled_anew) == ("signature", True)
    assert b"bare i kopi" in world.server.escrow[saved.id]
    assert second.unsent == 0


def test_copies_that_a_restored_server_has_lost_are_brought_again_in_the_same_round(world):
    world.phone.round()
    copies_only = []
    for text in ("en", "to", "flere"):
        copies_only.append(world.note(f"bare kopi {text}"))
        world.note(f"hel {text}")
        outbox.seal_off(world.phone.store, copies_only[-1].seq, "damaged")
    # They were handed over, to a server whose disk was lost since.
    outbox.escrowed(world.phone.store, [one.seq for one in copies_only])

    report = world.phone.round()

    assert (report.unsent, report.stuck) == (0, None)
    assert set(world.server.escrow) == {one.id for one in copies_only}
    assert sorted(world.texts()) == ["hel en", "hel flere", "hel to"]


def test_what_was_damaged_on_its_way_is_sent_again_soon(world):
    world.server.twists.append(lambda _: problem(400, "content-digest"))

    report = world.phone.round()

    assert report.stopped == "content-digest"
    assert report.wait < 60


def test_a_signature_that_is_refused_to_a_phone_that_nobody_is_signed_in_on_keeps_everything(world):
    world.phone.round()
    saved = world.note("bare i kopi")
    outbox.seal_off(world.phone.store, saved.seq, "damaged")
    world.server.devices.clear()
    world.server.always = once_signed_out

    report = world.phone.round()

    assert (report.stopped, report.enrolled_anew, report.unsent) == ("signature", False, 1)
    assert report.wait > 0


def once_signed_out(asked):
    """The answer to whatever asks for somebody who is signed in."""
    open_to_devices = asked.path.endswith(("/escrow", "/wipe-receipt"))
    return None if open_to_devices else problem(401, "not-signed-in")


def test_a_device_that_the_server_does_not_know_is_not_enrolled_for_another_nurse(world):
    world.note("en")
    world.server.account = UUID(int=0xB)
    world.server.devices.clear()

    report = world.phone.round()

    assert (report.stopped, report.enrolled_anew, report.unsent) == ("wrong-device", False, 1)
    assert world.texts() == []


def test_a_cloned_installation_enrols_anew_and_keeps_the_ids_of_what_it_wrote(world):
    saved = world.note("vår")
    device = next(iter(world.server.devices.values()))
    theirs = Result(seq=1, id=UUID(int=9), status=Verdict.APPLIED)
    device.taken[1], device.last_seq = (b"theirs", theirs), 1

    report = world.phone.round()

    assert (report.enrolled_anew, report.alarms) == (True, ["seq-reuse"])
    assert [(one.seq, one.id) for one in report.verdicts] == [(1, saved.id)]
    assert world.texts() == ["vår"]
    assert len(world.server.devices) == 2


@pytest.mark.parametrize("sign", ["epoch", "ahead"])
def test_a_restored_server_to_which_a_copy_came_first_is_told_what_it_has_lost(world, sign):
    saved = world.note("vår")
    world.phone.round()
    device = next(iter(world.server.devices.values()))
    theirs = Result(seq=1, id=UUID(int=9), status=Verdict.APPLIED)
    device.taken[1] = (b"theirs", theirs)
    world.server.known.clear()
    if sign == "epoch":
        world.server.epoch = UUID(int=0xE2)
    else:
        world.server.families[FAMILY] = Family()
        world.server.families[FAMILY].write("member", UUID(int=1), {"name": "Kari Prøve"})

    report = world.phone.round()

    assert (report.enrolled_anew, report.unsent) == (True, 0)
    assert saved.id in world.server.known


def test_another_epoch_in_which_nothing_was_lost_rings_no_alarm(world):
    world.note("en")
    world.phone.round()
    world.server.epoch = UUID(int=0xE2)

    first, second = world.phone.round(), world.phone.round()

    assert (first.brought_back, first.unsent, first.alarms) == (1, 0, [])
    assert second.brought_back == 0
    assert world.texts() == ["en"]


def test_seqs_that_the_phone_has_lost_are_said_to_be_lost_and_stop_nothing(world):
    world.note("tapt")
    world.note("kommer fram")
    with world.phone.store.durable(Step.VERDICTS) as cx:
        cx.execute("DELETE FROM outbox WHERE seq = 1")

    report = world.phone.round()

    assert world.texts() == ["kommer fram"]
    assert [one.seq for one in report.verdicts] == [1, 2]
    assert report.alarms == ["lost-on-phone 1"]


def test_a_client_that_is_too_old_to_pull_still_pushes(world):
    world.note("en")
    world.server.twists.append(once("/pull", problem(426, "client-too-old")))

    report = world.phone.round()

    assert (report.upgrade, report.stopped) == (True, None)
    assert world.texts() == ["en"]


def test_an_answer_of_a_kind_that_this_client_does_not_know_keeps_everything_and_waits(world):
    world.note()
    world.server.twists.append(once("/push", problem(418, "new-in-2031")))

    report = world.phone.round()

    assert (report.stuck, report.unsent) == ("new-in-2031", 1)


def test_a_locked_phone_hands_its_escrow_copies_over_and_is_closed(world):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).stopped = "lock"
    world.server.twists.append(once("/push", problem(403, "device-locked")))

    report = world.phone.round()

    assert (report.stopped, report.escrowed, report.unsent) == ("device-locked", 1, 1)
    assert b"usendt" in world.server.escrow[saved.id]
    assert outbox.standing_of(world.phone.store).state is State.LOCKED
    assert world.phone.store.cipher is None
    assert world.note("tas imot likevel").seq == 2


def test_a_phone_that_is_unlocked_again_opens_and_goes_on(world):
    world.phone.round()
    device = next(iter(world.server.devices.values()))
    device.stopped = "lock"
    world.server.twists.append(once("/pull", problem(403, "device-locked")))
    world.phone.round()
    world.note("mens den var låst")
    device.stopped = None

    world.phone.round()

    assert world.phone.family(FAMILY).rev == world.server.families[FAMILY].rev
    assert [one.status for one in world.server.known.values()] == [Verdict.HELD]


def test_a_wiped_phone_hands_over_what_is_unsent_and_leaves_no_file(world):
    world.phone.round()
    saved = world.note("usendt")
    world.server.twists.append(once("/push", problem(403, "device-wipe")))

    report = world.phone.round()

    assert report.erased
    assert b"usendt" in world.server.escrow[saved.id]
    assert list(world.folder.iterdir()) == []


def test_a_wipe_keeps_the_escrow_copies_until_they_are_handed_over(world):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).stopped = "wipe"
    world.server.twists.append(once("/push", problem(403, "device-wipe")))
    world.server.twists.append(once("/escrow", Got(502, b"", {})))

    first = world.phone.round()
    left = world.phone.store.read("SELECT count(*) FROM row")
    world.time.passes(timedelta(hours=1))
    second = world.phone.round()

    assert (first.erased, left, second.erased) == (False, [(0,)], True)
    assert b"usendt" in world.server.escrow[saved.id]


@pytest.mark.parametrize(("told", "state"), [("lock", State.LOCKED), ("wipe", None)])
def test_a_phone_on_which_nobody_is_signed_in_still_hears_that_it_is_to_close(world, told, state):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).stopped = told
    world.server.twists.append(once("/push", problem(401, "not-signed-in")))

    world.phone.round()

    assert b"usendt" in world.server.escrow[saved.id]
    assert (world.store.standing and world.store.standing.state) == state


@pytest.mark.parametrize("why", ["device-locked", "device-wipe"])
def test_a_stopped_phone_hands_over_what_was_named_too_since_the_server_may_be_restored(world, why):
    saved = world.note("navngitt, og tapt med serverens disk")
    world.phone.round()
    world.note("usendt")
    world.server.twists.append(once("/push", problem(403, why)))

    report = world.phone.round()

    assert report.escrowed == 2
    assert b"tapt med serverens disk" in world.server.escrow[saved.id]


def test_a_stopped_phone_does_not_hand_over_what_a_verified_backup_has(world):
    world.note("trygt")
    world.phone.round()
    next(iter(world.server.devices.values())).durable_seq = 1
    world.phone.round()
    world.server.twists.append(once("/pull", problem(403, "device-locked")))

    assert world.phone.round().escrowed == 0


def test_a_locked_phone_hands_over_again_after_each_start(world):
    world.phone.round()
    saved = world.note("usendt")
    next(iter(world.server.devices.values())).stopped = "lock"
    world.server.twists.append(once("/push", problem(403, "device-locked")))
    world.phone.round()
    world.server.escrow.clear()  # a restored server has lost it

    second = world.phone.round()
    world.crash()
    world.phone.round()

    assert second.escrowed == 0
    assert b"usendt" in world.server.escrow[saved.id]


def test_a_wiped_phone_keeps_the_sealed_copies_until_the_server_has_said_that_it_has_them(world):
    world.phone.round()
    device_id = next(iter(world.server.devices))
    world.server.twists.append(once("/push", problem(403, "device-wipe")))
    world.server.twists.append(once("/wipe-receipt", Got(502, b"", {})))
    world.note("usendt")

    first = world.phone.round()
    left = world.store.read("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM row)")
    world.server.devices[device_id].stopped = "wipe"
    world.time.passes(timedelta(hours=1))
    second = world.phone.round()

    assert (first.erased, left, second.erased) == (False, [(1, 0)], True)
    assert world.server.wiped == [device_id]


@pytest.mark.parametrize("code", ["escrow-incomplete", "device-state"])
def test_a_wipe_deletes_nothing_that_a_server_has_lost_that_was_restored_meanwhile(
    world, monkeypatch, code
):
    monkeypatch.setattr(limits, "ESCROWED", 1)
    world.phone.round()
    saved = [world.note("en"), world.note("to")]
    device = next(iter(world.server.devices.values()))
    device.stopped = "wipe"
    world.server.twists.append(once("/push", problem(403, "device-wipe")))

    def restored(asked):
        if len(world.server.escrow) < 1 or not asked.path.endswith("/escrow"):
            return None
        world.server.escrow.clear()
        if code == "device-state":  # it has lost as well that the phone is to be wiped
            world.server.twists.append(once("/wipe-receipt", problem(409, code)))
        return world.server.answer(asked)

    world.server.twists.append(restored)
    first = world.phone.round()
    world.time.passes(timedelta(hours=1))
    second = world.phone.round()

    assert (first.erased, second.erased) == (False, True)
    assert world.server.escrow.keys() == {one.id for one in saved}


def damage(world, table):
    """A byte of each body in *table* is another one."""
    column = "raw" if table == "outbox" else "body"
    with world.store.durable(Step.CHANGED) as cx:
        for row, body in cx.execute(f"SELECT rowid, {column} FROM {table}").fetchall():  # noqa: S608
            spoilt = body[:-1] + bytes([body[-1] ^ 1])
            cx.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (spoilt, row))  # noqa: S608


def test_a_row_of_the_outbox_that_is_damaged_goes_to_escrow_and_stops_no_other(world):
    saved = world.note("skadet")
    damage(world, "outbox")
    world.note("hel")

    report = world.phone.round()

    assert report.alarms == [f"damaged {saved.seq}"]
    assert (world.texts(), report.unsent) == (["hel"], 0)
    assert b"skadet" in world.server.escrow[saved.id]


def test_a_row_of_a_family_that_is_damaged_is_told_and_fetched_anew(world):
    world.phone.round()
    damage(world, "row")
    with pytest.raises(CannotOpen):
        world.phone.family(FAMILY)

    world.phone.round()

    assert world.phone.family(FAMILY).of_kind("member")[0].body["name"] == "Kari Prøve"


def test_a_damaged_outbox_is_carried_over_by_its_escrow_copies_when_the_key_changes(world):
    world.phone.round()
    saved = world.note("skadet")
    damage(world, "outbox")
    next(iter(world.server.devices.values())).share = b"n" * 32
    world.time.passes(timedelta(hours=50))

    assert world.phone.round().unsent == 0
    assert b"skadet" in world.server.escrow[saved.id]


def test_an_escrow_copy_that_the_server_has_in_another_form_counts_as_handed_over(world):
    world.phone.round()
    world.note("usendt")
    next(iter(world.server.devices.values())).stopped = "lock"
    world.server.twists.append(once("/push", problem(403, "device-locked")))
    world.server.always = lambda asked: (
        problem(409, "escrow-reuse") if asked.path.endswith("/escrow") else None
    )

    report = world.phone.round()

    assert report.escrowed == 1


@pytest.mark.parametrize("code", ["device-taken", "public-key-taken"])
def test_an_enrolment_whose_id_or_key_is_taken_is_begun_with_others(world, code):
    world.server.twists.append(once("/devices", problem(409, code)))
    with pytest.raises(Refused):
        world.phone.enrol()
    first = [told for name, told in world.server.asked if name == "devices"]

    world.phone.enrol()

    told = [told["device_id"] for name, told in world.server.asked if name == "devices"]
    assert told[: len(first)] == [one["device_id"] for one in first]
    assert len(set(told)) == len(told)
    keys = [told["public_key"] for name, told in world.server.asked if name == "devices"]
    assert len(set(keys)) == len(keys)


def test_too_much_is_refused_before_it_is_kept(world):
    with pytest.raises(CannotKeep):
        world.note("x" * 300_000)
    with pytest.raises(CannotKeep):
        world.phone.save("note.write", FAMILY, [{"op": "note.write"}] * 41)

    assert outbox.unsent(world.phone.store) == []


def test_an_answer_that_names_nothing_is_not_asked_for_again_and_again(world):
    world.note()
    told = {"epoch": world.server.epoch, "server_time": world.time.wall}
    world.server.twists.append(once("/push", ok({**told, "last_seq": 0, "durable_seq": 0})))

    report = world.phone.round()

    assert (report.stuck, world.server.paths().count("push")) == ("no-verdict", 0)
