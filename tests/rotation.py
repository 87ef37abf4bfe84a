"""``python -m tests.rotation``: keys rotated under load, and a key server that is gone, at size.

With ``--write`` the page docs/keys.md holds the table. It runs ``tests/api/test_key_server.py``.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from tests.sealing.__main__ import BEGIN, END, ROOT, Gathering, measured

PAGE = ROOT / "docs" / "keys.md"
TESTS = Path(__file__).parent / "api" / "test_key_server.py"


def main() -> int:
    """Measure, print, and write if asked to; pytest's own exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.rotation", description=__doc__)
    parser.add_argument("--reads", type=int, default=50_000, help="how many families are opened")
    parser.add_argument("--outage", type=float, default=60, help="seconds without the server")
    parser.add_argument("--write", action="store_true", help="write docs/keys.md")
    asked = parser.parse_args()
    os.environ["NYEFAMILIER_TEST_ROTATION_READS"] = str(asked.reads)
    os.environ["NYEFAMILIER_TEST_OUTAGE_SECONDS"] = str(asked.outage)
    gathering = Gathering()
    told = ["-q", "-n", "0", "-p", "no:randomly", "--timeout", "0", "--show-capture=no"]
    code = pytest.main([*told, f"--rootdir={ROOT}", str(TESTS)], plugins=[gathering])
    page = measured(gathering)
    print(page)  # noqa: T201 - a command
    if asked.write and code == 0:
        before, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(before + BEGIN + page + END + rest.split(END)[1], "utf-8")
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
