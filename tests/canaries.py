"""Searches files for planted words in every form in which one could lie there in the clear.

As a script: ``python -m tests.canaries WORDS FILE...`` with the file that ``nyefamilier demo
--canaries WORDS`` wrote, and dumps or logs. Exit code 1 when a word is found.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True)
class Hit:
    """A word of a kind was found, in a form."""

    kind: str
    form: str
    word: str | bytes


class Searcher:
    """Finds words in streams, in UTF-8, UTF-16, Latin-1, base64, hexadecimal and JSON's escapes."""

    def __init__(self, words: Mapping[str, Sequence[str | bytes]]) -> None:
        """Prepare to look for *words*, by kind; bytes of keys are words too."""
        self._meaning: dict[bytes, Hit] = {}
        for kind, some in words.items():
            for word in some:
                for form, needle in forms(word).items():
                    # Digits are the same in some forms; the first names them.
                    self._meaning.setdefault(needle, Hit(kind, form, word))
        self._pattern = re.compile(_any_of(sorted(self._meaning)))
        self._longest = max(map(len, self._meaning))

    def hits(self, stream: BinaryIO) -> Counter[Hit]:
        """Every word found in the stream, with how often."""
        found: Counter[Hit] = Counter()
        kept = b""
        while chunk := stream.read(CHUNK):
            text = kept + chunk
            found.update(self._found(text, fresh_from=len(kept)))
            kept = text[-self._longest :]
        return found

    def _found(self, text: bytes, fresh_from: int) -> Iterator[Hit]:
        # What lies wholly in the part that was kept has been found before.
        start = 0
        while match := self._pattern.search(text, start):
            if match.end() > fresh_from:
                yield self._meaning[match[0]]
            start = match.start() + 1


def forms(word: str | bytes) -> dict[str, bytes]:
    """The word as bytes, in every form in which it is looked for."""
    plain = word.encode() if isinstance(word, str) else word
    return {
        "utf-8": plain,
        **(_of_text(word) if isinstance(word, str) else {}),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        **{
            f"{name}+{shift}": _base64(plain, shift, alphabet)
            for name, alphabet in (("base64", b"+/"), ("base64url", b"-_"))
            for shift in range(3)
        },
    }


def _of_text(word: str) -> dict[str, bytes]:
    text = {
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
    }
    # A browser keeps a text in Latin-1 where that has all its letters.
    with contextlib.suppress(UnicodeEncodeError):
        text["latin-1"] = word.encode("latin-1")
    return text


def _base64(plain: bytes, shift: int, alphabet: bytes) -> bytes:
    """What is the same in base64 wherever the word lies *shift* bytes after a multiple of three."""
    padded = b"\0" * shift + plain
    whole = len(padded) // 3 * 3
    first = -(-shift * 8 // 6)
    return base64.b64encode(padded[:whole], alphabet)[first:]


def _any_of(needles: list[bytes]) -> bytes:
    """A pattern for any of the sorted needles, branching byte by byte so that it stays fast."""
    branches = []
    for first, group in groupby(needles, key=lambda needle: needle[:1]):
        rest = [needle[1:] for needle in group]
        if len(rest) == 1:
            branches.append(re.escape(first + rest[0]))
        else:
            is_end = b"" in rest
            longer = _any_of([one for one in rest if one])
            branches.append(re.escape(first) + (b"(?:" + longer + b")?" if is_end else longer))
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"


def main(words_file: str, files: Iterable[str]) -> int:
    """Search, and say what was found where."""
    searcher = Searcher(json.loads(Path(words_file).read_text("utf-8")))
    total = 0
    for name in files:
        with Path(name).open("rb") as stream:
            found = searcher.hits(stream)
        total += sum(found.values())
        print(f"{name}: {sum(found.values())} hits")  # noqa: T201 - a script
        for hit, count in found.most_common():
            print(f"  {count} x {hit.kind} as {hit.form}")  # noqa: T201
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
