"""Read a list from a file, one record at a time, whatever is in the file.

A record that cannot be read is given as it stands, with its flaw. Nothing here holds more than
`RECORD_LINES` lines of `LINE_BYTES` bytes.
"""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

from nyefamilier.intake.columns import Header, Kind, header, recognised
from nyefamilier.intake.encodings import encoding_of
from nyefamilier.intake.flaws import Flaw, flaw
from nyefamilier.intake.guarding import unguarded
from nyefamilier.kernel.errors import Malformed

LINE_BYTES: Final = 64 * 1024
"""A longer line is no row of these lists; a full one has some five thousand characters."""
RECORD_LINES: Final = 50
"""The most lines of one row: line breaks within quoted cells."""

_DELIMITERS: Final = (";", ",", "\t")


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One row as it stands in the file, by the number of its first line.

    A *torn* one could not be divided: its one cell is the line.
    """

    line: int
    cells: tuple[str, ...]
    flaw: Flaw | None = None
    torn: bool = False


class _Line(NamedTuple):
    number: int
    text: str
    whole: bool = True


class _Endless(Exception):  # noqa: N818 - it never leaves this module
    """A quotation mark was opened and is not closed within the lines that a record may have."""


class Source:
    """An open list: its header has been understood, its records wait to be read."""

    def __init__(self, file: BinaryIO, kind: Kind) -> None:
        """Find out encoding and delimiter, and match the header.

        Raises:
            Malformed: ``import-file`` or ``import-columns``; the file cannot be imported at all.
        """
        self.kind = kind
        self._file = file
        self._lines_read = 0
        self._waiting: deque[_Line] = deque()
        self.encoding = encoding_of(file)
        first = self._first_line()
        split = {one: _split(first, one) or [] for one in _DELIMITERS}
        self.delimiter = max(_DELIMITERS, key=lambda one: recognised(split[one], kind))
        self.header: Header = header(split[self.delimiter], kind)

    @property
    def size(self) -> int:
        """How many bytes the file has."""
        return os.fstat(self._file.fileno()).st_size

    @property
    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._file.tell()

    def records(self) -> Iterator[Record]:
        """The rows that follow the header, in order, empty ones left out."""
        while (line := self._next_line()) is not None:
            record = self._record(line)
            if record.flaw is not None or _says_anything(record.cells):
                yield record

    def values(self, record: Record) -> dict[str, str]:
        """A record's cells by column."""
        places = self.header.places
        return {
            column: unguarded(cell)
            for column, cell in zip(places, record.cells, strict=True)
            if column is not None
        }

    @property
    def columns(self) -> list[str]:
        """The header's cells, but those in which an earlier import wrote what was wrong."""
        return self._ours(self.header.cells)

    def told(self, record: Record) -> list[str]:
        """A record's cells, but those in which an earlier import wrote what was wrong."""
        cells = [unguarded(cell) for cell in record.cells]
        return cells if record.torn else self._ours(cells)

    def _ours(self, cells: Sequence[str]) -> list[str]:
        places = self.header.places
        return [c for n, c in enumerate(cells) if n >= len(places) or places[n] is not None]

    def _first_line(self) -> str:
        line = self._next_line()
        while line is not None and line.whole and _is_preamble(line.text):
            line = self._next_line()
        if line is None or not line.whole or "\0" in line.text:
            raise Malformed("import-file", "The file has no first line of column names; is it CSV?")
        if "\r" in line.text.rstrip("\r\n"):
            raise Malformed(
                "import-file",
                "The lines end as on an old Macintosh. Save the file as 'CSV UTF-8' and import "
                "that.",
            )
        return line.text

    def _record(self, first: _Line) -> Record:
        if not first.whole:
            too_long = flaw(None, "line-too-long", limit=LINE_BYTES)
            return Record(first.number, (), too_long)
        pulled = [first]
        try:
            cells = next(csv.reader(self._pull(pulled), delimiter=self.delimiter, strict=True), [])
        except (csv.Error, _Endless):
            return self._unread(pulled)
        ragged = len(cells) != len(self.header.cells) and _says_anything(cells)
        # The last line of a row may look like a whole one; a line in its middle does not.
        if any(self._is_row(line) for line in (pulled[1:] if ragged else pulled[1:-1])):
            return self._unread(pulled)
        wrong = flaw(None, "ragged-row", found=len(cells), wanted=len(self.header.cells))
        return Record(first.number, tuple(cells), wrong if ragged else None)

    def _pull(self, pulled: list[_Line]) -> Iterator[str]:
        """The lines of one record, as far as its quotation marks ask for them."""
        yield pulled[0].text
        while len(pulled) < RECORD_LINES and (line := self._next_line()) is not None:
            pulled.append(line)
            if not line.whole:
                break
            yield line.text
        if len(pulled) > 1:
            raise _Endless

    def _unread(self, pulled: list[_Line]) -> Record:
        """The first line alone as a bad record; those after it are read again as their own.

        Otherwise one stray quotation mark would swallow the good rows after it.
        """
        first, *others = pulled
        self._waiting.extendleft(reversed(others))
        line = first.text.rstrip("\r\n")
        return Record(first.number, (line,), flaw(None, "quoting"), torn=True)

    def _is_row(self, line: _Line) -> bool:
        cells = _split(line.text, self.delimiter)
        return cells is not None and len(cells) == len(self.header.cells)

    def _next_line(self) -> _Line | None:
        if self._waiting:
            return self._waiting.popleft()
        found = self._file.readline(LINE_BYTES)
        if not found:
            return None
        self._lines_read += 1
        whole = len(found) < LINE_BYTES or found.endswith(b"\n")
        if not whole:
            self._skip_line()
            return _Line(self._lines_read, "", whole=False)
        # A byte that does not fit becomes U+FFFD, which no cell may hold: a bad row, not a crash.
        return _Line(self._lines_read, found.decode(self.encoding, "replace"))

    def _skip_line(self) -> None:
        while (rest := self._file.readline(LINE_BYTES)) and not rest.endswith(b"\n"):
            pass


def _split(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line that is a record by itself; None if it is not."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _says_anything(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _is_preamble(line: str) -> bool:
    """Whether a line before the header is to be passed over: empty, or a spreadsheet's own hint."""
    return not line.strip() or line.casefold().startswith("sep=")
