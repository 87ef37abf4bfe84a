"""Folders for servers of a test's own."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.places import deployment_folder


@pytest.fixture
def var() -> Generator[Path, None, None]:
    """A deployment's folder that any account may walk to."""
    with deployment_folder() as folder:
        yield folder


@pytest.fixture
def closed_var(tmp_path: Path) -> Generator[Path, None, None]:
    """A deployment's folder below one that only its owner may walk through."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "var"
    note = closed / "var" / "pg" / "elsewhere"
    if note.exists():
        shutil.rmtree(note.read_text().splitlines()[0])
