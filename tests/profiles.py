"""A browser's profile as a thief reads it: every file, and what a database has packed in it.

A search of the bare files is not enough. LevelDB cuts what it logs into blocks, and packs those of
its tables with Snappy; Blink packs large values with Snappy before it stores them; the cache keeps
what came packed with gzip as it came. Each is looked into as well.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from tests.canaries import Searcher

LOG_BLOCK = 32 * 1024
LOG_HEADER = 7
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER = 48
SNAPPY = 1
# Before a value that Blink has packed: a version tag, the version of the wrapping, and how.
BLINK_PACKED = b"\xff\x11\x02"
GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
MOST_UNPACKED = 32 * 1024 * 1024


def found_in(profile: Path, words: dict[str, list[str | bytes]]) -> dict[str, list[str]]:
    """What of *words* lies in the profile: for each kind that was found, in which files and how."""
    searcher = Searcher(words)
    found: dict[str, set[str]] = {}
    for path in sorted(profile.rglob("*")):
        for how, content in views(path):
            for hit in searcher.hits(BytesIO(content)):
                place = f"{path.relative_to(profile)} {how} as {hit.form}"
                found.setdefault(f"{hit.kind}: {hit.word!r}", set()).add(place)
    return {word: sorted(places) for word, places in found.items()}


def views(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's name and content as they are, and everything that was packed in it."""
    yield "name", path.name.encode()
    content = _read(path)
    if content is None:
        return
    yield "bare", content
    inner = []
    if path.suffix == ".log" or path.name.startswith("MANIFEST"):
        inner.append(("log", joined(content)))
    if content.endswith(TABLE_MAGIC):
        inner.append(("table", b"\n".join(blocks(content))))
    yield from inner
    for _, whole in [("bare", content), *inner]:
        yield "packed by Blink", b"\n".join(_blink_values(whole))
        yield "gzip", b"\n".join(_gzipped(whole))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except FileNotFoundError:  # the browser runs, and tidies as it does
        return None


def joined(log: bytes) -> bytes:
    """What a log of LevelDB says, without the headers that cut it into blocks."""
    parts = []
    for start in range(0, len(log), LOG_BLOCK):
        block, at = log[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            parts.append(block[at + LOG_HEADER : at + LOG_HEADER + length])
            at += LOG_HEADER + length
    return b"".join(parts)


def blocks(table: bytes) -> Iterator[bytes]:
    """The blocks of a table of LevelDB, unpacked."""
    footer = table[-FOOTER:]
    _, at = _varint(footer, 0)
    _, at = _varint(footer, at)
    offset, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    for handle in _values(_block(table, offset, size)):
        offset, at = _varint(handle, 0)
        size, _ = _varint(handle, at)
        yield _block(table, offset, size)


def _block(table: bytes, offset: int, size: int) -> bytes:
    content, kind = table[offset : offset + size], table[offset + size]
    return unpacked(content) if kind == SNAPPY else content


def _values(block: bytes) -> Iterator[bytes]:
    restarts = int.from_bytes(block[-4:], "little")
    end, at = len(block) - 4 - 4 * restarts, 0
    while at < end:
        _, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        yield block[at + own : at + own + length]
        at += own + length


def unpacked(packed: bytes) -> bytes:
    """What Snappy has packed.

    Raises:
        ValueError: it has not packed this.
    """
    size, at = _varint(packed, 0)
    if size > MOST_UNPACKED:
        raise ValueError("too large")
    out = bytearray()
    while at < len(packed) and len(out) < size:
        tag = packed[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                more = length - 59
                length = int.from_bytes(packed[at : at + more], "little")
                at += more
            out += packed[at : at + length + 1]
            at += length + 1
        else:
            length, offset, at = _copy(packed, tag, at)
            if not 0 < offset <= len(out):
                raise ValueError("not Snappy")
            for _ in range(length):
                out.append(out[-offset])
    if len(out) != size:
        raise ValueError("not Snappy")
    return bytes(out)


def _copy(packed: bytes, tag: int, at: int) -> tuple[int, int, int]:
    if tag & 3 == 1:
        if at >= len(packed):
            raise ValueError("not Snappy")
        return (tag >> 2 & 7) + 4, (tag >> 5) << 8 | packed[at], at + 1
    wide = 2 if tag & 3 == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(packed[at : at + wide], "little"), at + wide


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise ValueError("no number")
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _blink_values(content: bytes) -> Iterator[bytes]:
    at = content.find(BLINK_PACKED)
    while at >= 0:
        with contextlib.suppress(ValueError):
            yield _unpacked_at(content, at + len(BLINK_PACKED))
        at = content.find(BLINK_PACKED, at + 1)


def _unpacked_at(content: bytes, at: int) -> bytes:
    # How long the packed value is stands elsewhere; Snappy itself says when it is whole.
    size, _ = _varint(content, at)
    return unpacked(content[at : at + size + size // 6 + 64])


def _gzipped(content: bytes) -> Iterable[bytes]:
    for match in GZIP.finditer(content):
        try:
            yield zlib.decompressobj(31).decompress(content[match.start() :], MOST_UNPACKED)
        except zlib.error:
            continue
