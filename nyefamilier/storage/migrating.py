"""Bringing a database to the version that this programme needs, and back."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from nyefamilier.storage.version import MIGRATIONS


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to revision *to*. Several at once are safe: the others wait.

    Raises:
        sqlalchemy.exc.OperationalError: a lock was not to be had in time; nothing of the
            migration that waited was kept, so run it again.
    """
    with engine.connect() as connection:
        command.upgrade(configuration(connection=connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to revision *to* (``base`` is before everything).

    Raises:
        sqlalchemy.exc.OperationalError: a lock was not to be had in time; run it again.
    """
    with engine.connect() as connection:
        command.downgrade(configuration(connection=connection), to)


def configuration(**attributes: object) -> Config:
    """Alembic's configuration, with *attributes* for ``migrations/env.py``."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes.update(attributes)
    return config
