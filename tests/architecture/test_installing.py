"""What is installed is locked, the same for running and for testing, and named where it is used."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.e2e import chromium

ROOT = Path(__file__).parents[2]


def pins(name: str) -> dict[str, str]:
    words = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", words, flags=re.MULTILINE))


def wanted(name: str) -> set[str]:
    words = (ROOT / "requirements" / f"{name}.in").read_text().split("\n")
    return {re.split(r"[<>=\[]", word)[0] for word in words if word and not word.startswith("-")}


def test_tests_run_on_the_versions_that_are_served():
    run, dev = pins("run"), pins("dev")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["boot", "run", "dev"])
def test_every_pin_has_a_hash_and_every_wish_a_pin(name: str):
    blocks = re.split(
        r"^(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text(), flags=re.MULTILINE
    )
    assert [block for block in blocks if block.strip() and "--hash=sha256:" not in block] == []
    assert wanted(name) <= pins(name).keys()


def test_the_project_names_what_it_installs_to_run():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {re.split(r"[<>=\[]", word)[0] for word in project["dependencies"]}
    assert named == wanted("run")


@pytest.mark.parametrize("name", ["api", "config", "migrations", "nyefamilier", "scheduler"])
def test_a_package_of_ours_is_not_hidden_by_an_installed_one_of_the_same_name(name: str):
    assert Path(importlib.import_module(name).__file__).is_relative_to(ROOT)


def test_every_target_that_make_help_names_is_a_phony_target():
    words = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", words, flags=re.MULTILINE)
    assert set(re.findall(r"^([a-z-]+):.*##", words, flags=re.MULTILINE)) == set(phony.split())


def test_a_machine_without_a_browser_is_told_so_and_no_test_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chromium, "SYSTEM_PATH", str(tmp_path))
    assert chromium.find_chromium() is None
    with pytest.raises(chromium.NoBrowserError, match="apt-get install chromium"):
        chromium.ensure_chromium()


def test_a_browser_that_the_system_has_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "google-chrome").touch(mode=0o755)
    monkeypatch.setattr(chromium, "SYSTEM_PATH", str(tmp_path))
    assert chromium.ensure_chromium() == str(tmp_path / "google-chrome")


def test_continuous_integration_runs_the_commands_of_the_readme():
    steps = (ROOT / ".ci" / "run").read_text().splitlines()
    readme = (ROOT / "README.md").read_text()
    for command in ("make check", "make test"):
        assert command in steps
        assert command in readme
