"""Let squawk judge the SQL of every migration, each by itself."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from nyefamilier.storage.migrating import configuration


def main() -> int:
    """Write each migration's SQL to a file and run squawk on all; squawk's own exit code."""
    squawk = shutil.which("squawk", path=str(Path(sys.executable).parent))
    if squawk is None:
        sys.exit("squawk is not installed; run make check, which installs it.")
    with tempfile.TemporaryDirectory() as folder:
        files = [_written(Path(folder), *step) for step in _steps()]
        return subprocess.run([squawk, *files], check=False).returncode if files else 0  # noqa: S603


def _steps() -> list[tuple[str, str]]:
    revisions = reversed(list(ScriptDirectory.from_config(configuration()).walk_revisions()))
    return [(str(found.down_revision or "base"), found.revision) for found in revisions]


def _written(folder: Path, before: str, after: str) -> Path:
    words = io.StringIO()
    config = configuration()
    config.output_buffer = words
    with redirect_stdout(words):
        command.upgrade(config, f"{before}:{after}", sql=True)
    path = folder / f"{after}.sql"
    path.write_text(words.getvalue(), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main())
