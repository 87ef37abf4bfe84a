"""The known answers of HVE v1, made by another implementation, against ours."""

import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, open_sealed
from tests.vectors import hve1_cases, hve1_format, make_hve1, salamander

DOCUMENT = json.loads(make_hve1.FILE.read_text(encoding="utf-8"))
TESTS = DOCUMENT["testGroups"][0]["tests"]
DEMANDED_FLAGS = {
    "Valid", "BitFlip", "Truncated", "Extended", "WrongFamily", "WrongColumn", "RolledBackVersion",
    "PadNonZero", "LengthLie", "WrongBucket", "UnknownSuite", "UnknownFlags", "Salamander",
    "OtherDekVer",
}  # fmt: skip


def opened(test):
    """What our code makes of a vector: the plaintext, or None when it is refused."""
    key = DataKey(UUID(test["dek_id"]), test["ver"], bytes.fromhex(test["key"]))
    place = test["ctx"]
    cell = Cell(
        place["table"],
        place["column"],
        UUID(place["record_id"]),
        UUID(place["family_id"]),
        int(place["row_version"]),
        place["schema"],
    )
    try:
        return open_sealed(key, place["tenant"], cell, bytes.fromhex(test["blob"]))
    except CannotOpen:
        return None


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test['tcId']}-{test['flags'][0]}")
def test_every_known_answer_is_ours(test):
    expected = bytes.fromhex(test["plaintext"]) if test["result"] == "valid" else None
    assert opened(test) == expected


def test_there_are_enough_vectors_and_every_flag_is_used():
    used = {flag for test in TESTS for flag in test["flags"]}
    assert len(TESTS) == DOCUMENT["numberOfTests"] >= 200
    assert used == set(DOCUMENT["notes"])
    assert used >= DEMANDED_FLAGS


def test_the_numbers_of_the_vectors_run_from_one_without_a_gap():
    assert [test["tcId"] for test in TESTS] == list(range(1, len(TESTS) + 1))


def test_the_script_writes_this_very_file():
    command = [sys.executable, "-m", "tests.vectors.make_hve1", "--check"]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root, check=False).returncode == 0


@pytest.mark.parametrize("module", [hve1_cases, hve1_format, make_hve1, salamander])
def test_the_script_knows_nothing_of_the_programme(module):
    assert not re.search(r"(import|from) nyefamilier", Path(module.__file__).read_text("utf-8"))
