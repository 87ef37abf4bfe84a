"""One process leads, or all take turns: by an advisory lock, held while its connection lives."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

StillLeads: TypeAlias = Callable[[], bool]


@contextmanager
def leadership(engine: Engine, key: int) -> Generator[StillLeads, None, None]:
    """Try to lead; gives a function that tells whether this process does, asked at any time.

    The lock goes with the connection, so a process that dies or loses its database stops leading
    by itself. Nothing is waited for: who finds another leader is told so.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))

        def still_leads() -> bool:
            nonlocal held
            try:
                held = held and connection.scalar(select(1)) == 1
            except DBAPIError:
                # The engine would connect anew at the next question, and without the lock.
                held = False
            return held

        try:
            yield still_leads
        finally:
            if held:
                connection.scalar(select(func.pg_advisory_unlock(key)))


@contextmanager
def turn(engine: Engine, key: int, minutes: int = 10) -> Generator[None, None, None]:
    """Wait until no other process has this turn, and have it.

    Raises:
        sqlalchemy.exc.OperationalError: it was not to be had in that many minutes.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for limit in ("statement_timeout", "lock_timeout"):
            connection.execute(select(func.set_config(limit, f"{minutes}min", False)))  # noqa: FBT003
        connection.execute(select(func.pg_advisory_lock(key)))
        try:
            yield
        finally:
            connection.invalidate()  # the turn and the limits end with the connection
