"""Has at hand the records that many mutations are about, asked for at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.door.merging import REFERENCES
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.families.holding import foresee_records
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.tables import NeedRow, ReviewRow
from nyefamilier.offers.service import foresee_enrolments
from nyefamilier.storage.base import FamilyRecord
from nyefamilier.storage.work import Work
from nyefamilier.visits.intents import BookVisit, RecordVisit
from nyefamilier.visits.tables import VisitRow

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
    wanted: dict[type[FamilyRecord], set[UUID]] = defaultdict(set)
    visited: set[UUID] = set()
    for mutation in mutations:
        for one in mutation.operations:
            for kind, record_id in _named(one):
                wanted[kind].add(record_id)
            if isinstance(one, BookVisit | RecordVisit):
                visited.add(mutation.family_id)
    for kind, ids in wanted.items():
        foresee_records(work, kind, ids)
    if visited:
        foresee_enrolments(work, visited)


def _named(operation: Operation) -> Iterator[_Named]:
    for fields in (REFERENCES, MAKES):
        for name, kind in fields.get(type(operation), {}).items():
            record_id = getattr(operation, name)
            if record_id is not None:
                yield kind, record_id
