"""What is known of the people in a batch of rows.

The database is asked once for the batch; what the batch's own rows add is noted here. A dry run
keeps what it noted for the whole file, since nothing of it will ever be in the database: some
hundred bytes for each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.door.mutations import Mutation
from nyefamilier.families.national_ids import NationalId
from nyefamilier.families.states import Outcome
from nyefamilier.intake.meaning import PREGNANCY, Ids
from nyefamilier.intake.rows import Birth, Referral, Row
from nyefamilier.intake.store import Known, Pregnancy

DELIVERED: Final = frozenset({Outcome.BORN, Outcome.STILLBORN})

Digests: TypeAlias = Mapping[NationalId, bytes]
"""People's blind indexes."""


@dataclass(slots=True)
class Noted:
    """What rows have added: families by the blind index of a person in them, and mutations."""

    people: dict[bytes, Sequence[Known]] = field(default_factory=dict)
    mutations: set[UUID] = field(default_factory=set)

    def update(self, later: Noted) -> None:
        """Note all that was noted *later*."""
        self.people.update(later.people)
        self.mutations.update(later.mutations)


@dataclass(slots=True)
class Register:
    """What the database knows, what a dry run pretends, and what this batch has noted."""

    stored: Mapping[bytes, Sequence[Known]]
    taken_in: AbstractSet[UUID]
    pretended: Noted = field(default_factory=Noted)
    noted: Noted = field(default_factory=Noted)

    def has(self, mutation_id: UUID) -> bool:
        """Whether a mutation has been taken in."""
        mutations = (self.taken_in, self.pretended.mutations, self.noted.mutations)
        return any(mutation_id in one for one in mutations)

    def of(self, digest: bytes) -> Sequence[Known]:
        """The families that a person is in."""
        for people in (self.noted.people, self.pretended.people, self.stored):
            if digest in people:
                return people[digest]
        return ()

    def note(self, row: Row, ids: Ids, mutation: Mutation, digests: Digests) -> None:
        """Note what *mutation*, which *row* meant, has changed."""
        if not people_of(row):
            self.noted.mutations.add(mutation.id)
        if isinstance(row, Referral):
            self._expecting(row, ids, mutation, digests)
        else:
            self._delivered(row, mutation, digests)

    def _expecting(self, row: Referral, ids: Ids, mutation: Mutation, digests: Digests) -> None:
        known = Known(
            mutation.family_id, Pregnancy(ids.named(PREGNANCY), row.term, Outcome.EXPECTED)
        )
        for parent in people_of(row):
            digest = digests[parent]
            self.noted.people[digest] = (*self.of(digest), known)

    def _delivered(self, row: Birth, mutation: Mutation, digests: Digests) -> None:
        families = self.of(digests[row.mother])
        then = tuple(_after(row, one, mutation.family_id) for one in families)
        for person in people_of(row):
            self.noted.people[digests[person]] = then


def _after(row: Birth, one: Known, family_id: UUID) -> Known:
    pregnancy = one.pregnancy
    if one.family_id != family_id or pregnancy is None or pregnancy.outcome != Outcome.EXPECTED:
        return one
    living = not all(child.stillborn for child in row.children)
    outcome = Outcome.BORN if living else Outcome.STILLBORN
    return Known(family_id, pregnancy._replace(outcome=outcome, ended_on=row.born_on))


def people_of(row: Row) -> list[NationalId]:
    """The people in a row who have a national id."""
    if isinstance(row, Referral):
        parents = (row.mother, row.other)
        return [one.national_id for one in parents if one and one.national_id]
    return [row.mother, *(one.national_id for one in row.children if one.national_id)]
