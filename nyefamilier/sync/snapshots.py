"""A family told anew, in parts that are the same however often they are asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from nyefamilier.wire.limits import PART_BYTES


class Sized(Protocol):
    """Something that takes room in an answer."""

    @property
    def size(self) -> int:
        """About how many bytes it takes."""


One = TypeVar("One", bound=Sized)


def parts_of(records: Iterable[One]) -> Sequence[list[One]]:
    """The records in parts of about `PART_BYTES`; one part at least, and none is empty otherwise.

    It follows from the records alone, so a phone that has three parts of a revision can ask for
    the fourth.
    """
    parts: list[list[One]] = [[]]
    room = PART_BYTES
    for one in records:
        if parts[-1] and one.size > room:
            parts.append([])
            room = PART_BYTES
        parts[-1].append(one)
        room -= one.size
    return parts
