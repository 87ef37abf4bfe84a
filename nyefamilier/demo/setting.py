"""What a story knows while it is told: the family and whoever follows it; a pregnancy's records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import TypeAlias
from uuid import UUID

from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import Life
from nyefamilier.demo.people import Household
from nyefamilier.demo.stories import story_id
from nyefamilier.demo.words import Names
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import NewChild
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.ids import BydelNumber, FamilyId

Act: TypeAlias = Callable[[datetime], list[Operation]]
"""What is done at an instant; an empty list is nothing."""
Beat: TypeAlias = tuple[date, int, Act]
"""Something that happens: its day, its place among the others of that day, and what is done."""


@dataclass(slots=True)
class Setting:
    """The family as it is at this point of the story.

    Args:
        actor: Who does the present scene, where it is not the family's nurse.
    """

    crew: Crew
    rng: Random
    family_id: FamilyId
    home: Household
    bydel: BydelNumber
    nurse: Actor
    protected: bool
    actor: Actor | None = None

    def id(self, at: datetime) -> UUID:
        """A new record's id."""
        return story_id(at, self.rng)

    def acting(self) -> Actor:
        """Who does the present scene."""
        return self.actor or self.nurse

    def colleague(self) -> Actor:
        """Another nurse of the same bydel."""
        there = [self.crew.nurse(self.bydel, seat) for seat in (1, 2, 3)]
        return self.rng.choice([one for one in there if one.id != self.nurse.id])


@dataclass(slots=True)
class Chapter:
    """One pregnancy of the family, and what has been told of it.

    Args:
        need: The parents' open need, if there is one.
        agreed: The ids of visits agreed on, by the number of the visit.
        to_correct: A note that the nurse will find a mistake in.
    """

    life: Life
    pregnancy: UUID
    offer: UUID
    children: tuple[NewChild, ...] = ()
    need: UUID | None = None
    agreed: dict[int, UUID] = field(default_factory=dict)
    to_correct: UUID | None = None

    @property
    def is_born_before_known(self) -> bool:
        """Whether the family became known with the child in its arms."""
        return self.life.born <= self.life.identified


def names_in(setting: Setting, chapter: Chapter) -> Names:
    """Whom a note of the family is about, by the nouns and adjectives that are their names."""
    partner, children = setting.home.partner, chapter.children
    return Names(
        mother=setting.home.mother.name.split()[0],
        partner=None if partner is None else partner.name.split()[0],
        child=(children[0].name or "").split()[-1] if children else None,
    )
