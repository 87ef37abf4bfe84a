"""Puts another thing in a name's place for a while."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any


def swap(stack: ExitStack, owner: Any, name: str, other: object) -> None:
    """Put *other* in the place of *owner*'s *name*, until the stack is left."""
    before = getattr(owner, name)
    setattr(owner, name, other)
    stack.callback(setattr, owner, name, before)


def swap_item(stack: ExitStack, table: Any, key: object, other: object) -> None:
    """Put *other* in the place of what *table* has under *key*, until the stack is left."""
    before = table[key]
    table[key] = other
    stack.callback(table.__setitem__, key, before)
