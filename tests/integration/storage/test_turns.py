"""Whoever waits for a turn stands in nobody's way."""

from __future__ import annotations

from threading import Event, Thread

from sqlalchemy import text

from nyefamilier.storage.leadership import turn

A_TURN = 4_711


def test_whoever_waits_for_a_turn_keeps_no_index_from_being_built(real_city):
    engine, waits, had = real_city.programme.engine, Event(), []

    def wait():
        waits.set()
        with turn(engine, A_TURN):
            had.append(True)

    waiting = Thread(target=wait)
    with turn(engine, A_TURN):
        waiting.start()
        waits.wait()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for _ in range(20):
                connection.execute(text("SET lock_timeout = '5s'"))
                connection.execute(text("CREATE INDEX CONCURRENTLY an_index ON bydel (name)"))
                connection.execute(text("DROP INDEX CONCURRENTLY an_index"))
        assert had == []
    waiting.join()
    assert had == [True]
