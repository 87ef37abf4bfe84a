"""Ends connections that hold advisory locks, as a network would: of one database and no other.

Other tests have databases of their own on the same server at the same time, and locks in them.
"""

from typing import Final

from sqlalchemy import text

from nyefamilier.bootstrap import Programme

_OWN: Final = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_locks
    WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_ONE: Final = f"{_OWN} AND objid = :low AND classid = :high"


def cut_off(programme: Programme, key: int) -> None:
    """End the connection that holds a lock; the lock is gone then."""
    with programme.engine.connect() as other:
        other.execute(text(_ONE), {"low": key & 0xFFFF_FFFF, "high": key >> 32})


def cut_off_all(programme: Programme) -> None:
    """End every connection that holds an advisory lock: a leader's, and its jobs'."""
    with programme.engine.connect() as other:
        other.execute(text(_OWN))
