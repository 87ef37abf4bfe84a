"""What the tests of an import need."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.builders import DAY
from tests.cities import City
from tests.intake_file import Maker
from tests.integration.intake.lists import Result, run_in

Import = Callable[..., Result]


@pytest.fixture
def maker() -> Maker:
    return Maker(DAY, Random(7))  # noqa: S311 - synthetic people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    return folder


@pytest.fixture
def run(city: City, folder: Path) -> Import:
    """Imports a list into the test's city."""
    return partial(run_in, city, folder)
