"""One process leads, or all take turns: by an advisory lock, held while its connection lives."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from time import sleep
from typing import Final, TypeAlias

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from nyefamilier.kernel.clock import stopwatch

StillLeads: TypeAlias = Callable[[], bool]

_LOOK_AGAIN: Final = 0.1
"""Seconds."""
_NOTICES: Final = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
"""The server sees within so many seconds that a leader was cut off without a word; by itself it
would wait for two hours, and the lock with it."""


@contextmanager
def leadership(engine: Engine, key: int) -> Generator[StillLeads, None, None]:
    """Try to lead; gives a function that tells whether this process does, asked at any time.

    The lock goes with the connection, so a process that dies or loses its database stops leading
    by itself. Nothing is waited for: who finds another leader, or no database, does not lead.
    """
    connection = _locked(engine, key)

    def still_leads() -> bool:
        nonlocal connection
        try:
            if connection is not None and connection.scalar(select(1)) == 1:
                return True
        except DBAPIError:
            # The engine would connect anew at the next question, and without the lock.
            _drop(connection)
            connection = None
        return False

    try:
        yield still_leads
    finally:
        if connection is not None:
            _unlocked(connection, key)


def _locked(engine: Engine, key: int) -> Connection | None:
    try:
        connection = engine.connect()
    except (DBAPIError, PoolTimeoutError):
        return None
    try:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for name, value in _NOTICES.items():
            connection.execute(select(func.set_config(name, value, False)))  # noqa: FBT003
        if connection.scalar(select(func.pg_try_advisory_lock(key))):
            return connection
        connection.close()
    except DBAPIError:
        _drop(connection)
    return None


def _unlocked(connection: Connection, key: int) -> None:
    try:
        connection.scalar(select(func.pg_advisory_unlock(key)))
        connection.close()
    except DBAPIError:
        _drop(connection)


def _drop(connection: Connection | None) -> None:
    """Give a connection up for good: nobody may get it from the pool, maybe with the lock."""
    if connection is not None:
        with suppress(DBAPIError):
            connection.invalidate()
            connection.close()


@contextmanager
def turn(engine: Engine, key: int, minutes: int = 10) -> Generator[None, None, None]:
    """Wait until no other process has this turn, and have it.

    Raises:
        sqlalchemy.exc.OperationalError: it was not to be had in that many minutes.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        wait_for(connection, key, minutes * 60.0)
        try:
            yield
        finally:
            connection.invalidate()  # the turn ends with the connection


def wait_for(connection: Connection, key: int, seconds: float) -> None:
    """Wait for a session's advisory lock, by asking for it again and again.

    What waits in a statement has a snapshot, an index that is built concurrently waits for all
    snapshots, and so the two would wait for each other.

    Args:
        connection: In whose session; what it had begun is undone.
        key: The lock's.
        seconds: For how long.

    Raises:
        sqlalchemy.exc.OperationalError: it was not to be had in that time.
    """
    until = stopwatch() + seconds
    while not connection.scalar(select(func.pg_try_advisory_lock(key))):
        if stopwatch() > until:
            connection.execute(select(func.set_config("lock_timeout", "1ms", False)))  # noqa: FBT003
            connection.execute(select(func.pg_advisory_lock(key)))
            return
        connection.rollback()  # where it does not commit by itself
        sleep(_LOOK_AGAIN)
