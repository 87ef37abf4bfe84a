"""Pauses at every statement, commit and rollback that a server's task sends to PostgreSQL.

One thread drives all sessions, so none may really wait for a lock: a locking statement is tried
within a savepoint, and while another session holds the lock the task is told to go on later. The
few statements that block otherwise fail by ``lock_timeout``, as they would on a busy server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg import errors as pg
from sqlalchemy import Engine, event

from tests.faults.tasks import Scheduler, Task

LOCK_TIMEOUT_MS: Final = 5
"""As long as a statement really waits; virtual time does not pass meanwhile."""
PATIENCE: Final = 40
"""How often a task looks whether a lock is free before it gives up as a server would."""

_LOCKING = ("FOR UPDATE", "pg_advisory_xact_lock", "FOR NO KEY UPDATE", "FOR SHARE")


class Statements:
    """Watches an engine, for one world after the other."""

    def __init__(self, engine: Engine) -> None:
        self.attend(Scheduler(), _nobody)
        event.listen(engine, "connect", _be_impatient)
        event.listen(engine, "do_execute", self._execute)
        event.listen(engine, "do_executemany", self._executemany)
        event.listen(engine, "do_execute_no_params", self._execute_plain)
        dialect: Any = engine.dialect
        self._commit_really = dialect.do_commit
        dialect.do_commit = self._commit

    def attend(self, scheduler: Scheduler, committed: Callable[[Task | None], None]) -> None:
        """Watch for a world whose tasks are *scheduler*'s.

        *committed* is told of the moment after each commit, with the task.
        """
        self._scheduler = scheduler
        self._committed = committed

    def _execute(self, cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
        return self._say(cursor, statement, parameters)

    def _executemany(self, cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
        self._note(cursor, statement)

    def _execute_plain(self, cursor: Any, statement: str, _context: Any) -> None:
        self._note(cursor, statement)

    def _say(self, cursor: Any, statement: str, parameters: Any) -> bool:
        """Execute a locking statement when its turn comes; leave every other to SQLAlchemy."""
        self._note(cursor, statement)
        task = self._scheduler.current
        if task is None or not any(word in statement for word in _LOCKING):
            return False
        self._lock(cursor, statement, parameters)
        return True

    def _note(self, cursor: Any, statement: str) -> None:
        task = self._scheduler.current
        if task is None:
            return
        task.notes["connection"] = cursor.connection
        task.notes["statements"] = int(str(task.notes.get("statements", 0))) + 1
        self._scheduler.pause(statement[:60])

    def _lock(self, cursor: Any, statement: str, parameters: Any) -> None:
        for _ in range(0 if self._alone() else PATIENCE):
            if _tried(cursor, statement, parameters):
                return
            self._scheduler.pause(f"lock {statement[:50]}")
        cursor.execute(statement, parameters)

    def _alone(self) -> bool:
        """Whether nobody else can hold a lock: then none need be tried for."""
        return sum("connection" in task.notes for task in self._scheduler.tasks) < 2

    def _commit(self, connection: Any) -> None:
        task = self._scheduler.current
        self._scheduler.pause("before commit")
        self._commit_really(connection)
        self._committed(task)
        self._scheduler.pause("after commit")


def terminate(admin: psycopg.Connection[Any], task: Task) -> bool:
    """End the database session of *task* as an operator would; whether it had one."""
    connection = task.notes.get("connection")
    if not isinstance(connection, psycopg.Connection) or connection.closed:
        return False
    pid = connection.info.backend_pid
    admin.execute("SELECT pg_terminate_backend(%s, 2000)", (pid,))
    return True


def _tried(cursor: Any, statement: str, parameters: Any) -> bool:
    """Whether *statement* got its locks; if not, nothing has happened."""
    connection = cursor.connection
    connection.execute("SAVEPOINT its_turn")
    try:
        cursor.execute(statement, parameters)
    except pg.LockNotAvailable:
        connection.execute("ROLLBACK TO SAVEPOINT its_turn")
        return False
    connection.execute("RELEASE SAVEPOINT its_turn")
    return True


def _nobody(_task: Task | None) -> None:
    return


def _be_impatient(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_MS}ms'")
    connection.execute("SET deadlock_timeout = '1s'")
    connection.commit()
