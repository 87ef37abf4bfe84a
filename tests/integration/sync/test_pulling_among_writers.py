"""Nothing that others do at the same time makes a phone miss a row, or wait."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families.history import differing
from nyefamilier.families.intents import AssignNurse, MoveFamily
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.errors import DeviceStopped
from nyefamilier.kernel.ids import MutationId
from nyefamilier.sync import pulling
from tests.builders import TEISEN, address, send
from tests.cities import settle
from tests.replica import Replica


@pytest.fixture
def phone(real_city) -> Replica:
    return Replica(real_city.programme, real_city.ours).enrol()


def note(home) -> WriteNote:
    return WriteNote(uuid4(), home.mother, "Det gikk fint.")


def notes_on(phone, home) -> int:
    return len(phone.families[home.id].of_kind("note"))


def test_a_transaction_held_open_makes_no_phone_miss_a_row_and_holds_up_no_family(real_city, phone):
    city = real_city
    slow, quick = settle(city), settle(city)
    phone.pull()
    mutation = Mutation(MutationId(uuid4()), slow.id, (note(slow),))
    with city.programme.work(city.ours, "test") as held:
        apply(held, mutation)
        held.session.flush()
        for pulled in range(1, 101):
            send(city.programme, city.ours, quick.id, note(quick))
            phone.pull()
            assert notes_on(phone, quick) == pulled
            assert notes_on(phone, slow) == 0

    phone.pull()

    assert notes_on(phone, slow) == 1
    assert not phone.ask(have=phone.have(rows=True)).reset


def test_a_phone_that_pulls_among_many_writers_gets_every_row(real_city, phone):
    city = real_city
    homes = [settle(city) for _ in range(3)]

    def write(home) -> None:
        for _ in range(15):
            send(city.programme, city.ours, home.id, note(home))

    writers = [Thread(target=write, args=(home,)) for home in homes for _ in range(2)]
    for one in writers:
        one.start()
    while any(one.is_alive() for one in writers):
        phone.pull()
    phone.pull()

    assert [notes_on(phone, home) for home in homes] == [30, 30, 30]
    assert not phone.ask(have=phone.have(rows=True)).reset
    with city.programme.sessions() as session:
        assert list(differing(session, [home.id for home in homes])) == []


def test_two_pulls_of_one_phone_at_once_are_both_answered(real_city, phone):
    city = real_city
    for _ in range(3):
        settle(city)
    together = Barrier(2, timeout=60)

    def ask():
        together.wait()
        return phone.ask(have={})

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(ask), pool.submit(ask)

    assert len(one.result().snapshots) == len(other.result().snapshots) == 3


def test_a_pull_that_met_another_write_of_the_phones_is_done_again(real_city, phone, monkeypatch):
    city = real_city
    settle(city)
    ordinary, times = pulling.Round.fill, []

    def fill(done, answer):
        times.append(1)
        if len(times) == 1:
            with city.programme.sessions.begin() as session:
                session.execute(text("UPDATE device SET last_seq = last_seq + 1"))
        ordinary(done, answer)

    monkeypatch.setattr(pulling.Round, "fill", fill)
    answer = phone.ask(have={})

    assert len(times) == 2
    assert (answer.last_seq, len(answer.snapshots)) == (1, 1)


def test_a_phone_that_is_stopped_while_it_pulls_gets_nothing(real_city, phone, monkeypatch):
    city = real_city
    settle(city)
    ordinary = pulling.Round.fill

    def fill(done, answer):
        ordinary(done, answer)
        with city.programme.sessions.begin() as session:
            session.execute(text("UPDATE device SET state = 'wipe'"))

    monkeypatch.setattr(pulling.Round, "fill", fill)

    with pytest.raises(DeviceStopped):
        phone.ask(have={})


def test_a_family_that_moves_leaves_the_old_phone_and_is_on_the_new_one_at_once(real_city, phone):
    city = real_city
    home, stays = settle(city), settle(city)
    send(city.programme, city.ours, home.id, note(home))
    phone.pull()
    new = Replica(city.programme, city.theirs).enrol()
    new.pull()
    assert new.families == {}

    moves = MoveFamily(
        move_id=uuid4(),
        address=address(TEISEN),
        to_nurse=city.theirs.id,
        team_id=uuid4(),
        summary="Trygg familie.",
    )
    send(city.programme, city.ours, home.id, moves)
    city.clock.forward(minutes=10)

    new.pull()
    assert notes_on(new, home) == 1
    (answer,) = phone.pull(receipts=False)
    assert [one.family for one in answer.drop] == [home.id]
    assert [*answer.changes, *answer.snapshots] == []
    phone.purge()
    assert phone.families.keys() == {stays.id}
    (later,) = phone.pull()
    assert not later.drop


@contextmanager
def statements(engine) -> Generator[list[str], None, None]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_: object) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_an_idle_pull_is_one_statement_that_reads(real_city, phone):
    city = real_city
    for _ in range(3):
        settle(city)
    phone.pull()
    phone.pull()

    with statements(city.programme.engine) as asked:
        phone.ask(have_hash=phone.hash)

    assert asked == ["SELECT"]


def test_how_much_is_asked_does_not_depend_on_how_much_has_changed(real_city, phone):
    city = real_city
    homes = [settle(city) for _ in range(3)]
    phone.pull()
    counts = []
    for changed in (homes[:1], homes):
        for home in changed:
            send(city.programme, city.ours, home.id, note(home), note(home))
        with statements(city.programme.engine) as asked:
            phone.pull()
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_family_that_comes_back_after_days_is_whole_again(real_city, phone):
    city = real_city
    home = settle(city)
    phone.pull()
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    phone.pull()
    city.clock.forward(days=3)
    send(city.programme, city.colleague, home.id, note(home))
    send(city.programme, city.colleague, home.id, AssignNurse(uuid4(), city.ours.id))
    city.clock.forward(hours=1)

    phone.pull()

    assert notes_on(phone, home) == 1
