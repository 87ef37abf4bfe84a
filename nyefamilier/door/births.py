"""Whether two tellings of a birth tell of the same children. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import permutations
from uuid import UUID


@dataclass(frozen=True, slots=True, repr=False)
class Child:
    """A child as somebody told of it; without a name yet, perhaps."""

    id: UUID
    name: str = ""
    national_id: str | None = None
    stillborn: bool = False


def matched(here: Sequence[Child], told: Sequence[Child]) -> list[tuple[Child, Child]] | None:
    """Each child that is here with the one that was told, if they are the same children for sure.

    None where they differ in number, where a child that was told fits none that is here, and where
    twins could be taken for each other.
    """
    if len(here) != len(told):
        return None
    both = {one.id for one in here} & {one.id for one in told}
    ways = [
        list(zip(here, order, strict=True))
        for order in permutations(told)
        if all(_fits(one, other, both) for one, other in zip(here, order, strict=True))
    ]
    return ways[0] if len(ways) == 1 else None


def _fits(one: Child, other: Child, both: AbstractSet[UUID]) -> bool:
    """Whether nothing that both say of the child differs. *both*: ids that both sides know."""
    if one.id != other.id and not both.isdisjoint({one.id, other.id}):
        return False
    if one.stillborn != other.stillborn:
        return False
    numbers = _number(one), _number(other)
    if all(numbers):
        return numbers[0] == numbers[1]
    names = _name(one), _name(other)
    return not all(names) or names[0] == names[1]


def _number(child: Child) -> str:
    return "".join(filter(str.isalnum, child.national_id or ""))


def _name(child: Child) -> str:
    return " ".join(unicodedata.normalize("NFC", child.name).casefold().split())
