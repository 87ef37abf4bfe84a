"""A shorter script that still fails: events are dropped while the violation stays.

Sources: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, TSE 2002 (ddmin).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shrink(
    events: Sequence[T], still_fails: Callable[[Sequence[T]], bool], most: int = 400
) -> list[T]:
    """The shortest script found with at most *most* tries, of those for which *still_fails*."""
    kept, parts, tries = list(events), 2, 0
    while len(kept) > 1 and tries < most:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            tries += 1
            fewer = kept[:start] + kept[start + size :]
            if fewer and still_fails(fewer):
                kept, parts = fewer, max(parts - 1, 2)
                break
            if tries >= most:
                return kept
        else:
            if size == 1:
                return kept
            parts = min(parts * 2, len(kept))
    return kept
