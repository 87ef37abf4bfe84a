"""A phone of the field app and a server of a few lines, both in the browser.

The server is scripted: a test puts answers before its own, by path. What the real one does is held
by tests/e2e/test_felt_engine.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fieldapp.conftest import ModulePage

_PARTS = Path(__file__).with_name("phones.js").read_text()


def run(page: ModulePage, body: str, given: Any = None) -> Any:
    """What the body answers, with the parts above at hand."""
    return page(f"async (given) => {{ {_PARTS} {body} }}", given)
