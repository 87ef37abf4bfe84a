"""An extract is checked by a programme that has nothing of ours, and believes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.transparency import verify_log
from nyefamilier.transparency.anchoring import FolderAnchor, tell
from nyefamilier.transparency.extracts import extract
from nyefamilier.transparency.growing import signer
from tests.cities import settle
from tests.transparency import one, reads, seal


@pytest.fixture
def home(real_city):
    return settle(real_city)


@pytest.fixture
def made(real_city, home, tmp_path):
    """The log grew three times; a folder was told each time; the extract is a file."""
    folder = FolderAnchor(tmp_path / "heads")
    for times in (30, 280, 9):
        reads(real_city, home.id, times=2)
        reads(real_city, times=times)
        seal(real_city)
        tell(partial(real_city.programme.work, SYSTEM, "test"), folder)
    sizes = [int(path.stem) for path in sorted((tmp_path / "heads").iterdir())]
    with real_city.programme.snapshot(SYSTEM, "test") as work:
        found = extract(work, home.id, sizes)
    with real_city.programme.work(SYSTEM, "test") as work:
        key = signer(work).verifier_key
    return found, key


def verify(tmp_path, found, *words):
    """Its exit code and what it says, run with no package of anybody's in reach."""
    path = tmp_path / "extract.json"
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    programme = [sys.executable, "-I", "-S", verify_log.__file__, str(path), *map(str, words)]
    done = subprocess.run(programme, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def kept(tmp_path):
    return sorted((tmp_path / "heads").iterdir())


def test_it_holds_by_itself_and_against_what_others_kept(real_city, home, made, tmp_path):
    found, key = made
    mine = one(real_city, "SELECT count(*) FROM access_log WHERE family_id = :id", id=home.id)
    assert len(found["entries"]) == mine - 1  # that the extract was made came later
    assert len({each["entry"]["family_id"] for each in found["entries"]}) == 1
    code, said = verify(tmp_path, found, "--key", key, "--checkpoint", *kept(tmp_path))
    assert code == 0
    assert f"{mine - 1} entries are in the log" in said
    assert "begins with the one of 3 earlier checkpoints" in said
    code, said = verify(tmp_path, found)
    assert code == 0
    assert "Who signed it is not shown" in said


def test_what_was_changed_left_out_or_signed_by_another_does_not_hold(made, tmp_path):
    found, key = made

    def harmed(change):
        copy = json.loads(json.dumps(found))
        change(copy)
        return verify(tmp_path, copy, "--key", key, "--checkpoint", *kept(tmp_path))

    entry = found["entries"][1]
    for name, value in entry["entry"].items():
        other = value + 1 if isinstance(value, int) else f"{value}x"
        code, said = harmed(lambda it, n=name, v=other: it["entries"][1]["entry"].update({n: v}))
        assert (code, said) == (
            1,
            f"DOES NOT HOLD: entry {entry['index']} was not in the log when its head was signed.\n",
        )
    assert harmed(lambda it: it["entries"][0].update(nonce="00"))[0] == 1
    assert harmed(lambda it: it["entries"][0].update(index=1))[0] == 1
    assert harmed(lambda it: it["entries"].append(it["entries"][0]))[0] == 1
    assert harmed(lambda it: it["entries"][0]["proof"].pop())[0] == 1
    assert harmed(lambda it: it["earlier"].clear())[0] == 1
    assert harmed(lambda it: it["earlier"][0]["proof"].reverse())[0] == 1
    assert harmed(lambda it: it.update(checkpoint=it["checkpoint"].replace("\n", "\n1", 1)))[0] == 1
    assert harmed(lambda it: it.pop("entries"))[0] == 2
    assert verify(tmp_path, "[]")[0] == 2
    assert verify(tmp_path, "no JSON")[0] == 2
    other_key = key[:-4] + ("AAA=" if not key.endswith("AAA=") else "BBB=")
    assert verify(tmp_path, found, "--key", other_key)[0] == 1


def test_a_log_that_was_cut_says_so(real_city, made, tmp_path):
    found, key = made
    smaller = kept(tmp_path)[0].read_text(encoding="utf-8")
    code, said = verify(
        tmp_path,
        found | {"checkpoint": smaller, "entries": []},
        *("--key", key, "--checkpoint", *kept(tmp_path)),
    )
    assert code == 1
    assert "the log was cut" in said


def test_a_family_that_nobody_read_has_an_empty_one(real_city, made, tmp_path):
    _, key = made
    with real_city.programme.snapshot(SYSTEM, "test") as work:
        empty = extract(work, work.actor.id)
    assert empty["entries"] == []
    assert verify(tmp_path, empty, "--key", key)[0] == 0


def test_it_is_made_by_the_programme_itself_and_not_before_the_log_is_sealed(real_city, home):
    with real_city.programme.snapshot(real_city.ours, "test") as work, pytest.raises(NotAllowed):
        extract(work, home.id)
    with real_city.programme.snapshot(SYSTEM, "test") as work, pytest.raises(NotFound):
        extract(work, home.id)


def test_the_verifier_has_nothing_but_pythons_own_library():
    source = Path(verify_log.__file__).read_text(encoding="utf-8")
    names = {line.split()[1].split(".")[0] for line in source.splitlines()
             if line.startswith(("import ", "from "))}  # fmt: skip
    assert names - {"__future__"} <= sys.stdlib_module_names
