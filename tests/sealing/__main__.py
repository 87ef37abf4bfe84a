"""``python -m tests.sealing``: the figures of sealing, in one table.

It runs the tests that prove them and prints what they measured; with ``--write`` the page
docs/sealing-proof.md holds it. ``--fuzz N`` says how many damaged values are tried.
"""

from __future__ import annotations

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cryptography
import pytest

from bench._machine import CORES, processor
from tests.sealing.figures import PROPERTY, Figure
from tests.sealing.fuzzing import COUNT

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "sealing-proof.md"
CANARIES = "NYEFAMILIER_TEST_CANARIES"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"
TESTS = (
    "tests/unit/vault/test_third_party.py",
    "tests/fieldapp/test_third_party.py",
    "tests/fieldapp/test_hve1.py",
    "tests/unit/vault/test_vectors.py",
    "tests/unit/vault/test_exhaustive.py",
    "tests/unit/vault/test_fuzzing.py",
    "tests/api/test_swaps.py",
    "tests/integration/storage/test_no_plaintext.py",
)


class Gathering:
    """Hears what the tests tell, and which of them fail."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        if report.when == "call":
            told = [value for name, value in report.user_properties if name == PROPERTY]
            self.figures += [Figure(**one) for one in told]


def main() -> int:
    """Measure, print, and write if asked to; pytest's own exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.sealing", description=__doc__)
    parser.add_argument("--fuzz", type=int, default=1_000_000, help="how many damaged values")
    parser.add_argument("--write", action="store_true", help="write docs/sealing-proof.md")
    asked = parser.parse_args()
    os.environ[COUNT] = str(asked.fuzz)
    os.environ[CANARIES] = "500"
    gathering = Gathering()
    told = ["-q", "-n", "0", "-p", "no:randomly", "--timeout", "0", f"--rootdir={ROOT}"]
    code = pytest.main([*told, *(str(ROOT / one) for one in TESTS)], plugins=[gathering])
    page = measured(gathering)
    print(page)  # noqa: T201 - a command
    if asked.write and code == 0:
        before, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(before + BEGIN + page + END + rest.split(END)[1], "utf-8")
    return int(code)


def measured(gathering: Gathering) -> str:
    """The table, and on what and when it was measured."""
    machine = f"{processor()}, {CORES} cores, {platform.system()} {platform.release()}"
    made = f"Python {platform.python_version()}, cryptography {cryptography.__version__}"
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}: {machine}, {made}.",
        "",
        "| # | what | asked for | measured |",
        "|---:|---|---|---|",
        *map(_line, sorted(gathering.figures, key=lambda one: one.number)),
        *(f"| | **failed** | | {one} |" for one in gathering.failed),
    ]
    return "\n".join(lines) + "\n"


def _line(figure: Figure) -> str:
    return f"| {figure.number} | {figure.what} | {figure.asked} | {figure.got} |"


if __name__ == "__main__":
    raise SystemExit(main())
