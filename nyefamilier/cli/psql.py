"""Open psql on the embedded database; for developers (``make db``)."""

from __future__ import annotations

import subprocess
import sys

from config.settings import read_settings
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.programs import packaged_programs


def main() -> int:
    """Start the embedded database if it is down, and run psql until it ends; its exit code."""
    with open_embedded(read_settings().var) as server:
        address = server.url.replace("+psycopg", "")
        psql = [str(packaged_programs() / "psql"), address]
        return subprocess.run(psql, check=False).returncode  # noqa: S603 - our own program


if __name__ == "__main__":
    sys.exit(main())
