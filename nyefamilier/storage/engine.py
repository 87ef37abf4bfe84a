"""The engine: how this programme talks to PostgreSQL, and what it says when PostgreSQL is away."""

from __future__ import annotations

from typing import Final, Protocol

from psycopg import errors as pg
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from nyefamilier.kernel.clock import stopwatch
from nyefamilier.kernel.errors import Unavailable

OLDEST: Final = 15
DRIVER: Final = "postgresql+psycopg"

_RESTS_SINCE: Final = "rests since"
_RESTS_AFTER: Final = 1.0
"""Seconds after which a connection may have died unnoticed."""

_WORDS: Final = {
    "database-away": "The database cannot be reached just now.",
    "database-busy": "The database was too busy with other changes.",
    "database-disk-full": "The database has no space left on its disk; tell the operator.",
}
_BUSY: Final = (
    pg.LockNotAvailable,
    pg.QueryCanceled,
    pg.DeadlockDetected,
    pg.SerializationFailure,
    pg.TooManyConnections,
)


class PoolSettings(Protocol):
    """What an engine needs to know of the settings."""

    @property
    def database_pool(self) -> int:
        """Connections that one process holds open."""

    @property
    def statement_timeout_ms(self) -> int:
        """The longest that one statement may take."""

    @property
    def lock_timeout_ms(self) -> int:
        """The longest that one statement may wait for a lock."""


def make_engine(url: str, settings: PoolSettings, *, name: str = "nyefamilier") -> Engine:
    """An engine with the house's pool, time limits and time zone; connects on first use.

    Args:
        url: SQLAlchemy or libpq URL of PostgreSQL 15 or newer.
        settings: Pool size and time limits.
        name: Shown in ``pg_stat_activity``.

    Raises:
        Unavailable: the URL is not one of PostgreSQL (``database-url``); on first use, the
            server is older than PostgreSQL 15 (``database-too-old``).
    """
    engine = create_engine(
        database_url(url),
        pool_size=settings.database_pool,
        max_overflow=settings.database_pool,
        pool_timeout=10,
        pool_recycle=1800,
        # The connection that was used last knows the statements, and has their plans at hand.
        pool_use_lifo=True,
        hide_parameters=True,  # they are people; an error's text may reach a log
        connect_args={
            "application_name": name,
            "connect_timeout": 5,
            "options": _options(settings),
        },
    )
    event.listen(engine, "connect", _refuse_old)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _try_rested)
    return engine


def database_url(url: str) -> URL:
    """*url* with the driver that we use; ``postgres://`` and ``postgresql://`` are welcome.

    Raises:
        Unavailable: it is not a URL of PostgreSQL.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", DRIVER}:
        raise Unavailable(
            "database-url",
            "NYEFAMILIER_DATABASE_URL must be a PostgreSQL URL, such as "
            "postgresql://user:password@host:5432/nyefamilier.",
        )
    return make_url(f"{DRIVER}://{rest}")


def unavailable_from(error: BaseException) -> Unavailable | None:
    """The refusal that a doorway answers with when *error* means the database is away.

    ``None`` means that *error* is something else: a defect, to be raised as it is.
    """
    if isinstance(error, Unavailable):
        return error
    code = _code(error)
    if code is None:
        return None
    return Unavailable(code, f"{_WORDS[code]} Nothing was saved; try again in a moment.")


def names_taken_id(error: IntegrityError) -> bool:
    """Whether a row could not be written because its primary key is another row's."""
    cause = error.orig
    if not isinstance(cause, pg.UniqueViolation):
        return False
    return (cause.diag.constraint_name or "").startswith("pk_")


def lost_race(error: DBAPIError) -> bool:
    """Whether a transaction that sees one instant met a write that came after it: try it again."""
    return isinstance(error.orig, pg.SerializationFailure | pg.DeadlockDetected)


def _code(error: BaseException) -> str | None:
    if isinstance(error, PoolTimeoutError):
        return "database-busy"
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, _BUSY):
        return "database-busy"
    if isinstance(error.orig, pg.DiskFull):
        return "database-disk-full"
    away = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return "database-away" if away else None


def _options(settings: PoolSettings) -> str:
    limits = {
        "statement_timeout": f"{settings.statement_timeout_ms}ms",
        "lock_timeout": f"{settings.lock_timeout_ms}ms",
        "idle_in_transaction_session_timeout": f"{settings.statement_timeout_ms * 4}ms",
        "timezone": "UTC",
    }
    return " ".join(f"-c {key}={value}" for key, value in limits.items())


def _note_rest(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = stopwatch()


def _try_rested(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Try a connection that has not been used for a while; one that is dead is replaced.

    Trying each one each time would cost a busy server one question in four.
    """
    since = record.info.get(_RESTS_SINCE)
    if since is None or stopwatch() - since < _RESTS_AFTER:
        return
    try:
        connection.execute("")
        connection.rollback()
    except pg.Error:
        raise InvalidatePoolError from None


def _refuse_old(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    version = connection.info.server_version
    if version < OLDEST * 10_000:
        connection.close()
        raise Unavailable(
            "database-too-old",
            f"The database is PostgreSQL {version // 10_000}; Nye familier needs {OLDEST} or "
            "newer. Name another server in NYEFAMILIER_DATABASE_URL.",
        )
