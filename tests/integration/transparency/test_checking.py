"""What the database's owner changes is found: each row, a cut tail, a log that is written anew."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text

from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import UserId, new_id
from nyefamilier.transparency.checking import check
from tests.transparency import MANY, as_owner, checked, flaws, one, reads, seal

MANY_ENTRIES = 10_000
EDITS = {
    "at": "at + interval '1 microsecond'",
    "actor_id": "gen_random_uuid()",
    "role": "'lead'",
    "unit": "NULL",
    "action": "'write'",
    "family_id": "gen_random_uuid()",
    "object": "object || '.'",
    "ground": "'covering_nurse'",
    "doorway": "'rest'",
    "request_id": "gen_random_uuid()",
}


@pytest.fixture
def notes(real_city):
    """What a place outside has: the head after 40 entries, and after 300."""
    for times in (40, 260):
        reads(real_city, times=times)
        seal(real_city)
    with real_city.programme.engine.connect() as connection:
        told = connection.execute(text("SELECT note FROM log_checkpoint ORDER BY size"))
        return tuple(told.scalars())


def test_each_of_ten_thousand_rows_that_was_changed_is_named(real_city):
    as_owner(real_city, MANY, many=MANY_ENTRIES)
    assert seal(real_city) == MANY_ENTRIES
    assert flaws(real_city) == {}
    draw = random.Random(20261123)  # noqa: S311 - which rows, the same each time
    rows = list(range(1, MANY_ENTRIES + 1))
    draw.shuffle(rows)
    deleted, swapped, edited = rows[:1_000], rows[1_000:2_000], rows[2_000:]
    as_owner(real_city, "DELETE FROM access_log WHERE id = ANY(:ids)", ids=deleted)
    swap = (
        "UPDATE access_log one SET family_id = other.family_id FROM access_log other "
        "WHERE one.id = ANY(:ids) AND other.id = (CAST(:ids AS bigint[]))["
        "1 + array_position(CAST(:ids AS bigint[]), one.id) % 1000]"
    )
    as_owner(real_city, swap, ids=swapped)
    for number, (column, value) in enumerate(EDITS.items()):
        edit = f"UPDATE access_log SET {column} = {value} WHERE id = ANY(:ids)"  # noqa: S608
        as_owner(real_city, edit, ids=edited[number :: len(EDITS)])

    found = {(one.flaw, one.where) for one in checked(real_city).findings}
    assert found == {("entry-missing", f"access {row}") for row in deleted} | {
        ("entry-changed", f"access {row}") for row in [*swapped, *edited]
    }


@pytest.mark.parametrize(
    ("wrong", "flaw"),
    [
        ("UPDATE log_leaf SET hash = nonce || nonce WHERE index = 7", "entry-changed"),
        ("UPDATE log_leaf SET nonce = substr(hash, 1, 16) WHERE index = 7", "entry-changed"),
        ("UPDATE log_leaf SET entry_id = -7 WHERE index = 7", "entry-missing"),
        ("DELETE FROM log_leaf WHERE index = 7", "leaf-missing"),
        ("UPDATE log_subtree SET hash = substr(hash, 2) || substr(hash, 1, 1)", "subtree-differs"),
        ("DELETE FROM log_subtree", "subtree-differs"),
        ("INSERT INTO log_subtree SELECT level, 9, hash FROM log_subtree", "subtree-differs"),
        ("UPDATE log_checkpoint SET note = replace(note, E'\\n40\\n', E'\\n41\\n')",
         "head-not-signed"),
        ("UPDATE log_checkpoint SET note = ''", "head-not-signed"),
        ("DELETE FROM log_leaf WHERE index >= 299", "log-cut"),
    ],
)  # fmt: skip
def test_the_tree_itself_is_looked_at(real_city, notes, wrong, flaw):
    assert flaws(real_city, notes) == {}
    as_owner(real_city, wrong)
    assert flaw in flaws(real_city, notes)


def cut(city, size):
    """All that was written after *size* is gone, and so is every trace of it here."""
    as_owner(
        city,
        "DELETE FROM access_log WHERE id > :size",
        "DELETE FROM log_leaf WHERE index >= :size",
        "DELETE FROM log_subtree WHERE (number + 1) * 256 > :size",
        "DELETE FROM log_checkpoint WHERE size > :size",
        "UPDATE log_mark SET entry_id = :size",
        "SELECT setval(pg_get_serial_sequence('access_log', 'id'), :size)",
        size=size,
    )


def test_a_tail_that_was_cut_is_found_by_what_others_have_and_by_that_alone(real_city, notes):
    cut(real_city, 40)
    assert flaws(real_city) == {}
    assert flaws(real_city, notes) == {"log-cut": 1}
    # Nor does it help to write as many again.
    reads(real_city, times=260)
    seal(real_city)
    assert flaws(real_city) == {}
    assert flaws(real_city, notes) == {"anchor-differs": 1}


def test_a_log_that_is_written_anew_and_signed_is_found_by_what_others_have(real_city, notes):
    as_owner(
        real_city,
        "UPDATE access_log SET actor_id = gen_random_uuid() WHERE id = 12",
        "DELETE FROM log_leaf",
        "DELETE FROM log_subtree",
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_mark",
    )
    assert seal(real_city) == 300
    assert flaws(real_city) == {}
    assert flaws(real_city, notes) == {"anchor-differs": 2}


def test_a_head_that_another_key_signed_is_not_one(real_city, notes):
    as_owner(real_city, "UPDATE log_signer SET public_key = sha256(public_key)")
    assert flaws(real_city, notes) == {"head-not-signed": 4}


def test_only_the_programme_itself_checks(real_city):
    officer = Actor(UserId(new_id(real_city.clock.now)), Role.PRIVACY_OFFICER)
    with real_city.programme.snapshot(officer, "test") as work, pytest.raises(NotAllowed):
        check(work)


def test_an_empty_log_is_sound(real_city):
    assert seal(real_city) == 0
    assert checked(real_city).leaves == 0
    assert flaws(real_city) == {}
    assert one(real_city, "SELECT count(*) FROM log_checkpoint") == 0
