"""Run tests on the oldest PostgreSQL that we support, in a private cluster of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import OLDEST
from tests.databases import FAST, GIVEN

BINARIES = Path(f"/usr/lib/postgresql/{OLDEST}/bin")


def main(arguments: list[str]) -> int:
    """Run pytest with *arguments* on that server; pytest's own exit code."""
    if not (BINARIES / "postgres").exists():
        print(f"PostgreSQL {OLDEST} is not installed in {BINARIES}; not run on it.")  # noqa: T201
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="nyefamilier-oldest-") as folder,
        open_embedded(_walkable(folder), binaries=BINARIES, options=FAST) as server,
    ):
        environment = {**os.environ, GIVEN: server.url.replace("+psycopg", "")}
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, env=environment, check=False).returncode


def _walkable(folder: str) -> Path:
    """*folder*, which the server's account may walk through when we are root."""
    Path(folder).chmod(0o711)
    return Path(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
