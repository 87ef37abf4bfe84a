"""One place for the simulated worlds of a test session."""

from __future__ import annotations

import uuid
from collections.abc import Generator

import pytest

from tests.databases import Databases
from tests.faults.runs import a_place_on
from tests.faults.world import Place


@pytest.fixture(scope="session")
def place(server: Databases) -> Generator[Place, None, None]:
    """A town on the session's server; each worker has its own."""
    mine = Databases(server.server, f"{server.session}f{uuid.uuid4().hex[:6]}")
    with a_place_on(mine) as made:
        yield made
