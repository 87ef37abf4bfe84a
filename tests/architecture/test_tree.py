"""What must hold of the tree itself."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "config", "migrations", "nyefamilier", "scheduler")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
ADDRESS = re.compile(r"https?://[^\s\"')]+")


def tracked(pattern: str) -> list[Path]:
    """The files that git knows and that are there."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in said.stdout.splitlines() if (path := ROOT / line).is_file()]


def modules() -> list[Path]:
    """Our own modules, tests left out."""
    return [path for package in PACKAGES for path in tracked(f"{package}/*.py")]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_root_package_is_ours_and_not_an_installed_one_of_the_same_name(package):
    assert Path(str(importlib.import_module(package).__file__)).is_relative_to(ROOT)


def test_nothing_is_left_unfinished():
    found = [path for path in modules() if UNFINISHED.search(path.read_text("utf-8"))]
    assert found == []


def test_no_module_is_too_long_to_be_read_at_once():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_function_is_too_long_to_be_understood_at_once():
    found = [
        (path.name, node.name)
        for path in modules()
        if "versions" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_no_lock_names_an_address_that_it_was_fetched_from():
    locks = [*tracked("requirements/*"), *tracked("*.lock.json")]
    assert locks
    assert [path for path in locks if ADDRESS.search(path.read_text("utf-8"))] == []


def test_every_link_in_the_documents_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked("*.md")
        for target in LINK.findall(page.read_text("utf-8"))
        if not target.startswith("/") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_decisions_are_numbered_without_a_double():
    numbers = [path.name[:4] for path in tracked("docs/adr/*.md")]
    assert len(numbers) == len(set(numbers))
