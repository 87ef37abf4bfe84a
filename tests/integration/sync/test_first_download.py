"""A first download comes family by family, the one that is visited soonest first, and resumes."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from nyefamilier.families.intents import AssignNurse
from nyefamilier.journal.intents import WriteNote
from nyefamilier.sync import keeping_up
from nyefamilier.visits.intents import BookVisit
from nyefamilier.wire import limits
from tests.builders import send
from tests.cities import settle
from tests.integration.sync.test_pulling import holdings
from tests.replica import Replica


@pytest.fixture
def phone(city) -> Replica:
    return Replica(city.programme, city.ours).enrol()


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 2,000 bytes, so that a test need not write a thousand notes."""
    monkeypatch.setattr("nyefamilier.sync.snapshots.PART_BYTES", 2_000)
    monkeypatch.setattr(limits, "PART_BYTES", 2_000)


def write_notes(city, home, how_many: int) -> None:
    notes = [WriteNote(uuid4(), home.mother, f"{n} " + "ord " * 150) for n in range(how_many)]
    send(city.programme, city.ours, home.id, *notes)


def visited_in(city, days: int):
    home = settle(city)
    when = city.clock.now + timedelta(days=days)
    send(city.programme, city.ours, home.id, BookVisit(uuid4(), when, 60))
    return home.id


def test_the_family_that_is_visited_soonest_comes_first(city, phone):
    last, first, second = (visited_in(city, days) for days in (9, 1, 4))
    phone.max_bytes = 1

    (answer,) = phone.pull()

    assert [one.family for one in answer.snapshots] == [first, second, last]


def test_a_download_in_small_answers_takes_each_family_once(city, phone, small_parts):
    homes = [settle(city) for _ in range(4)]
    phone.max_bytes = 1

    answers = phone.pull()

    assert len(answers) > 2
    assert all(one.more for one in answers[:-1])
    assert [len(one.snapshots) for one in answers].count(0) == 0
    told = [part.family for one in answers for part in one.snapshots if part.part == part.parts]
    assert sorted(told) == sorted(home.id for home in homes)


def test_a_download_reads_hardly_more_families_than_it_sends(city, phone, small_parts, monkeypatch):
    for _ in range(24):
        settle(city)
    ordinary, asked = keeping_up.news, []

    def news(connection, since):
        asked.append(len(since))
        return ordinary(connection, since)

    monkeypatch.setattr(keeping_up, "news", news)
    phone.max_bytes = 30_000

    answers = phone.pull()

    assert len(answers) > 2
    assert 24 <= sum(asked) < 36


def test_only_the_first_request_of_a_download_tells_the_vector(city, phone, small_parts):
    for _ in range(3):
        settle(city)
    phone.max_bytes = 1

    assert len([one for one in phone.pull() if one.ask]) == 0


def test_a_large_family_comes_in_parts_that_go_on_where_they_stopped(
    city, home, phone, small_parts
):
    write_notes(city, home, 20)
    phone.max_bytes = 2_500

    answers = phone.pull()

    parts = [part.part for one in answers for part in one.snapshots]
    assert parts == list(range(1, len(parts) + 1))
    assert len(parts) > 5
    assert len(phone.families[home.id].of_kind("note")) == 20


def test_a_phone_with_a_part_of_a_family_is_in_the_ledger(city, home, phone, small_parts):
    write_notes(city, home, 20)
    phone.max_bytes = 1

    phone.take(phone.ask())
    held = holdings(city, phone)[home.id]
    send(city.programme, city.ours, home.id, AssignNurse(uuid4(), city.colleague.id))
    answer = phone.ask()

    assert (held.sent_rev, held.gone_at) == (0, None)
    assert [one.family for one in answer.drop] == [home.id]
    assert not answer.snapshots


def test_a_family_that_changes_between_its_parts_begins_anew(city, home, phone, small_parts):
    write_notes(city, home, 20)
    phone.max_bytes = 1
    phone.take(phone.ask())
    write_notes(city, home, 1)

    answer = phone.ask()
    assert [part.part for part in answer.snapshots] == [1]
    phone.take(answer)
    phone.pull()

    assert len(phone.families[home.id].of_kind("note")) == 21


def test_a_phone_that_claims_more_parts_than_there_are_gets_the_family_anew(city, home, phone):
    answer = phone.ask(have={}, partial={home.id: {"at": 1, "parts": 99}})

    assert [(part.part, part.parts) for part in answer.snapshots] == [(1, 1)]


def test_a_change_that_does_not_fit_waits_for_the_next_answer(city, phone, small_parts):
    homes = [settle(city) for _ in range(3)]
    phone.pull()
    for home in homes:
        write_notes(city, home, 2)
    phone.max_bytes = 1

    answers = phone.pull()

    assert [len(one.changes) for one in answers] == [1, 1, 1]
    assert [one.more for one in answers] == [True, True, False]
    assert {one.rev for one in phone.families.values()} == {2}


def test_what_waits_for_the_next_answer_is_told_from_where_the_phone_is(city, phone, small_parts):
    homes = [settle(city) for _ in range(3)]
    phone.pull()
    for home in homes:
        write_notes(city, home, 2)
    phone.ask(have_hash=phone.hash)  # this answer is lost: the ledger is ahead of the phone
    phone.max_bytes = 1

    answers = phone.pull()

    assert [one.from_ for answer in answers for one in answer.changes] == [1, 1, 1]
    assert {one.rev for one in phone.families.values()} == {2}


def test_what_the_phone_has_lost_comes_whole_though_it_waits_for_the_next_answer(
    city, phone, small_parts
):
    homes = [settle(city) for _ in range(3)]
    phone.pull()
    for home in homes:
        write_notes(city, home, 2)
    phone.families.clear()
    phone.max_bytes = 1

    answers = phone.pull()

    assert not any(one.changes for one in answers)
    assert {one.rev for one in phone.families.values()} == {2}


def test_one_changed_visit_costs_little(city, home, phone):
    phone.pull()
    when = city.clock.now + timedelta(days=3)
    send(city.programme, city.ours, home.id, BookVisit(uuid4(), when, 60))

    told = msgspec.json.encode(phone.ask(have_hash=phone.hash))

    assert len(told) < 3_000
