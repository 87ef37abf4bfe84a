"""The file of rejected rows: whose it is, and that it is never somebody else's."""

import io
import os
import stat
from itertools import islice
from pathlib import Path

import pytest

from nyefamilier.intake.columns import Kind
from nyefamilier.intake.flaws import flaw
from nyefamilier.intake.rejects import Rejects, names_beside
from nyefamilier.intake.source import Record, Source

HEADER = b"navn;fnr;delbydel;termin;henvist_dato\n"
BAD = Record(2, ("Rask", "", "", "", "x"))


def reject(names):
    rejects = Rejects(names, Source(io.BytesIO(HEADER), Kind.REFERRALS))
    rejects.add(
        BAD, [flaw("termin", "required"), flaw(None, "quoting"), flaw("termin", "no-such-day")]
    )
    rejects.close()
    return rejects.path


def test_it_is_its_owners_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        path = reject([tmp_path / "bad.csv"])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_name_that_another_import_took_a_moment_ago_is_passed_over(tmp_path):
    first, second, *_ = islice(names_beside(tmp_path / "list.csv"), 3)
    first.write_text("another's")
    assert reject(names_beside(tmp_path / "list.csv")) == second
    assert first.read_text() == "another's"


def test_the_one_name_that_was_asked_for_is_never_written_over(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        reject([path])


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "bad.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="exists"):
        reject([tmp_path / "bad.csv"])
    assert not Path(tmp_path / "elsewhere").exists()


def test_each_column_is_named_once_and_each_reason_told(tmp_path):
    line = reject([tmp_path / "bad.csv"]).read_text(encoding="utf-8-sig").splitlines()[1]
    number, columns, reasons, *cells = line.split(";")
    assert (number, columns, cells) == ("2", "termin", list(BAD.cells))
    assert [one.partition(":")[0] for one in reasons.split(" | ")][0::2] == ["termin", "termin"]


def test_without_a_rejected_row_there_is_no_file(tmp_path):
    rejects = Rejects([tmp_path / "bad.csv"], Source(io.BytesIO(HEADER), Kind.REFERRALS))
    rejects.close()
    assert rejects.path is None
    assert list(tmp_path.iterdir()) == []
