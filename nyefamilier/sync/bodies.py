"""A sync request's body: whole, unpacked within its limit, and JSON that reads in one way only.

Everything is checked before a use case sees a byte. Memory is bounded by the limits, whatever a
body unpacks to or however deep it is nested.

Sources: RFC 9530 (Content-Digest); RFC 1952 (gzip); RFC 7493 (I-JSON: UTF-8, no key twice).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any, Final, cast

import msgspec

from nyefamilier.kernel.errors import Malformed, TooLarge
from nyefamilier.wire.digests import is_whole, told_digest
from nyefamilier.wire.limits import DEPTH, UNPACKED_TO_PACKED

_GZIP: Final = 16 + zlib.MAX_WBITS
_NESTING: Final = (dict, list)
"""What the decoder makes of objects and lists; never a kind of them."""


def check_digest(packed: bytes, header: str | None) -> None:
    """Refuse a body that is not the one that was sent.

    Args:
        packed: The body as it travelled.
        header: ``Content-Digest``, if it came.

    Raises:
        Malformed: ``content-digest-missing``; ``content-digest``: another body, or a cut-off one.
    """
    told = None if header is None else told_digest(header)
    if told is None:
        raise Malformed(
            "content-digest-missing",
            "Send `Content-Digest: sha-256=:...:` over the body as it travels (RFC 9530).",
        )
    if not is_whole(packed, told):
        raise Malformed(
            "content-digest", "The body is not the one that was sent; it was cut off or changed."
        )


def unpack(packed: bytes, most: int) -> bytes:
    """The content of a gzip body.

    Raises:
        TooLarge: ``too-large``: over *most* bytes; ``unpacks-too-far``: over the ratio.
        Malformed: ``malformed-gzip``.
    """
    unpacker = zlib.decompressobj(_GZIP)
    allowed = min(most, len(packed) * UNPACKED_TO_PACKED)
    try:
        # One byte more than is allowed tells a body that ends there from one that goes on.
        content = unpacker.decompress(packed, allowed + 1)
    except zlib.error:
        raise _malformed_gzip() from None
    if len(content) > allowed:
        raise _too_far(most, allowed)
    if not unpacker.eof or unpacker.unused_data:
        raise _malformed_gzip()
    return content


def check_json(body: bytes) -> None:
    """Refuse a body that two readers could understand differently, or that is nested too deep.

    Raises:
        Malformed: ``malformed-json``.
    """
    try:
        body.decode("utf-8")
        value = msgspec.json.decode(body)
        if not isinstance(value, dict):
            raise malformed("The body must be a JSON object: {...}.")
        # A body that equals what we would write of it holds no key twice: one of them would be
        # gone. Any other way of writing is looked through key by key, which takes longer.
        if msgspec.json.encode(value) != body:
            json.loads(body, object_pairs_hook=_unique)
        _check_depth(value)
    except UnicodeDecodeError as broken:
        raise malformed(f"Byte {broken.start} is not UTF-8.") from None
    except RecursionError:
        raise malformed(f"The body is nested deeper than {DEPTH} levels.") from None
    except (msgspec.DecodeError, ValueError):
        raise malformed("The body is not JSON.") from None


def malformed(detail: str, pointer: str | None = None) -> Malformed:
    """The refusal of a body that is no JSON of ours."""
    return Malformed("malformed-json", detail, pointer=pointer)


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise malformed("The same key stands twice in one object.")
    return found


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(DEPTH):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return
    raise malformed(f"The body is nested deeper than {DEPTH} levels.")


def _within(value: object) -> Iterable[object]:
    """The objects and lists right below *value*."""
    below = value.values() if isinstance(value, dict) else value
    return [one for one in cast("Iterable[object]", below) if type(one) in _NESTING]


def _too_far(most: int, allowed: int) -> TooLarge:
    if allowed == most:
        return TooLarge("too-large", f"The body unpacks to more than {most} bytes. Send less.")
    return TooLarge(
        "unpacks-too-far",
        f"The body unpacks to more than {UNPACKED_TO_PACKED} times its length. Send it unpacked.",
    )


def _malformed_gzip() -> Malformed:
    return Malformed("malformed-gzip", "The body is not one whole gzip member.")
