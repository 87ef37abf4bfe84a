"""``nyefamilier migrate``: bring the database to the newest version."""

from __future__ import annotations

import click

from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.storage.version import at_head


@click.command()
def migrate() -> None:
    """Bring the database to the newest version and load the reference data."""
    programme = bootstrap(read_settings())
    try:
        bring_to_head(programme)
    finally:
        programme.close()
    click.echo("The database is at the newest version.")


def bring_to_head(programme: Programme) -> None:
    """Migrate, then load bydeler and delbydeler; both do nothing where nothing is missing."""
    if not at_head(programme.engine):
        # Alembic costs a fifth of a second, and a second start has no use for it.
        from nyefamilier.storage.migrating import upgrade  # noqa: PLC0415

        upgrade(programme.engine)
    with programme.sessions.begin() as session:
        load_reference_data(session)
