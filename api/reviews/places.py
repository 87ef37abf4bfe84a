"""Where a page of the inbox goes on: the place of the last item of the page before, as a cursor."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from api.paging import Key, key_after, refused_cursor
from nyefamilier.door.reviews import Place, Review

_REVS: Final = 2**63
"""No revision is that large, and the database has no such numbers."""


def key_of(review: Review) -> Key:
    """The item's place, as the cursor holds it."""
    opened_at, rev, id_ = review.place
    return opened_at.isoformat(), str(rev), str(id_)


def place_after(cursor: str | None) -> Place | None:
    """The place after which the page begins; None for the first page.

    Raises:
        Malformed: ``cursor``.
    """
    key = key_after(cursor, 3)
    try:
        return None if key is None else _place(*key)
    except (ValueError, OverflowError):
        raise refused_cursor() from None


def _place(opened_at: str, rev: str, id_: str) -> Place:
    since = datetime.fromisoformat(opened_at)
    if since.tzinfo is None or not 0 <= int(rev) < _REVS:
        raise ValueError(opened_at, rev)
    return since, int(rev), UUID(id_)
