"""Families whose names, numbers, addresses and words can be searched for in a dump and in logs.

If one of these words is ever found outside a sealed cell, something leaks. Half of the names and
words have letters that UTF-8 and UTF-16 write with more than one byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from nyefamilier.demo.crew import Crew
from nyefamilier.demo.stories import Scene, Story, story_id
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import (
    MoveFamily,
    NewAddress,
    NewMember,
    RegisterFamily,
    RegisterPregnancy,
)
from nyefamilier.families.national_ids import synthetic
from nyefamilier.families.states import MemberRole
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import BydelNumber, FamilyId, MutationId
from nyefamilier.needs.intents import StateNeed
from nyefamilier.visits.intents import Outcome, RecordVisit

FAMILIES = 25
STOVNER, VESTLI, ROMMEN = BydelNumber("11"), "0301111101", "0301111103"
_BORN = date(1994, 5, 17)
_PLAIN = "bcdfghjklmnpqrstvwxz"
_WITH_NORWEGIAN = _PLAIN + "æøå"


@dataclass(frozen=True, slots=True)
class Planted:
    """The families' stories, and what to search for, by kind: eight words of each family."""

    stories: list[Story]
    words: dict[str, list[str]]


@dataclass(slots=True)
class _Notebook:
    """Makes words up and writes them down."""

    rng: Random
    words: dict[str, list[str]]

    def name(self) -> str:
        return self._down("name", f"Kanari {self._letters().title()}")

    def word(self, kind: str) -> str:
        return self._down(kind, f"kanari{self._letters()}")

    def national_id(self) -> str:
        return self._down("national id", synthetic(_BORN, self.rng).digits)

    def address(self, delbydel: str, at: datetime) -> NewAddress:
        lines = self._down("address", f"Kanarigata {self._letters()} 7")
        return NewAddress(story_id(at, self.rng), delbydel, day_of(at), lines=lines)

    def _down(self, kind: str, text: str) -> str:
        self.words.setdefault(kind, []).append(text)
        return text

    def _letters(self) -> str:
        return "".join(self.rng.choices(self.rng.choice((_PLAIN, _WITH_NORWEGIAN)), k=12))


def canaries(crew: Crew, seed: int, now: datetime) -> Planted:
    """Families with 200 words that nobody would write: names, numbers, addresses, notes, needs."""
    words: dict[str, list[str]] = {}
    each = [_Notebook(Random(f"{seed}/canary/{number}"), words) for number in range(FAMILIES)]
    return Planted([_story(notebook, crew, now) for notebook in each], words)


def _story(notebook: _Notebook, crew: Crew, now: datetime) -> Story:
    rng, at = notebook.rng, now - timedelta(days=3)
    family_id = FamilyId(story_id(at, rng))
    scene_id = MutationId(story_id(at, rng))
    told = tuple(_told(notebook, at))
    return Story(family_id, (Scene(scene_id, at, crew.nurse(STOVNER, 1), told),))


def _told(notebook: _Notebook, at: datetime) -> list[Operation]:
    rng = notebook.rng
    mother, father, visit = (story_id(at, rng) for _ in range(3))
    members = tuple(
        NewMember(one, role, notebook.name(), notebook.national_id())
        for one, role in ((mother, MemberRole.MOTHER), (father, MemberRole.FATHER))
    )
    note, need = notebook.word("note"), notebook.word("need")
    return [
        RegisterFamily(members, notebook.address(VESTLI, at)),
        RegisterPregnancy(story_id(at, rng), day_of(at) + timedelta(weeks=9)),
        RecordVisit(visit, Outcome.DONE, at - timedelta(hours=2), 60),
        WriteNote(story_id(at, rng), mother, f"Vi snakket om {note} i dag.", visit_id=visit),
        StateNeed(story_id(at, rng), mother, f"Mer {need}, mindre støy", need, visit_id=visit),
        MoveFamily(story_id(at, rng), notebook.address(ROMMEN, at), summary=f"Om {note}."),
    ]
