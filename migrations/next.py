"""Write the next numbered migration from the difference between the models and the migrations."""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg
from alembic import command
from sqlalchemy import make_url

from config.settings import read_settings
from nyefamilier.storage.embedded import Embedded, open_embedded
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.migrating import MIGRATIONS, configuration, head, upgrade

SCRATCH = "next_migration"


def main(message: str) -> None:
    """Write ``versions/NNNN_message.py`` and name it in ``HEAD``."""
    settings = read_settings()
    number = f"{int(head() or 0) + 1:04d}"
    with open_embedded(settings.var) as server:
        _remake_scratch(server)
        engine = make_engine(server.url_of(SCRATCH), settings)
        upgrade(engine)
        with engine.connect() as connection:
            script = command.revision(
                configuration(connection=connection), message, autogenerate=True, rev_id=number
            )
        engine.dispose()
    path = Path(script.path)  # type: ignore[union-attr]  # one revision was asked for
    (MIGRATIONS / "HEAD").write_text(f"{path.stem}\n", encoding="utf-8")
    print(f"Wrote {path}. Read it, polish it, then run make test.")  # noqa: T201


def _remake_scratch(server: Embedded) -> None:
    plain = make_url(server.url_of("postgres")).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        connection.execute(f"CREATE DATABASE {SCRATCH}")


if __name__ == "__main__":
    main(sys.argv[1])
