"""The file of rejected rows: as they were, each with what is wrong, to be mended and read again.

It holds personal data, so only its owner may read it, and no file that is there is written over.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from errno import EEXIST
from itertools import count
from pathlib import Path
from typing import TextIO

from nyefamilier.intake.columns import ERROR_COLUMNS
from nyefamilier.intake.flaws import Flaw
from nyefamilier.intake.guarding import guarded
from nyefamilier.intake.source import Record, Source

_ENCODING = "utf-8-sig"  # with a byte order mark, or Excel takes it for Windows-1252


class Rejects:
    """A file that is made when the first row goes into it. Close it when all are in."""

    def __init__(self, names: Iterable[Path], source: Source) -> None:
        """Reject rows of *source* into the first of *names* that nothing has when it is made."""
        self._names = iter(names)
        self._source = source
        self._file: TextIO | None = None
        self.path: Path | None = None
        """Where the rows are; None as long as there are none."""

    def add(self, record: Record, flaws: Sequence[Flaw]) -> None:
        """Write a row with what is wrong with it.

        Raises:
            OSError: the file cannot be made or written.
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
        self.path, descriptor = _made(self._names)
        self._file = os.fdopen(descriptor, "w", encoding=_ENCODING, newline="")
        self._write(self._file, [*ERROR_COLUMNS, *self._source.columns])
        return self._file

    def _write(self, file: TextIO, cells: Sequence[str]) -> None:
        csv.writer(file, delimiter=self._source.delimiter).writerow(map(guarded, cells))


def names_beside(path: Path) -> Iterator[Path]:
    """Where the rejected rows of the list in *path* may go, in order."""
    yield path.with_name(f"{path.stem}.avvist.csv")
    for number in count(2):
        yield path.with_name(f"{path.stem}.avvist-{number}.csv")


def _made(names: Iterator[Path]) -> tuple[Path, int]:
    """The first file that could be made, open. Another import may take a name at any moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    for path in names:
        with suppress(FileExistsError):
            return path, os.open(path, flags, 0o600)
    raise FileExistsError(EEXIST, os.strerror(EEXIST))
