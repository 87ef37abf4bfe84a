"""The file of rejected rows: as they were, each with what is wrong, to be mended and read again.

It holds personal data, so only its owner may read it, and no file that is there is written over.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from nyefamilier.intake.columns import ERROR_COLUMNS
from nyefamilier.intake.flaws import Flaw
from nyefamilier.intake.guarding import guarded
from nyefamilier.intake.source import Record, Source

_ENCODING = "utf-8-sig"  # with a byte order mark, or Excel takes it for Windows-1252


class Rejects:
    """A file that is made when the first row goes into it. Close it when all are in."""

    def __init__(self, path: Path, source: Source) -> None:
        """Reject rows of *source* into *path*, which must not be there."""
        self.path = path
        self._source = source
        self._file: TextIO | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was rejected, so that there is no file."""
        return self._file is None

    def add(self, record: Record, flaws: Sequence[Flaw]) -> None:
        """Write a row with what is wrong with it.

        Raises:
            FileExistsError: somebody else's file lies there.
        """
        file = self._file or self._begin()
        columns = dict.fromkeys(one.column for one in flaws if one.column is not None)
        reasons = " | ".join(
            f"{one.column}: {one.bokmal}" if one.column else one.bokmal for one in flaws
        )
        cells = self._source.told(record)
        self._write(file, [str(record.line), " ".join(columns), reasons, *cells])

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> TextIO:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding=_ENCODING, newline="")
        self._write(self._file, [*ERROR_COLUMNS, *self._source.columns])
        return self._file

    def _write(self, file: TextIO, cells: Sequence[str]) -> None:
        csv.writer(file, delimiter=self._source.delimiter).writerow(map(guarded, cells))


def free_path(beside: Path) -> Path:
    """Where to put the rejected rows of the list *beside*: the first name that nothing has."""
    number, path = 1, beside.with_name(f"{beside.stem}.avvist.csv")
    while os.path.lexists(path):
        number += 1
        path = beside.with_name(f"{beside.stem}.avvist-{number}.csv")
    return path
