"""Folders for a deployment of a test's own."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def deployment_folder() -> Generator[Path, None, None]:
    """A throwaway ``var`` that any account may walk to.

    pytest's own folders are closed to others; root's database would move out to /var/lib, and stay.
    """
    with tempfile.TemporaryDirectory(prefix="nyefamilier-var-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)
