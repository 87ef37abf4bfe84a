"""The vendored files are the ones that were reviewed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[2] / "api" / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"
ENTRIES: dict[str, dict[str, str]] = json.loads(LOCK.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(ENTRIES))
def test_a_vendored_file_is_byte_for_byte_what_the_lock_says(path):
    digest = hashlib.sha256((VENDOR / path).read_bytes()).hexdigest()

    assert digest == ENTRIES[path]["sha256"]


def test_no_file_lies_among_the_vendored_ones_without_an_entry():
    lying = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert lying - {LOCK.name} == set(ENTRIES)


def test_the_lock_says_what_and_under_which_licence_but_not_from_where():
    assert all(entry["licence"] and "@" in entry["package"] for entry in ENTRIES.values())
    assert "://" not in LOCK.read_text(encoding="utf-8")


def test_no_style_sheet_or_font_is_fetched_from_elsewhere():
    for sheet in VENDOR.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text.replace("http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg", ""), sheet.name
