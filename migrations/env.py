"""How migrations run: one at a time, each in its own transaction, never waiting long for a lock."""

from __future__ import annotations

import importlib.util

from alembic import context
from sqlalchemy import Connection, MetaData, text

ADVISORY_LOCK = 5_461_871_109  # any number, as long as it stays the same
QUEUE = "60s"  # for another migration to end
LOCK = "4s"  # for a table: a longer wait would queue everybody else behind us
STATEMENT = "300s"


def models() -> MetaData | None:
    """What the programme's tables should look like; ``None`` while there are none."""
    if importlib.util.find_spec("nyefamilier.schema") is None:
        return None
    from nyefamilier.schema import Base  # noqa: PLC0415 - it may not be there

    return Base.metadata


def run_online(connection: Connection) -> None:
    """Run on *connection*, alone."""
    _limit(connection, lock_timeout=QUEUE, statement_timeout=QUEUE)
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    _limit(connection, lock_timeout=LOCK, statement_timeout=STATEMENT)
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=models(),
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.invalidate()  # the lock and the limits end with the session


def run_offline() -> None:
    """Write the SQL instead of running it (for the linter, and for a careful operator)."""
    context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.execute(f"SET LOCAL lock_timeout = '{LOCK}'")
        context.run_migrations()


def _limit(connection: Connection, **limits: str) -> None:
    for name, value in limits.items():
        connection.execute(
            text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value}
        )


if context.is_offline_mode():
    run_offline()
else:
    given = context.config.attributes.get("connection")
    if given is None:
        raise SystemExit("Use `nyefamilier migrate`: it knows which database is meant.")
    run_online(given)
