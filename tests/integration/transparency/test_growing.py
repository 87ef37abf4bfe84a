"""Every entry becomes a leaf once, whoever writes meanwhile, and the head is signed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.transparency import growing, store
from nyefamilier.transparency.entries import Log
from nyefamilier.transparency.verify_log import read_checkpoint
from nyefamilier.vault.provider import ProviderAway
from tests.transparency import MANY, as_owner, checked, flaws, one, reads, seal

LEAVES = "SELECT count(*) FROM log_leaf"
ENTRIES = "SELECT (SELECT count(*) FROM access_log) + (SELECT count(*) FROM export_log)"


def at_once(_seconds):
    """Nobody waits in a test for a writer that will not end."""


def grow(city):
    with city.programme.work(SYSTEM, "test") as work:
        return growing.grow(work, at_once)


def test_all_entries_become_leaves_and_the_head_is_signed(real_city):
    reads(real_city, times=300)
    assert seal(real_city) == 300
    assert seal(real_city) == 0
    reads(real_city, times=5)
    assert seal(real_city) == 5
    with real_city.programme.work(SYSTEM, "test") as work:
        newest = store.newest_checkpoint(work.session)
        key = growing.signer(work).verifier_key
    assert newest is not None
    assert read_checkpoint(newest.note, key).size == 305
    found = checked(real_city)
    assert (found.leaves, found.findings) == (305, [])
    assert one(real_city, "SELECT count(*) FROM log_checkpoint") == 2


def test_more_than_fit_into_one_transaction_are_sealed_all_the_same(real_city, monkeypatch):
    monkeypatch.setattr(growing, "AT_ONCE", 100)
    as_owner(real_city, MANY, many=1_050)
    while grow(real_city):
        pass
    assert one(real_city, LEAVES) == 1_050
    assert flaws(real_city) == {}


def test_what_is_committed_late_is_sealed_late_and_never_forgotten(real_city):
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with real_city.programme.engine.begin() as connection:
            connection.execute(text(MANY), {"many": 3})
            begun.set()
            assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert begun.wait(60)
        reads(real_city, times=2)  # numbered later, there sooner
        assert grow(real_city) == 2
        go_on.set()
        running.result(60)
    assert grow(real_city) == 3
    assert grow(real_city) == 0
    assert one(real_city, LEAVES) == one(real_city, ENTRIES) == 5
    assert flaws(real_city) == {}


def test_many_write_and_some_give_up_while_the_log_is_sealed(real_city):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            reads(real_city, times=3)
            with suppress(ZeroDivisionError), real_city.programme.engine.begin() as connection:
                connection.execute(text(MANY), {"many": 2})
                raise ZeroDivisionError

    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(write) for _ in range(4)]
        sealing = [pool.submit(lambda: [seal(real_city) for _ in range(10)]) for _ in range(2)]
        try:
            for each in sealing:
                each.result(120)
        finally:
            stop.set()
        for each in running:
            each.result(60)
    seal(real_city)
    assert one(real_city, LEAVES) == one(real_city, ENTRIES) > 0
    assert flaws(real_city) == {}
    newest = one(real_city, "SELECT max(id) FROM access_log")
    assert one(real_city, "SELECT entry_id FROM log_mark WHERE log = 'access'") >= newest


def test_while_the_keys_are_away_nothing_is_sealed_and_nothing_lost(real_city, monkeypatch):
    reads(real_city, times=4)

    def away(*_told):
        raise ProviderAway("gone")

    with monkeypatch.context() as gone:
        gone.setattr(type(real_city.programme.vault.provider), "wrap", away)
        with pytest.raises(Unavailable):
            seal(real_city)
    assert one(real_city, LEAVES) == 0
    assert seal(real_city) == 4
    assert flaws(real_city) == {}


@pytest.mark.parametrize("table", ["access_log", "export_log", "log_leaf", "log_subtree",
                                   "log_checkpoint"])  # fmt: skip
@pytest.mark.parametrize("wrong", ["DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_takes_nothing_back(real_city, table, wrong):
    with (
        real_city.programme.engine.connect() as connection,
        pytest.raises(DBAPIError, match="only added to"),
    ):
        connection.execute(text(wrong.format(table)))


def test_no_entry_is_written_anew(real_city):
    reads(real_city)
    with (
        real_city.programme.engine.connect() as connection,
        pytest.raises(DBAPIError, match="only added to"),
    ):
        connection.execute(text("UPDATE access_log SET actor_id = family_id"))


def test_a_writer_that_does_not_end_holds_nobody_up(real_city):
    with real_city.programme.engine.begin() as connection:
        connection.execute(text(MANY), {"many": 1})
        reads(real_city)
        assert grow(real_city) == 1
        with real_city.programme.work(SYSTEM, "test") as work:
            assert store.mark(work.session, Log.ACCESS) == 0
    assert seal(real_city) == 1


def test_what_was_put_in_past_the_programme_below_the_mark_is_found(real_city):
    reads(real_city, times=3)
    as_owner(real_city, "SELECT setval(pg_get_serial_sequence('access_log', 'id'), 10)")
    seal(real_city)
    forged = MANY.replace("(at,", "(id, at,").replace("SELECT now()", "SELECT 7, now()")
    as_owner(real_city, forged.replace("SELECT 7", "OVERRIDING SYSTEM VALUE SELECT 7"), many=1)
    assert seal(real_city) == 0
    assert flaws(real_city) == {"entry-not-sealed": 1}
