"""``nyefamilier import``, as it is typed."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func, select

from nyefamilier.changes.tables import MutationRow
from nyefamilier.cli.main import main
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.clock import day_of, system_clock
from nyefamilier.schema import METADATA
from tests.intake_file import Maker, make
from tests.integration.storage.servers import wait_until

ROOT = Path(__file__).parents[3]
TODAY = day_of(system_clock())
HEADER = "navn;fnr;delbydel;termin;henvist_dato\n"
GOOD = f"Rask Bjørk;;0301111101;{TODAY};{TODAY}\n"


@pytest.fixture
def maker():
    return Maker(TODAY, Random(11))  # noqa: S311 - synthetic people


@pytest.fixture
def told(folder) -> Callable[..., Path]:
    """Writes a list."""

    def write(text: str | bytes, name: str = "list.csv") -> Path:
        path = folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def environment(engine: Engine, folder: Path) -> dict[str, str]:
    return {
        "NYEFAMILIER_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "NYEFAMILIER_KEYRING": str(folder.parent / "keyring.json"),
        "NYEFAMILIER_ENVIRONMENT": "test",
    }


@pytest.fixture
def command(committing, folder, monkeypatch, capsys):
    """Types a command and gives its exit code, what it said, and what it said on the side."""
    for name, value in environment(committing, folder).items():
        monkeypatch.setenv(name, value)

    def type_(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nyefamilier", "import", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return type_


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
            if table.name != "access_log"
        }


def families(engine: Engine) -> int:
    return counts(engine)[FamilyRow.__tablename__]


def test_two_thousand_rows_with_every_kind_of_bad_one(command, committing, told, maker):
    text, expected = make(2_000, 0.01, maker)
    path = told(text)

    code, out, err = command(path, "--kind", "referrals", "--json")
    result = json.loads(out)
    again = json.loads(command(path, "--kind", "referrals", "--json")[1])

    assert code == 3
    assert {name: result[name] for name in expected} == expected
    assert result["imported"] + result["already_there"] + result["rejected"] == result["read"]
    assert families(committing) == expected["imported"]
    assert (again["imported"], again["rejected"]) == (0, expected["rejected"])
    assert result["encoding"] == "utf-8"
    assert sum(result["reasons"].values()) == expected["rejected"] == err.count("\n")


def test_what_is_told_names_lines_columns_and_reasons_and_no_person(command, told, maker):
    text, _ = make(150, 0.02, maker)

    _, out, err = command(told(text), "--kind", "referrals")

    assert "150 rows read: 117 imported, 3 already there, 30 rejected." in out
    assert ", termin: There is no such day in the calendar. [no-such-day]" in err
    cells = {
        cell for line in text.decode(errors="replace").splitlines() for cell in line.split(";")
    }
    people = {one for one in cells if len(one) > 8 and (" " in one or one.isdigit())}
    assert people
    assert not [one for one in people if one in err or one in out]


def test_all_good_is_zero_and_makes_no_file(command, told, folder):
    path = told(HEADER + GOOD)

    code, out, err = command(path, "--kind", "referrals")

    assert (code, err) == (0, "")
    assert "1 rows read: 1 imported" in out
    assert list(folder.iterdir()) == [path]


def test_rejected_rows_go_beside_the_list_and_never_over_a_file(command, told, folder):
    path = told(HEADER + GOOD + "A;B\n")

    assert command(path, "--kind", "referrals")[0] == 3
    _, out, _ = command(path, "--kind", "referrals")

    made = [folder / "list.avvist.csv", folder / "list.avvist-2.csv"]
    assert sorted(folder.iterdir()) == sorted([path, *made])
    assert str(made[1]) in out.replace("\n", "")
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in made)


def test_a_dry_run_changes_nothing_and_writes_no_file(command, committing, told, folder):
    path = told(HEADER + GOOD + "A;B\n")
    before = counts(committing)

    code, out, _ = command(path, "--kind", "referrals", "--dry-run")

    assert code == 3
    assert "1 would be imported" in out
    assert counts(committing) == before
    assert list(folder.iterdir()) == [path]


def test_a_dry_run_writes_the_rejected_rows_where_it_is_told_to(command, told, folder):
    target = folder / "bad.csv"
    command(told(HEADER + "A;B\n"), "--kind", "referrals", "--dry-run", "--rejects", target)
    assert target.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "import-file: The file is empty."),
        (b"PK\x03\x04" + b"\0" * 9_000, "workbook"),
        (bytes(range(256)) * 400, "import-"),
        (b"navn;fnr\n", "missing: delbydel, termin, henvist_dato"),
        (HEADER.replace("\n", ";skostr\n").encode(), "not known: skostr"),
    ],
)
def test_a_file_that_is_no_list_is_refused_before_anything_is_done(command, told, text, reason):
    code, out, err = command(told(text), "--kind", "referrals")
    assert (code, out) == (1, "")
    assert reason in " ".join(err.split())


def test_a_list_without_rows_is_taken_in(command, told):
    code, out, _ = command(told(HEADER), "--kind", "referrals")
    assert (code, out) == (0, "0 rows read: 0 imported, 0 already there, 0 rejected.\n")


@pytest.mark.parametrize("words", [[], ["--kind", "visits"], ["--kind", "births", "--colour"]])
def test_wrong_words_are_wrong_usage(command, told, words):
    assert command(told(HEADER), *words)[0] == 2


def test_a_file_that_is_not_there_and_a_target_that_is_are_wrong_usage(command, told, folder):
    path = told(HEADER)
    assert command(folder / "nothing.csv", "--kind", "births")[0] == 2
    assert command(path, "--kind", "referrals", "--rejects", path)[0] == 2
    assert command(path, "--kind", "referrals", "--rejects", folder / "none" / "bad.csv")[0] == 2
    assert path.read_text() == HEADER


def test_a_pipe_is_refused(command, folder):
    os.mkfifo(folder / "pipe")
    code, _, err = command(folder / "pipe", "--kind", "referrals")
    assert code == 1
    assert "ordinary file" in err


def test_an_old_database_is_told(command, told, fresh_database, folder, monkeypatch):
    empty = environment(fresh_database(empty=True), folder)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", empty["NYEFAMILIER_DATABASE_URL"])
    code, _, err = command(told(HEADER), "--kind", "referrals")
    assert code == 1
    assert "database-not-migrated" in err


def started(engine: Engine, folder: Path, *words: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "nyefamilier.cli", "import", *map(str, words)],
        env=os.environ | environment(engine, folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def mutations(engine: Engine) -> set[tuple[object, ...]]:
    with engine.connect() as connection:
        query = select(
            MutationRow.id, MutationRow.family_id, MutationRow.rev, MutationRow.operations
        )
        return {tuple(row) for row in connection.execute(query)}


def test_killed_half_way_and_run_again_is_as_if_it_had_run_once(
    fresh_database, told, folder, maker
):
    text, expected = make(700, 0.01, maker)
    path = told(text)
    words = (path, "--kind", "referrals", "--json")
    once, twice = fresh_database(), fresh_database()
    at_once, killed = started(once, folder, *words), started(twice, folder, *words)
    wait_until(lambda: families(twice) > 0)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    there = families(twice)
    assert 0 < there < expected["imported"], "it was to be killed half-way"
    out, _ = started(twice, folder, *words).communicate()
    unbroken, _ = at_once.communicate()

    assert {name: json.loads(unbroken)[name] for name in expected} == expected
    result = json.loads(out)
    assert result["imported"] == expected["imported"] - there
    assert result["already_there"] == expected["already_there"] + there
    assert result["rejected"] == expected["rejected"]
    assert counts(twice) == counts(once)
    assert mutations(twice) == mutations(once)


FULL = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
runpy.run_module("nyefamilier.cli", run_name="__main__")
"""


def test_a_full_disk_for_the_rejected_rows_is_told(committing, told, folder, command):
    """No file may grow beyond twenty kilobytes: what the full disk is to whoever writes."""
    path = told(HEADER + GOOD + "A;B\n" * 2_000)
    command(told(HEADER + GOOD, "first.csv"), "--kind", "referrals")

    child = subprocess.run(
        [sys.executable, "-c", FULL, "import", path, "--kind", "referrals"],
        env=os.environ | environment(committing, folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert child.returncode == 1
    assert "rejects-unwritable" in child.stderr
    assert "run the same again" in child.stderr


def test_a_gigabyte_without_a_line_break_is_one_bad_row(fresh_database, folder):
    """The file is sparse: it takes no place on the disk, and reads as a gigabyte of NUL."""
    path = folder / "endless.csv"
    path.write_text(HEADER + GOOD)
    os.truncate(path, 1 << 30)
    with path.open("ab") as file:
        file.write(b"\n" + GOOD.replace("Rask", "Lys").encode())

    engine = fresh_database()
    child = started(engine, folder, path, "--kind", "referrals", "--json")
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(most_memory, child)
        out, err = child.communicate()
        peak = watching.result()

    assert json.loads(out)["reasons"] == {"line-too-long": 1}, err
    assert json.loads(out)["imported"] == 2
    assert 0 < peak < 300, f"{peak} MB"


def most_memory(child) -> int:
    """The most memory that the process itself ever held, in MB.

    The system's own figure for children begins with what their parent held when it forked.
    """
    peak = 0
    while child.poll() is None:
        try:
            status = Path(f"/proc/{child.pid}/status").read_text("ascii")
        except OSError:
            break
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peak = int(line.split()[1]) // 1024
        time.sleep(0.05)
    return peak
