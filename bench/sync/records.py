"""What phones write: notes, visits and needs of about 1 KB each, as the product has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any
from uuid import UUID

FAMILIES = 60
"""On one phone."""
RECORDS = 50
"""Of one family."""
_TEXT = """
    barnet ammer hver tredje time mor sover lite far er hjemme vekt lengde følger kurven
    snakket om søvn amming og ro neste besøk er avtalt tolk var til stede på skjerm
"""
WORDS = _TEXT.split()


@dataclass(frozen=True, slots=True)
class Home:
    """A family, and the member whom a nurse writes about."""

    family: UUID
    member: UUID


@dataclass(frozen=True, slots=True)
class Written:
    """One thing that a nurse meant; the record that it makes has the same id."""

    id: UUID
    family: UUID
    type: str
    at: datetime
    operation: dict[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """As it travels, but for what a protocol adds."""
        return {
            "id": self.id,
            "type": self.type,
            "family": self.family,
            "base_rev": 1,
            "occurred_at": self.at,
            "ops": [self.operation],
        }


@dataclass
class Writer:
    """Writes about some families in turn, the same whenever it has the same seed."""

    homes: list[Home]
    now: datetime
    seed: int = 1
    _random: Random = field(init=False)
    _turns: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - repeats itself by its seed
        self._turns = count()

    def write(self, number: int, families: int | None = None) -> list[Written]:
        """So many things, spread over the first so many of the families."""
        homes = self.homes[:families]
        return [self._one(homes[turn % len(homes)], turn) for turn in islice(self._turns, number)]

    def _one(self, home: Home, turn: int) -> Written:
        """Of ten, six are notes, two visits, two needs; a family gets each in its turn."""
        kind = (turn + turn // 60) % 10
        make = self._note if kind < 6 else self._visit if kind < 8 else self._need
        id_ = UUID(int=self._random.getrandbits(128), version=4)
        operation = make(id_, home.member)
        return Written(id_, home.family, str(operation["op"]), self._at(), operation)

    def _note(self, id_: UUID, member: UUID) -> dict[str, Any]:
        return {"op": "note.write", "note_id": id_, "member_id": member, "text": self._text(600)}

    def _visit(self, id_: UUID, _member: UUID) -> dict[str, Any]:
        return {
            "op": "visit.record",
            "visit_id": id_,
            "outcome": "done",
            "at": self._at(),
            "minutes": self._random.randint(30, 90),
            "interpreter": {
                "category": "ukvalifisert",
                "language": "somali",
                "why_unqualified": self._text(450),
            },
        }

    def _need(self, id_: UUID, member: UUID) -> dict[str, Any]:
        return {
            "op": "need.state",
            "need_id": id_,
            "stated_by": member,
            "words": self._text(350),
            "wish": self._text(200),
        }

    def _at(self) -> datetime:
        return self.now - timedelta(minutes=self._random.randint(1, 30))

    def _text(self, length: int) -> str:
        return " ".join(self._random.choices(WORDS, k=length // 4))[:length]


def homes(number: int, seed: int) -> list[Home]:
    """So many families that are nobody's, for servers that do not know what a family is."""
    random = Random(seed)  # noqa: S311 - repeats itself by its seed
    ids = (UUID(int=random.getrandbits(128), version=4) for _ in range(2 * number))
    return [Home(family, next(ids)) for family in ids]
