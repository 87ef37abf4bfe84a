"""A request in bokmål, in which sections can be built."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from flask import Flask


@pytest.fixture
def speaking(app: Flask) -> Generator[None, None, None]:
    """Words are those of the pages, in bokmål."""
    with app.test_request_context():
        yield
