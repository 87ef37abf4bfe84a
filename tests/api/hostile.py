"""Bodies that nobody sends by accident, and some that somebody will."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \n\t ",
    "half an object": b'{"a":',
    "an array": b"[]",
    "an array of objects": b"[{}]",
    "null": b"null",
    "text": b'"text"',
    "a number": b"1",
    "true": b"true",
    "an empty object": b"{}",
    "two objects": b"{}{}",
    "rubbish after the object": b"{} x",
    "a comma too many": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "a comment": b'{/* */"a":1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a":1}'.encode("utf-16-le"),
    "Latin-1": '{"navn":"Bjørk"}'.encode("latin-1"),
    "a cut code point": b'{"a":"\xc3"}',
    "an overlong code point": b'{"a":"\xc0\xaf"}',
    "a NUL byte": b'{"a":"\x00"}',
    "an escaped NUL": b'{"a":"\\u0000"}',
    "an escaped NUL in a key": b'{"\\u0000":1}',
    "half a surrogate pair": b'{"a":"\\ud800"}',
    "a surrogate pair the wrong way round": b'{"a":"\\udc00\\ud800"}',
    "half a surrogate pair in a key": b'{"\\ud800":1}',
    "one key twice": b'{"id":"1","id":"2"}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":-Infinity}',
    "a number beyond a double": b'{"a":1e400}',
    "a number with 10,000 digits": b'{"a":' + b"9" * 10_000 + b"}",
    "an integer beyond 2^53": b'{"a":9007199254740993}',
    "100,000 arrays": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "30,000 objects": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "20,000 keys": json.dumps({f"k{n}": n for n in range(20_000)}).encode()[:262_144],
    "a very long key": b'{"' + b"k" * 200_000 + b'":1}',
    "a body over the limit": b'{"a":"' + b"x" * 300_000 + b'"}',
    "a prototype": b'{"__proto__":{"admin":true},"constructor":{},"__class__":1}',
    "a control character": b'{"a":"\x07"}',
}
"""Bodies that are hostile wherever they are sent."""

VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "minus one": -1,
    "a fraction": 1.5,
    "a large number": 2**53 - 1,
    "nothing": "",
    "a space": " ",
    "a word": "drop table family",
    "a quote": "'\"\\;--",
    "an empty list": [],
    "a list of everything": [None, True, 1, "x", {}, []],
    "an empty object": {},
    "an object": {"id": {"id": {"id": 1}}},
    "20,000 characters and one": "x" * 20_001,
    "emoji": "\N{FAMILY}" * 50,
    "turned writing": "\u202egal\u2066",
    "a day that is none": "2026-02-30",
    "the year 0": "0000-00-00",
    "the year 9999": "9999-12-31",
    "an instant without offset": "2026-03-02T10:00:00",
    "an instant with leap second": "2026-06-30T23:59:60Z",
    "an offset of two days": "2026-03-02T10:00:00+48:00",
    "no UUID": "00000000-0000-0000-0000-00000000000g",
    "the UUID of nobody": "00000000-0000-0000-0000-000000000000",
    "full-width digits": "\uff11\uff17\uff18\uff15\uff19\uff10\uff15\uff18\uff12\uff11\uff13",
}
"""What can stand in the place of any value."""


def hostile(example: dict[str, Any], names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Named hostile bodies for an operation.

    Args:
        example: A body that the operation takes.
        names: The members that it knows.
    """
    yield from BODIES.items()
    for what, value in VALUES.items():
        yield f"{what} everywhere", _written(dict.fromkeys(names, value))
        for name in names:
            yield f"{what} as {name}", _written(example | {name: value})
    for name in names:
        yield f"nothing as {name}", _written({k: v for k, v in example.items() if k != name})
    yield "an unknown member", _written(example | {"unknown": 1})


def _written(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
