"""How migrations run: one at a time, each in its own transaction, never waiting long for a lock."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from nyefamilier.storage.leadership import wait_for

ADVISORY_LOCK = 5_461_871_109  # any number, as long as it stays the same
QUEUE = 60.0  # seconds for another migration to end
LOCK = "4s"  # for a table: a longer wait would queue everybody else behind us
STATEMENT = "300s"


def run_online(connection: Connection) -> None:
    """Run on *connection*, alone."""
    wait_for(connection, ADVISORY_LOCK, QUEUE)
    _limit(connection, lock_timeout=LOCK, statement_timeout=STATEMENT)
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=context.config.attributes.get("metadata"),
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
        context.execute(f"SET lock_timeout = '{LOCK}'")
        context.execute(f"SET statement_timeout = '{STATEMENT}'")
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
