"""Which version a database is at, and which one this programme needs; without Alembic's weight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@cache
def head() -> str:
    """The number of the newest migration, as ``migrations/HEAD`` names it."""
    return (MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip().partition("_")[0]


def present(engine: Engine) -> str | None:
    """The number of the migration that the database is at; ``None`` before the first one.

    Raises:
        sqlalchemy.exc.OperationalError: the database is away.
    """
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def at_head(engine: Engine) -> bool:
    """Whether the database is at the version that this programme was written for.

    Raises:
        sqlalchemy.exc.OperationalError: the database is away.
    """
    return present(engine) == head()
