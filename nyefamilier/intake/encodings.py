"""Find out how a file is encoded, from all of it, without ever holding more than a piece."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

from nyefamilier.kernel.errors import Malformed

UTF_8: Final = "utf-8"
WINDOWS: Final = "cp1252"

_PIECE: Final = 1 << 20
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE_AS: Final = "Save it from the spreadsheet as 'CSV UTF-8' and import that."


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 or Windows-1252. Leaves *file* at its first character, past a byte order mark.

    Norwegian text in Windows-1252 is almost never UTF-8 by chance, so bytes that fit UTF-8 outweigh
    as many that do not: those are a few broken rows of a UTF-8 file.

    Raises:
        Malformed: ``import-file``: empty, a workbook, or in UTF-16.
    """
    start = file.read(4)
    _check_start(start)
    marked = start.startswith(codecs.BOM_UTF8)
    file.seek(0)
    fitting, unfit = (1, 0) if marked else _counts(file)
    file.seek(len(codecs.BOM_UTF8) if marked else 0)
    return UTF_8 if fitting >= unfit else WINDOWS


def _check_start(start: bytes) -> None:
    if not start:
        raise Malformed("import-file", "The file is empty.")
    if start.startswith(_WORKBOOKS):
        raise Malformed("import-file", f"This is a workbook, not CSV. {_SAVE_AS}")
    if start.startswith(_UTF_16) or b"\0\0" in {start[::2], start[1::2]}:
        raise Malformed("import-file", f"This is text in UTF-16. {_SAVE_AS}")


def _counts(file: BinaryIO) -> tuple[int, int]:
    """How many characters beyond ASCII are good UTF-8, and how many bytes are not."""
    decoder = codecs.getincrementaldecoder(UTF_8)("replace")
    fitting = unfit = 0
    for piece in _pieces(file):
        text = decoder.decode(piece, final=not piece)
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        damaged = text.count("\ufffd")
        fitting, unfit = fitting + beyond - damaged, unfit + damaged
    return fitting, unfit


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """The file piece by piece, and an empty piece at its end."""
    while piece := file.read(_PIECE):
        yield piece
    yield b""
