"""Lets a refusal point into the request, where the use case knew only its intent."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from flask import request

from nyefamilier.kernel.errors import Refusal

Moved: TypeAlias = Mapping[str, str]
"""Where a pointer begins in the intent, and where that part stands in the request."""


@contextmanager
def pointing(moved: Moved) -> Generator[None]:
    """Let what is refused here point into the request.

    What stands in the address needs no pointer, and none is left to it.
    """
    try:
        yield
    except Refusal as refusal:
        refusal.pointer = _moved(refusal.pointer, moved)
        raise


def _moved(pointer: str | None, moved: Moved) -> str | None:
    if pointer is None or pointer.removeprefix("/") in (request.view_args or {}):
        return None
    for before, after in moved.items():
        if f"{pointer}/".startswith(f"{before}/"):
            return after + pointer[len(before) :]
    return pointer
