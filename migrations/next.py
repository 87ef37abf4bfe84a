"""Write the next numbered migration from the difference between the models and the migrations."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
from alembic import command
from sqlalchemy import make_url

from config.settings import read_settings
from nyefamilier.schema import METADATA
from nyefamilier.storage.embedded import Embedded, open_embedded
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.migrating import configuration, upgrade
from nyefamilier.storage.version import MIGRATIONS, head

SCRATCH = "next_migration"


def main(message: str) -> None:
    """Write ``versions/NNNN_message.py`` and name it in ``HEAD``."""
    settings = read_settings()
    number = f"{int(head()) + 1:04d}"
    with open_embedded(settings.var) as server:
        _remake_scratch(server)
        engine = make_engine(server.url_of(SCRATCH), settings)
        upgrade(engine)
        with engine.connect() as connection:
            ours = configuration(connection=connection, metadata=METADATA)
            script = command.revision(ours, message, autogenerate=True, rev_id=number)
        engine.dispose()
    path = Path(script.path)  # type: ignore[union-attr]  # one revision was asked for
    _tidy(path)
    (MIGRATIONS / "HEAD").write_text(f"{path.stem}\n", encoding="utf-8")
    print(f"Wrote {path}. Read it, polish it, then run make test.")  # noqa: T201


def _remake_scratch(server: Embedded) -> None:
    plain = make_url(server.url_of("postgres")).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        connection.execute(f"CREATE DATABASE {SCRATCH}")


def _tidy(path: Path) -> None:
    """Names as they are, no word of the generator's, and our own layout."""
    words = path.read_text(encoding="utf-8")
    words = re.sub(r"op\.f\(('[^']+')\)", r"\1", words)
    words = re.sub(r"\n *# ###.*", "", words)
    words = words.replace(", unique=False", "")
    path.write_text(words, encoding="utf-8")
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is not None:
        for step in (["format"], ["check", "--fix"], ["format"]):
            subprocess.run([ruff, *step, "-q", path], check=False, capture_output=True)  # noqa: S603


if __name__ == "__main__":
    main(sys.argv[1])
