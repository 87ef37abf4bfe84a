"""Pages of a list: a limit, an opaque cursor, and the address of the next page.

A cursor is the sort key of the last item, so a page neither skips nor repeats an item when others
are added. It is not signed: it says where to go on, not what one may see.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from api.fields import QueryWhole, Schema, Text
from nyefamilier.kernel.errors import Malformed

Item = TypeVar("Item")
Key = tuple[str, ...]

MOST, USUAL = 100, 25


class PageQuery(Schema):
    """The query parameters of a list."""

    limit = QueryWhole(1, MOST, load_default=USUAL)
    cursor = Text(
        400,
        min_chars=0,
        load_default=None,
        metadata={
            "pattern": "^[A-Za-z0-9_-]*$",
            "description": "Where to go on: take it from `next`, do not make one.",
        },
    )


@dataclass(frozen=True, slots=True)
class Page:
    """What a route answers with: dump it by a schema with ``items`` and ``next``."""

    items: Sequence[Any]
    next: str | None


def key_after(cursor: str | None, length: int) -> Key | None:
    """The sort key after which the page begins; None for the first page.

    Args:
        cursor: The query parameter.
        length: How many parts the key has.

    Raises:
        Malformed: it is not a cursor that we gave.
    """
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(map(_is_part, key)):
        raise refused_cursor()
    return tuple(key)


def refused_cursor() -> Malformed:
    """What a cursor is answered with that is not one that we gave."""
    return Malformed("cursor", "The cursor is not one that we gave. Begin without it.")


def page_of(items: Sequence[Item], limit: int, key: Callable[[Item], Key]) -> Page:
    """The page of a query for *limit* items. After a full page there may be more, or none.

    One item more would tell which, and would stand in the access log as read by somebody to whom
    it was never shown.
    """
    if len(items) < limit:
        return Page(items, None)
    packed = json.dumps(key(items[-1]), separators=(",", ":")).encode()
    cursor = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    arguments = {**request.args.to_dict(), "limit": str(limit), "cursor": cursor}
    query = urlencode(sorted(arguments.items()))
    return Page(items, f"{request.path}?{query}")


def _is_part(part: object) -> bool:
    return isinstance(part, str) and len(part) <= 100 and part.isprintable()
