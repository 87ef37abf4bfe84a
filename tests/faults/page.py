"""docs/faults.md has two parts, written apart: the simulation's, and the real processes'."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "faults.md"
REAL: Final = "## With real processes"
"""Begins the second part, which goes on to the end."""


def with_simulation(page: str, text: str) -> str:
    """*page* with *text* in the place of its first part."""
    _, mark, rest = page.partition(f"{REAL}\n")
    return f"{text.rstrip()}\n\n{mark}{rest}" if mark else f"{text.rstrip()}\n"


def with_real(page: str, text: str) -> str:
    """*page* with *text*, which begins with `REAL`, in the place of its second part."""
    first = page.partition(f"{REAL}\n")[0].rstrip()
    return f"{first}\n\n{text.rstrip()}\n" if first else f"# Faults\n\n{text.rstrip()}\n"


def rewrite(part: str, *, real: bool) -> None:
    """Write one part of the page; the other stays as it is."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    put = with_real if real else with_simulation
    PAGE.write_text(put(page, part), encoding="utf-8")
