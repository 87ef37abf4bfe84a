"""The engine keeps its limits, comes back after a restart, and knows when the database is away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage import engine as engines
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import make_engine, unavailable_from
from tests.integration.storage.servers import family_of, kill, postmaster_of

QUICK = Settings(statement_timeout_ms=200, lock_timeout_ms=100, database_pool=1)


def refusal(engine: Engine, statement: str) -> Unavailable | None:
    """What a doorway would answer when *statement* fails on *engine*."""
    with pytest.raises(DBAPIError) as failed, engine.begin() as connection:
        connection.execute(text(statement))
    return unavailable_from(failed.value)


def code(refused: Unavailable | None) -> str | None:
    return refused and refused.code


@pytest.fixture
def quick(committing: Engine) -> Engine:
    """An engine with short limits on a database of this test's own."""
    return make_engine(committing.url.render_as_string(hide_password=False), QUICK)


def test_every_connection_has_the_limits_of_the_settings(quick: Engine):
    with quick.connect() as connection:
        for name, value in {
            "statement_timeout": "200ms",
            "lock_timeout": "100ms",
            "idle_in_transaction_session_timeout": "800ms",
            "timezone": "UTC",
            "application_name": "nyefamilier",
        }.items():
            assert connection.scalar(text(f"SHOW {name}")) == value
    quick.dispose()


def test_a_statement_over_its_time_is_answered_with_busy(quick: Engine):
    assert code(refusal(quick, "SELECT pg_sleep(5)")) == "database-busy"
    quick.dispose()


def test_a_lock_that_another_holds_is_answered_with_busy(quick: Engine, committing: Engine):
    with committing.begin() as holder:
        holder.execute(text("SELECT pg_advisory_xact_lock(1)"))
        assert code(refusal(quick, "SELECT pg_advisory_xact_lock(1)")) == "database-busy"
    quick.dispose()


def test_a_defect_is_not_answered_with_unavailable(quick: Engine):
    assert refusal(quick, "SELECT nonsense") is None
    assert unavailable_from(ValueError("ours")) is None
    quick.dispose()


def test_a_database_that_is_away_is_told_and_found_again_when_it_is_back(var: Path):
    with open_embedded(var) as server:
        engine = make_engine(server.url, QUICK)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        kill(*family_of(postmaster_of(server)))
        assert code(refusal(engine, "SELECT 1")) == "database-away"
        with open_embedded(var), engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        engine.dispose()


def test_a_connection_cut_in_the_middle_is_told(var: Path):
    with open_embedded(var) as server:
        engine = make_engine(server.url, QUICK)
        victims = "SELECT pg_terminate_backend(pg_backend_pid())"
        assert code(refusal(engine, victims)) == "database-away"
        engine.dispose()


def test_a_pool_with_nothing_left_is_answered_with_busy(
    quick: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quick.pool, "_timeout", 0.05)
    held = [quick.connect(), quick.connect()]
    with pytest.raises(engines.PoolTimeoutError) as full:
        quick.connect()
    assert code(unavailable_from(full.value)) == "database-busy"
    for connection in held:
        connection.close()
    quick.dispose()


def test_a_server_that_is_too_old_is_refused_by_its_number(
    fresh_database: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engines, "OLDEST", 99)
    with pytest.raises(Unavailable, match="needs 99 or newer") as refused:
        fresh_database().connect()
    assert refused.value.code == "database-too-old"


def test_an_error_of_the_database_does_not_repeat_what_was_sent(quick: Engine):
    with pytest.raises(DBAPIError) as failed, quick.connect() as connection:
        connection.execute(text("SELECT :word FROM nonsense"), {"word": "hemmelig"})
    assert "hemmelig" not in str(failed.value)
    quick.dispose()
