"""The one JSON decoder of request bodies. What it lets through holds no surprise.

UTF-8 without a byte order mark, an object at the root, at most eight levels deep, no key twice, no
NaN or Infinity, no number that a JavaScript client would have rounded, no NUL and no half of a
surrogate pair. Duplicate keys and lone surrogates are legal JSON that two readers understand
differently; the rest takes a server down or into a 500.

Sources: RFC 8259 section 4 and 8; RFC 7493 (I-JSON); OWASP ASVS 5.0, 1.5.2 and 1.5.3.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, TypeAlias

from nyefamilier.kernel.errors import Malformed

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

DEEPEST = 8
LARGEST_INTEGER = 2**53 - 1

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(body: bytes) -> dict[str, Json]:
    """The object that the body holds.

    Raises:
        Malformed: it is not JSON, or is JSON that we do not take; ``pointer`` says where.
    """
    text = _text_of(body)
    _refuse_depth(text)
    root = _resolved(_parsed(text), "")
    if not isinstance(root, dict):
        raise _malformed("The body must be a JSON object: {...}.", "")
    return root


class _Members(list[tuple[str, Any]]):
    """An object's members as they were written, duplicates included."""


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _text_of(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise _malformed("The body begins with a byte order mark. Send UTF-8 without one.", "")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise _malformed(f"Byte {broken.start} is not UTF-8.", "") from None


def _refuse_depth(text: str) -> None:
    # Before parsing: the parser itself is recursive.
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise _malformed(f"The body is nested deeper than {DEEPEST} levels.", "")


def _parsed(text: str) -> Any:  # noqa: ANN401 - what it is, `_resolved` finds out
    try:
        return json.loads(
            text,
            object_pairs_hook=_Members,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except json.JSONDecodeError as broken:
        where = f"line {broken.lineno}, column {broken.colno}"
        raise _malformed(f"The body is not JSON from {where} on.", "") from None


def _resolved(value: Any, pointer: str) -> Json:  # noqa: ANN401
    match value:
        case _Members():
            return _object(value, pointer)
        case list():
            return [_resolved(item, f"{pointer}/{i}") for i, item in enumerate(value)]
        case _Number():
            return _number(value, pointer)
        case str():
            return _string(value, pointer)
        case _:
            return value  # type: ignore[no-any-return]  # true, false or null


def _object(members: _Members, pointer: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in members:
        _string(key, pointer)
        here = f"{pointer}/{escaped(key)}"
        if key in found:
            raise _malformed("The same key stands twice in one object.", here)
        found[key] = _resolved(value, here)
    return found


def _number(written: _Number, pointer: str) -> int | float:
    if written.lstrip("-").isdigit():
        # Python refuses to read more than 4,300 digits, and we need not try.
        if len(written) > 17 or abs(int(written)) > LARGEST_INTEGER:
            raise _malformed("The integer is outside ±(2^53 - 1).", pointer)
        return int(written)
    number = float(written)
    if not math.isfinite(number):
        raise _malformed("The number is not finite, or too large for a double.", pointer)
    return number


def _string(text: str, pointer: str) -> str:
    if "\x00" in text:
        raise _malformed("Text may not hold the character NUL.", pointer)
    if _SURROGATE.search(text):
        raise _malformed("Text holds half of a surrogate pair.", pointer)
    return text


def escaped(key: str) -> str:
    """The key as a part of a JSON pointer (RFC 6901 section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _malformed(detail: str, pointer: str) -> Malformed:
    return Malformed("malformed-json", detail, pointer=pointer)
