"""One process leads: it holds an advisory lock for as long as its connection lives."""

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
