"""``nyefamilier demo``, as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from nyefamilier.demo.sizes import Size
from tests.databases import Databases

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.xdist_group("demo command")  # one load serves all


@pytest.fixture(scope="module")
def command(server: Databases) -> Generator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Types ``nyefamilier demo`` on a database of this module's own."""
    name = f"demo_{os.getpid()}"
    url = server.create(name, "template").render_as_string(hide_password=False)
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "NYEFAMILIER_DATABASE_URL": url,
            "NYEFAMILIER_KEYRING": f"{folder}/keyring.json",
            "NYEFAMILIER_ENVIRONMENT": "test",
            "COLUMNS": "100",
        }

        def type_(*words: str | Path) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "nyefamilier.cli", "demo", *map(str, words)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )

        yield type_
    server.drop(name)


@pytest.fixture(scope="module")
def loaded(command) -> subprocess.CompletedProcess[str]:
    """The small size, loaded by two processes."""
    return command("--size", Size.SMALL, "--workers", 2)


def test_the_small_size_is_loaded_and_counted(loaded):
    assert loaded.returncode == 0, loaded.stderr
    assert "0 families were there" in loaded.stdout


def test_a_second_load_adds_nothing(command, loaded):
    again = command()

    assert again.returncode == 0, again.stderr
    assert "0 families with 0 changes are new" in again.stdout


def test_a_sample_says_why_its_volumes_do_not_hold_and_its_uptake_does(command, loaded):
    compared = command("--compare", "--json")
    figures = {one["figure"]["key"]: one for one in json.loads(compared.stdout)}

    assert compared.returncode == 1
    assert figures["stovner-uptake"]["holds"] is True
    assert round(figures["stovner-uptake"]["ours"]) == 83
    assert figures["visits-2018"]["holds"] is False
    assert "--size city" in figures["families-2016-2019"]["why"]
    assert figures["interpreted-visits"]["holds"] is None
    assert all(one["figure"]["source"] for one in figures.values())


def test_the_table_names_each_source(command, loaded):
    compared = command("--compare")

    assert compared.returncode == 1
    assert "Stovner, said yes, until 2016" in compared.stdout
    assert "ivarjohansen.no, 7227" in compared.stdout


def test_another_seed_is_refused(command, loaded):
    refused = command("--seed", 5)

    assert refused.returncode == 1
    assert "another-city" in refused.stderr


def test_canaries_are_planted_and_written_down(command, loaded, tmp_path):
    file = tmp_path / "canaries.json"
    planted = command("--canaries", file)

    assert planted.returncode == 0, planted.stderr
    assert sum(map(len, json.loads(file.read_text("utf-8")).values())) == 200
