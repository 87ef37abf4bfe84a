"""A phone is told exactly what it may have and does not have, and gives up what it may not."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select, text

from nyefamilier.access.rules import Ground
from nyefamilier.access.tables import AccessRow
from nyefamilier.families.intents import AssignNurse, CoverNurse, SetAddress
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.kernel.errors import DeviceStopped, Malformed, TooLarge, UnknownDevice
from nyefamilier.sync.tables import DeviceRow, HoldingRow
from nyefamilier.visits.intents import BookVisit
from nyefamilier.wire.messages import Held
from nyefamilier.wire.texts import as_text
from nyefamilier.wire.verdicts import DropReason, ResetReason
from tests.builders import protected, send
from tests.cities import settle
from tests.replica import Replica


@pytest.fixture
def phone(city) -> Replica:
    return Replica(city.programme, city.ours).enrol()


def write_note(city, home, words: str = "Det gikk fint.", actor=None) -> None:
    note = WriteNote(uuid4(), home.mother, words)
    send(city.programme, actor or city.ours, home.id, note)


def served(city, home) -> list[tuple[str, str, str]]:
    with city.programme.sessions() as session:
        rows = session.scalars(
            select(AccessRow).where(AccessRow.family_id == home.id, AccessRow.object == "sync")
        )
        return [(row.action, row.ground, row.doorway) for row in rows]


def holdings(city, phone) -> dict:
    with city.programme.sessions() as session:
        rows = session.scalars(select(HoldingRow).where(HoldingRow.device_id == phone.id))
        return {row.family_id: row for row in rows}


def told_of_families(answer) -> list:
    return [*answer.changes, *answer.snapshots, *answer.reset]


def says_nothing(answer) -> bool:
    return not (told_of_families(answer) or answer.drop or answer.more)


def run(city, statement: str, **named: object) -> None:
    with city.programme.sessions.begin() as session:
        session.execute(text(statement), named)


def test_a_new_phone_gets_every_family_whole(city, home, phone):
    other = settle(city)
    write_note(city, home)

    (answer,) = phone.pull()

    assert phone.families.keys() == phone.scope == {home.id, other.id}
    assert {one.family for one in answer.snapshots} == {home.id, other.id}
    (note,) = phone.families[home.id].of_kind("note")
    assert (note["text"], note["member_id"]) == ("Det gikk fint.", str(home.mother))


def test_each_family_that_is_served_is_in_the_ledger_and_in_the_access_log(city, home, phone):
    phone.pull()

    held = holdings(city, phone)[home.id]
    assert (held.sent_rev, held.acked_rev, held.gone_at) == (1, None, None)
    assert served(city, home) == [("read", Ground.PRIMARY, "test")]


def test_nothing_new_is_answered_shortly_and_writes_nothing(city, home, phone):
    phone.pull()
    phone.pull()
    city.clock.forward(seconds=30)
    before = holdings(city, phone)[home.id].acked_rev

    request = phone.request(have_hash=phone.hash)
    answer = phone.ask(have_hash=phone.hash)

    assert before == 1
    assert answer.scope is None
    assert says_nothing(answer)
    assert len(msgspec.json.encode(request)) < 300
    assert len(msgspec.json.encode(answer)) < 300
    assert len(served(city, home)) == 1


def test_a_change_is_told_with_its_links_and_without_asking_for_the_vector(city, home, phone):
    phone.pull()
    write_note(city, home, "En.")
    write_note(city, home, "To.")

    (answer,) = phone.pull()

    (change,) = answer.changes
    assert (change.from_, change.to, len(change.links)) == (1, 3, 2)
    assert {item.kind for item in change.items} == {"note"}
    assert {note["text"] for note in phone.families[home.id].of_kind("note")} == {"En.", "To."}


def test_a_lost_answer_is_asked_for_again_by_the_vector(city, home, phone):
    phone.pull()
    write_note(city, home)
    phone.ask(have_hash=phone.hash)

    answer = phone.ask(have_hash=phone.hash)
    assert answer.ask == "have"
    assert answer.scope is None
    assert says_nothing(answer)
    phone.pull()

    assert phone.families[home.id].rev == 2


def test_a_row_that_was_written_again_replaces_what_the_phone_has(city, home, phone):
    note = uuid4()
    send(city.programme, city.ours, home.id, WriteNote(note, home.mother, "En."))
    phone.pull()
    send(city.programme, city.ours, home.id, CorrectNote(uuid4(), note, "To."))
    when = city.clock.now + timedelta(days=2)
    send(city.programme, city.ours, home.id, BookVisit(uuid4(), when, 60))
    phone.pull()

    assert phone.families[home.id].rev == 4
    assert len(phone.families[home.id].of_kind("note")) == 2


def test_a_phone_with_another_history_gets_the_family_anew(city, home, phone):
    phone.pull()
    phone.families[home.id].chain = b"x" * 32

    answer = phone.ask()
    phone.take(answer)

    assert [one.why for one in answer.reset] == [ResetReason.DIVERGED]
    assert phone.families[home.id].chain != b"x" * 32


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (Held(rev=99, chain=as_text(b"x" * 32)), ResetReason.AHEAD),
        (Held(rev=1, chain=as_text(b"x" * 32)), ResetReason.DIVERGED),
        (Held(rev=2, chain="not base64!"), ResetReason.DIVERGED),
        (Held(rev=0, chain=""), ResetReason.DIVERGED),
        (Held(rev=2**53 - 1, chain=""), ResetReason.AHEAD),
    ],
)
def test_what_a_phone_says_that_cannot_be_is_answered_by_the_family_anew(
    city, home, phone, held, why
):
    write_note(city, home)
    write_note(city, home)

    answer = phone.ask(have={home.id: held})

    assert [(one.family, one.why) for one in answer.reset] == [(home.id, why)]
    phone.take(answer)
    assert phone.families[home.id].rev == 3


def test_a_restored_server_tells_phones_that_are_ahead_to_begin_anew(city, home, phone):
    with city.programme.sessions.kw["bind"].begin_nested() as backup:
        write_note(city, home)
        phone.pull()
        backup.rollback()

    answer = phone.ask(have_hash=phone.hash)
    assert answer.ask == "have"
    answer = phone.ask()
    phone.take(answer)

    assert [one.why for one in answer.reset] == [ResetReason.AHEAD]
    assert phone.families[home.id].rev == 1


def test_a_phone_that_lost_a_row_gets_the_family_anew(city, home, phone):
    phone.pull()
    phone.families[home.id].rows.popitem()
    assert not phone.ask().reset

    answer = phone.ask(have=phone.have(rows=True))
    phone.take(answer)

    assert [one.why for one in answer.reset] == [ResetReason.ROWS_DIFFER]
    assert not phone.ask(have=phone.have(rows=True)).reset


def test_a_phone_that_is_far_behind_gets_the_family_anew(city, home, phone, monkeypatch):
    monkeypatch.setattr("nyefamilier.sync.comparing.FURTHEST", 2)
    phone.pull()
    for words in ("En.", "To.", "Fire."):
        write_note(city, home, words)

    (answer,) = phone.pull()

    assert [one.why for one in answer.reset] == [ResetReason.TOO_FAR]
    assert phone.families[home.id].rev == 4


def test_a_covering_nurse_has_the_family_till_the_cover_ends(city, home):
    phone = Replica(city.programme, city.colleague).enrol()
    until = city.clock.today + timedelta(days=3)
    send(city.programme, city.ours, home.id, CoverNurse(uuid4(), city.colleague.id, until))

    phone.pull()
    assert phone.families.keys() == {home.id}
    assert served(city, home) == [("read", Ground.COVERING, "test")]

    city.clock.forward(days=4)
    (answer,) = phone.pull()
    assert [one.reason for one in answer.drop] == [DropReason.NOT_HERS]
    assert not phone.families


def test_a_family_whose_address_becomes_protected_leaves_every_phone(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, SetAddress(protected()))

    (answer,) = phone.pull()

    assert [one.reason for one in answer.drop] == [DropReason.PROTECTED]
    assert phone.families.keys() == phone.scope == set()


def test_a_family_whose_child_is_big_has_ended(city, home, phone):
    phone.pull()
    long_ago = city.clock.today - timedelta(days=900)
    run(city, "UPDATE pregnancy SET ended_on = :day", day=long_ago)

    (answer,) = phone.pull()

    assert [one.reason for one in answer.drop] == [DropReason.ENDED]


def test_a_drop_is_told_until_the_receipt_comes(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))

    (first,) = phone.pull(receipts=False)
    del phone.families[home.id]
    (again,) = phone.pull(receipts=False)
    assert [one.purge_id for one in again.drop] == [one.purge_id for one in first.drop]
    assert holdings(city, phone)[home.id].gone_at is None

    city.clock.forward(minutes=5)
    phone.purge()
    assert holdings(city, phone)[home.id].gone_at == city.clock.now
    assert holdings(city, phone)[home.id].gone_how == "receipt"
    (after,) = phone.pull()
    assert not after.drop


def test_each_step_of_a_copy_is_in_the_access_log(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    for _ in range(2):
        phone.pull(receipts=False)
    phone.purge()

    with city.programme.sessions() as session:
        steps = select(AccessRow.action, AccessRow.object).where(AccessRow.family_id == home.id)
        told = [tuple(row) for row in session.execute(steps.order_by(AccessRow.id))]
    assert told[-4:] == [
        ("read", "sync"),
        ("assign", "AssignNurse"),
        ("purge", "copy-asked-back"),
        ("purge", "copy-deleted"),
    ]


def test_what_was_sent_is_dropped_though_the_phone_does_not_say_that_it_has_it(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))

    answer = phone.ask(have={})

    assert [one.family for one in answer.drop] == [home.id]


def test_a_family_that_comes_back_is_not_given_up_by_an_old_receipt(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    (first,) = phone.pull()
    send(city.programme, city.colleague, home.id, AssignNurse(uuid4(), city.ours.id))
    city.clock.forward(minutes=5)
    phone.pull()
    assert phone.families.keys() == {home.id}
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    (second,) = phone.pull(receipts=False)

    phone.to_delete = {one.family: one for one in first.drop}
    phone.purge()

    assert first.drop[0].purge_id != second.drop[0].purge_id
    assert holdings(city, phone)[home.id].gone_at is None


def test_nothing_is_told_of_families_that_the_nurse_does_not_follow(city, home):
    stranger = Replica(city.programme, city.theirs).enrol()
    nobodys = uuid4()
    have = {id_: Held(rev=1, chain=as_text(b"x" * 32)) for id_ in (home.id, nobodys)}

    first, again = (stranger.ask(have=have) for _ in range(2))

    assert first.scope.families == []
    assert {one.family: one.reason for one in first.drop} == dict.fromkeys(
        (home.id, nobodys), DropReason.NOT_HERS
    )
    assert first.drop == again.drop
    assert told_of_families(first) == []
    # What it says that it has of a family that is there, somebody must look into.
    assert holdings(city, stranger).keys() == {home.id}


def test_a_phone_that_is_not_the_nurses_gets_nothing(city, home, phone):
    thief = Replica(city.programme, city.theirs, id=phone.id)

    for one in (thief, Replica(city.programme, city.ours)):
        with pytest.raises(UnknownDevice):
            one.ask()


@pytest.mark.parametrize("state", ["locked", "wipe", "wiped", "retired"])
def test_a_phone_that_was_stopped_gets_no_byte_of_a_family(city, home, phone, state):
    phone.pull()
    write_note(city, home)
    run(city, "UPDATE device SET state = :state", state=state)

    for told in ({"have": {}}, {"have_hash": phone.hash}, {"have": phone.have()}):
        with pytest.raises(DeviceStopped):
            phone.ask(**told)
    assert len(served(city, home)) == 1


def test_a_stopped_phone_can_still_say_that_a_copy_is_gone(city, home, phone):
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    phone.pull(receipts=False)
    run(city, "UPDATE device SET state = 'wipe'")

    phone.purge()

    assert holdings(city, phone)[home.id].gone_at is not None


def test_a_request_that_says_nothing_of_what_it_has_is_refused(phone):
    with pytest.raises(Malformed) as refused:
        phone.ask(have=None, have_hash=None)
    assert refused.value.code == "have-missing"


def test_more_families_than_a_phone_can_have_are_refused(phone):
    have = {uuid4(): Held(rev=1, chain="") for _ in range(501)}
    with pytest.raises(TooLarge):
        phone.ask(have=have)


def test_a_family_that_does_not_open_holds_up_no_other(city, home, phone):
    other = settle(city)
    damage = "UPDATE member SET sealed = sealed || 'x'::bytea WHERE family_id = :family"
    run(city, damage, family=other.id)

    (answer,) = phone.pull()

    assert answer.unreadable == [other.id]
    assert phone.families.keys() == {home.id}
    assert other.id not in holdings(city, phone)
    assert served(city, other) == []


def test_a_family_from_before_chains_were_kept_is_told_like_any_other(city, home, phone):
    write_note(city, home)
    run(city, "UPDATE mutation SET link = NULL, chain = NULL")
    run(city, "UPDATE family SET chain = NULL, checksum = NULL")

    phone.pull()
    write_note(city, home)
    phone.pull()

    assert phone.families[home.id].rev == 3


def test_the_acknowledged_sequence_and_the_contact_are_written_down(city, home, phone):
    run(city, "UPDATE device SET last_seq = 5")
    phone.pull()
    city.clock.forward(minutes=3)
    phone.ask(have_hash=phone.hash, acked_seq=4)
    phone.ask(have_hash=phone.hash, acked_seq=900)

    with city.programme.sessions() as session:
        row = session.get_one(DeviceRow, phone.id)
    assert (row.acked_seq, row.last_seen_at) == (5, city.clock.now)
