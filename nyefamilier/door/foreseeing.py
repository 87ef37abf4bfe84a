"""Has at hand the records that many mutations are about, asked for at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.door.merging import REFERENCES
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.families.holding import foresee_made, foresee_named
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.tables import NeedRow, ReviewRow
from nyefamilier.offers.service import foresee_enrolments
from nyefamilier.storage.base import FamilyRecord
from nyefamilier.storage.work import Work
from nyefamilier.visits.intents import BookVisit, RecordVisit
from nyefamilier.visits.tables import VisitRow

_Fields: TypeAlias = Mapping[type[Operation], Mapping[str, type[FamilyRecord]]]
_Named: TypeAlias = tuple[type[FamilyRecord], UUID]

MAKES: Final[dict[type[Operation], dict[str, type[FamilyRecord]]]] = {
    WriteNote: {"note_id": NoteRow},
    CorrectNote: {"note_id": NoteRow},
    StateNeed: {"need_id": NeedRow},
    ReviewNeed: {"review_id": ReviewRow},
    CloseNeed: {"review_id": ReviewRow},
    BookVisit: {"visit_id": VisitRow},
    RecordVisit: {"visit_id": VisitRow},
}
"""The records that an operation makes, if they are not here already."""


def foresee(work: Work, mutations: Iterable[Mutation]) -> None:
    """Have at hand what some mutations name. Their families are held."""
    spoken_of: set[_Named] = set()
    made: set[_Named] = set()
    visited: set[UUID] = set()
    for mutation in mutations:
        for one in mutation.operations:
            spoken_of.update(_named(one, REFERENCES))
            made.update(_named(one, MAKES))
            if isinstance(one, BookVisit | RecordVisit):
                visited.add(mutation.family_id)
    foresee_made(work, made - spoken_of)
    foresee_named(work, spoken_of)
    if visited:
        foresee_enrolments(work, visited)


def _named(operation: Operation, fields: _Fields) -> Iterator[_Named]:
    for name, kind in fields.get(type(operation), {}).items():
        record_id = getattr(operation, name)
        if record_id is not None:
            yield kind, record_id
